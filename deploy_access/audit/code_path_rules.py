"""
The rules about a role that runs code as another identity.

A way may take several calls, which may stand in several policies of the role.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.action_table import ActionTable
from deploy_access.audit.code_paths import CODE_PATHS
from deploy_access.audit.finding import finding
from deploy_access.audit.narrowing import may_pass_to
from deploy_access.audit.passed_roles import describe_passed
from deploy_access.audit.reach import TARGETS
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.iam.action_resources import may_take_one
from deploy_access.iam.actions import is_passing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.audit.code_paths import CodePath
    from deploy_access.iam.policy import PolicyStatement
    from deploy_access.terraform.estate import Role, Where

_PASSING = "iam:PassRole"
_TABLE = ActionTable(call for path in CODE_PATHS for group in path.calls for call in group)
_BY_DESIGN = "Keep it to what the deploy is for: who can run this role can do that much."
_HELP = {
    "cluster-host": "Leave it to the role of the cluster's own machines.",
    "ecs-exec": "Leave it to people; a deploy runs a task of its own.",
}


@dataclass(frozen=True, slots=True)
class _Held:
    """A pattern of actions that means a call, and where it stands."""

    where: Where
    statement: PolicyStatement
    pattern: str


def check_code_paths(
    statements: Iterable[tuple[Where, PolicyStatement]], roles: Mapping[str, Role]
) -> Iterator[tuple[Where, DocumentFinding]]:
    """
    Check all statements of a role together.

    Args:
        statements: Those of all its policies, each with its document's place.
        roles: What is known of roles that may be passed, by what a policy calls them.
    """
    calls = _calls_in(statements)
    found: set[str] = set()
    for path in CODE_PATHS if calls else ():
        if path.rule not in found and all(group & calls.keys() for group in path.calls):
            passed = [h for h in calls[_PASSING] if may_pass_to(h.statement, path.passed_to)]
            if passed or not path.passed_to:
                found.add(path.rule)
                yield _passing(path, passed, roles) if path.passed_to else _calling(path, calls)


def _calls_in(
    statements: Iterable[tuple[Where, PolicyStatement]],
) -> defaultdict[str, list[_Held]]:
    calls: defaultdict[str, list[_Held]] = defaultdict(list)
    for where, statement in statements:
        for pattern in statement.actions or () if statement.effect == "Allow" else ():
            for call in _meant(pattern):
                if may_take_one(call, statement.resources or ("*",), TARGETS.get(call, ())):
                    calls[call].append(_Held(where, statement, pattern))
    return calls


def _meant(pattern: str) -> tuple[str, ...]:
    """List the calls of the table that a pattern means, and the passing of a role."""
    return (*((_PASSING,) if is_passing(pattern) else ()), *_TABLE.meant_by(pattern))


def _calling(path: CodePath, calls: Mapping[str, list[_Held]]) -> tuple[Where, DocumentFinding]:
    held_by = next(calls[call][0] for call in sorted(path.calls[-1]) if call in calls)
    found = finding(path.rule, held_by.pattern, path.why, _HELP.get(path.rule, _BY_DESIGN))
    return held_by.where, DocumentFinding(found, _path(held_by.statement), "Action")


def _passing(
    path: CodePath, passed: list[_Held], roles: Mapping[str, Role]
) -> tuple[Where, DocumentFinding]:
    first = passed[0].statement
    names = [one for h in passed for one in h.statement.resources or ()]
    said = describe_passed(dict.fromkeys(names), roles) if names else "all but some."
    key = "Resource" if first.resources else "NotResource"
    values = first.resources or first.not_resources or ("*",)
    found = finding(path.rule, ", ".join(values), f"{path.why}: {said}", _BY_DESIGN)
    holds = held(values) if len(values) > 1 else ""
    return passed[0].where, DocumentFinding(found, _path(first), key, holds)


def _path(statement: PolicyStatement) -> str:
    return f"Statement[{statement.index}]"
