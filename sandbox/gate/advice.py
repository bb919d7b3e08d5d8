"""
What the gate refuses, for those who grow a policy: with the statement that would let it in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.workflow.call_refusal import ASKED_BY

from .fault import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.evaluation import PolicyKind

    from .judge import Judgement
    from .web_token import WebToken

# The keys that a narrow statement asks for, as far as the gate fills them.
_ASKED_BY = {
    **ASKED_BY,
    "ecs:cluster": "ArnEquals",
    "iam:AWSServiceName": "StringEquals",
    "kms:ViaService": "StringEquals",
    "s3:prefix": "StringLike",
}
_PLACES: dict[PolicyKind, str] = {
    "identity": "a policy of the role {role}",
    "boundary": "the permissions boundary of the role {role}",
    "session": "the session policy",
}
# What has a policy of its own, by the service of its ARN.
_OWNERS = {"ecr": "repository", "iam": "role", "kms": "key", "s3": "bucket"}


def advise(found: Judgement) -> Advice:
    """
    Return what would let in a need that is not allowed.

    Where a policy denies it, or where it is not known what a policy says, no statement helps.
    """
    said = found.refused().message
    if found.denies or not found.is_denied:
        return Advice(refused=said)
    kind, role = found.missing, found.session.role_arn
    if kind == "resource":
        return Advice(refused=said, place=_place(found), statement=_statement(found, {"AWS": role}))
    place = _PLACES[kind].format(role=role.rpartition("/")[2])
    return Advice(refused=said, place=place, statement=_statement(found))


def advise_to_trust(message: str, role: str, provider: str, token: WebToken) -> Advice:
    """
    Return what would let in a token that the trust policy of *role* keeps out.
    """
    said = {f"{token.host}:{key}": str(token.claims.get(key)) for key in ("aud", "sub")}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": WEB_IDENTITY,
        "Condition": {"StringEquals": said},
    }
    place = f"the trust policy of the role {role.rpartition('/')[2]}"
    return Advice(refused=f"{message} {role}", place=place, statement=json.dumps(statement))


def _place(found: Judgement) -> str:
    arn = Arn.parse(found.need.resource)
    if arn is None:
        return "the policy of the resource"
    if arn.service == "iam":
        return f"the trust policy of the role {arn.name}"
    name = arn.resource.partition("/")[0] if arn.service == "s3" else arn.resource_id
    return f"the policy of the {_OWNERS.get(arn.service, 'resource')} {name}"


def _statement(found: Judgement, principal: Mapping[str, str] | None = None) -> str:
    """
    Write the statement; in the policy of a repository or a role it is about that one alone.
    """
    need = found.need
    conditions: dict[str, dict[str, object]] = {}
    for key, operator in _ASKED_BY.items():
        if key in need.context:
            conditions.setdefault(operator, {})[key] = need.context[key]
    names_itself = principal and need.action.startswith(("ecr:", "sts:"))
    statement: dict[str, object] = {
        "Effect": "Allow",
        **({"Principal": principal} if principal else {}),
        "Action": need.action,
        **({} if names_itself else {"Resource": need.resource}),
        **({"Condition": conditions} if conditions else {}),
    }
    return json.dumps(statement)
