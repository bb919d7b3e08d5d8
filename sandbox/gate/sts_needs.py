"""
The permissions that assuming a role from another one needs.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-know
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

# The tags of the role would have to be read; a policy that asks for one is not judged.
_TAGS = ("iam:ResourceTag/*",)
_KEYS = {
    "ExternalId": "sts:ExternalId",
    "RoleSessionName": "sts:RoleSessionName",
    "SourceIdentity": "sts:SourceIdentity",
}


def assume_role(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the role, and to say who is behind the session, and to tag it.
    """
    del place, lookup
    given = call.parameters
    tags = {one["Key"]: one.get("Value", "") for one in call.members("Tags")}
    context: dict[str, str | tuple[str, ...]] = {
        **{key: given[name] for name, key in _KEYS.items() if name in given},
        **({"aws:TagKeys": tuple(tags)} if tags else {}),
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
    }
    more = {"SetSourceIdentity": "SourceIdentity" in given, "TagSession": bool(tags)}
    for action in ("AssumeRole", *(name for name, asked in more.items() if asked)):
        arn = given["RoleArn"]
        yield Need(action=f"sts:{action}", resource=arn, context=context, unknown=_TAGS)
