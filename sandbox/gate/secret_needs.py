"""
The permissions that reading a secret or a parameter needs: no role of this project has them.

They are judged all the same, so that a policy that lets them in is seen to.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

# What the secret or the parameter is tagged with, and how it is stored, is not looked up.
_OF_SECRET = ("secretsmanager:*",)
_OF_PARAMETER = ("ssm:*",)


def secret(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the secret, whose ARN ends in six characters that AWS has chosen.
    """
    del lookup
    name = call.parameters["SecretId"]
    arn = name if name.startswith("arn:") else place.arn("secretsmanager", f"secret:{name}-??????")
    yield Need(action=call.action, resource=arn, unknown=_OF_SECRET)


def parameters(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on each of the parameters, or on the path.
    """
    del lookup
    given = call.parameters
    for name in given.get("Names") or [given.get("Name") or given["Path"]]:
        known = name.startswith("arn:")
        arn = name if known else place.arn("ssm", f"parameter/{name.removeprefix('/')}")
        yield Need(action=call.action, resource=arn, unknown=_OF_PARAMETER)
