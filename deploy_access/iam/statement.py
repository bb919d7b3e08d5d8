"""
Policy statements and documents as plain values.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from deploy_access.argument_types import check_fields
from deploy_access.errors import Problem, reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SID = re.compile(r"[A-Za-z0-9]+")
_ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
_REFERENCE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """
    One statement of a policy.

    Attributes:
        sid: A name for it: letters and digits, unique in its document.
        actions: For example `ecr:PutImage`.
        resources: ARNs, or `*`. Empty only in a policy that is attached to its resource.
        conditions: Operator to key to values, for example
            `{"StringEquals": {"aws:RequestedRegion": ["eu-central-1"]}}`.
        principals: Kind to values, for example `{"AWS": ["arn:aws:iam::1:root"]}`; only in a
            trust or resource policy.
        effect: `Allow` or `Deny`.

    Raises:
        InvalidValue: Something in it that IAM would refuse.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ()
    conditions: Mapping[str, Mapping[str, Sequence[str]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    principals: Mapping[str, Sequence[str]] | None = None
    effect: Literal["Allow", "Deny"] = "Allow"

    def __post_init__(self) -> None:
        check_fields(self)
        reject(_check_statement(self))

    def to_dict(self) -> dict[str, object]:
        """Return the statement as IAM's JSON: sorted, and a single value without a list."""
        found: dict[str, object] = {"Sid": self.sid, "Effect": self.effect}
        if self.principals is not None:
            found["Principal"] = {k: _one_or_many(v) for k, v in sorted(self.principals.items())}
        found["Action"] = _one_or_many(self.actions)
        if self.resources:
            found["Resource"] = _one_or_many(self.resources)
        if self.conditions:
            found["Condition"] = {
                operator: {key: _one_or_many(values) for key, values in sorted(keys.items())}
                for operator, keys in sorted(self.conditions.items())
            }
        return found


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """
    Statements in the order in which they are read.

    Attributes:
        statements: At least one; no two have the same `sid`.

    Raises:
        InvalidValue: There is no statement, or two have one name.
    """

    statements: tuple[Statement, ...]

    def __post_init__(self) -> None:
        reject(_check_document(self.statements))

    def to_dict(self) -> dict[str, object]:
        """Write it as IAM's JSON has it."""
        statements = [statement.to_dict() for statement in self.statements]
        return {"Version": "2012-10-17", "Statement": statements}

    def to_json(self) -> str:
        """Write it canonically: the same document always gives the same text."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def size(self) -> int:
        """
        Its length as IAM counts it: characters that are not white space.

        References that Terraform fills in later count as nothing, so this is a lower bound.
        """
        return policy_size(self.to_json())


def policy_size(text: str) -> int:
    """Count the characters of a policy as IAM does: without white space and references."""
    return len(re.sub(r"\s", "", _REFERENCE.sub("", text)))


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    found = sorted(set(values))
    return found[0] if len(found) == 1 else found


def _check_statement(statement: Statement) -> Iterator[Problem]:
    if not _SID.fullmatch(statement.sid):
        yield Problem(
            what="`sid` names a statement with letters and digits.",
            given=statement.sid,
            why="IAM refuses any other character, and a review needs a name to speak of.",
            fix="For example 'ReadParameters'.",
        )
    yield from _check_lists(statement)
    if not statement.actions:
        yield Problem(
            what=f"Statement {statement.sid!r} has no action.",
            given=statement.actions,
            why="It would allow nothing, and IAM refuses it.",
            fix="Name the actions, for example ['ssm:GetParameter'].",
        )
    yield from _check_actions(statement)
    yield from _check_resources(statement)
    if not statement.resources and statement.principals is None:
        yield Problem(
            what=f"Statement {statement.sid!r} has no resource.",
            given=statement.resources,
            why="IAM refuses an identity policy without one.",
            fix="Name the ARNs, or ['*'] for an action that has no resource of its own.",
        )


def _check_lists(statement: Statement) -> Iterator[Problem]:
    conditions = {
        f"conditions[{operator!r}][{key!r}]": values
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    }
    principals = {f"principals[{k!r}]": v for k, v in (statement.principals or {}).items()}
    lists = {"actions": statement.actions, "resources": statement.resources}
    for name, values in {**lists, **conditions, **principals}.items():
        if isinstance(values, str):
            yield Problem(
                what=f"`{name}` is a list of texts.",
                given=values,
                why="A single text would be read letter by letter.",
                fix=f"Write [{values!r}].",
            )
        elif not values and name not in lists:
            yield Problem(
                what=f"`{name}` of statement {statement.sid!r} is empty.",
                given=values,
                why="A comparison with nothing never holds, so nobody would be allowed anything.",
                fix="Name at least one value, or leave it out.",
            )


def _check_actions(statement: Statement) -> Iterator[Problem]:
    if isinstance(statement.actions, str):
        return
    for action in statement.actions:
        if not _ACTION.fullmatch(action):
            yield Problem(
                what="An action is `service:Name`.",
                given=action,
                why="IAM refuses any other text.",
                fix="Look it up in AWS's Service Authorization Reference.",
            )


def _check_resources(statement: Statement) -> Iterator[Problem]:
    if statement.effect not in {"Allow", "Deny"}:
        yield Problem(
            what="The effect of a statement is 'Allow' or 'Deny'.",
            given=statement.effect,
            why="IAM compares it with case, and refuses any other.",
            fix="Leave it out to allow.",
        )
    known = () if isinstance(statement.resources, str) else statement.resources
    for resource in known:
        if resource != "*" and not resource.startswith(("arn:", "${")):
            yield Problem(
                what="A resource is an ARN, or `*`.",
                given=resource,
                why="IAM refuses a plain name at apply.",
                fix="For example 'arn:aws:s3:::acme-assets/*'.",
            )


def _check_document(statements: Sequence[Statement]) -> Iterator[Problem]:
    sids = [statement.sid for statement in statements]
    if not sids:
        yield Problem(
            what="A policy has at least one statement.",
            given=sids,
            why="IAM refuses an empty one.",
            fix="Leave the policy out, or give it a statement.",
        )
    twice = sorted({sid for sid in sids if sids.count(sid) > 1})
    if twice:
        yield Problem(
            what="Each statement of a policy has a `sid` of its own.",
            given=twice,
            why="IAM refuses a policy in which two are the same.",
            fix="Rename one of them.",
        )
