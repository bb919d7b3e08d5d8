"""
Renders who tried what, and how it ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from sandbox.report import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from sandbox.attempts.attempt import Attempted

# The parameter that says what a call changes.
_NAMED_BY = {
    "PutImage": "repositoryName",
    "RegisterTaskDefinition": "family",
    "UpdateService": "service",
}
# The same in fewer words: AWS names the action twice.
_DENIED = re.compile(
    r"perform: (?P<action>\S+) on resource: (?P<resource>\S+) because (?P<reason>.+ allows) the"
)


def render_attempts(found: Sequence[Attempted]) -> Iterator[RenderableType]:
    """
    Yield who got in, then who did not at the role with the most to do, then what is not as it is.
    """
    if not found:
        yield Text("\nNo role here is made by GithubDeployRole, so no deploy job was tried.")
        return
    yield Text(
        "\nDeploy jobs through the gate, which judges what moto grants to everybody:", "bold"
    )
    through = [one for one in found if one.outcome.refused is None]
    yield table(("role", "run", "calls", "among them"), [_passed(one) for one in through])
    role = _busiest(found)
    refused = [one for one in found if one.outcome.refused is not None]
    shown = [one for one in refused if one.attempt.role == role]
    yield Text(f"\nRefused at {role}:", "bold")
    yield table(("who", "refused at", "AWS says", "why"), [_kept_out(one) for one in shown])
    roles = {one.attempt.role for one in refused} - {role}
    if roles:
        yield Text(f"Refused alike at {len(roles)} other roles: {len(refused) - len(shown)} jobs.")
    for one in found:
        if not one.is_as_expected:
            yield Text(f"UNEXPECTED  {_unexpected(one)}", style="red")


def _passed(one: Attempted) -> tuple[str, ...]:
    """
    Say what the job did, as far as it changed anything.
    """
    changes = [
        f"{call.operation} {call.parameters[_NAMED_BY[call.operation]]}"
        for call in one.attempt.job.calls
        if call.operation in _NAMED_BY
    ]
    return one.attempt.role, one.attempt.who, str(len(one.outcome.done)), ", ".join(changes)


def _kept_out(one: Attempted) -> tuple[str, ...]:
    call = (one.outcome.refused or "").partition(":")[2]
    denied = _DENIED.search(one.why)
    why = f"{denied['reason']} {denied['action']} on {denied['resource']}" if denied else one.why
    return one.attempt.who, call, one.outcome.code, why


def _busiest(found: Sequence[Attempted]) -> str:
    """
    Name the role at which the most different things were tried.
    """
    tried: dict[str, int] = {}
    for one in found:
        tried[one.attempt.role] = tried.get(one.attempt.role, 0) + len(one.attempt.job.calls)
    return max(tried, key=lambda role: tried[role])


def _unexpected(one: Attempted) -> str:
    wanted = one.attempt.refused_at
    should = f"refused at {wanted} ({one.attempt.code})" if wanted else "let through"
    did = f"refused at {one.outcome.refused}: {one.outcome.code} {one.outcome.message}"
    ended = did if one.outcome.refused else "let through"
    return f"{one.attempt.role}, {one.attempt.who}: should be {should}, was {ended}"
