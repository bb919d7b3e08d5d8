"""
Renders the attempts: the job, the call at which it was refused, and the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from deploy_access.iam.arns import Arn
from sandbox.verify.report import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from sandbox.attempts.attempt import AttemptResult
    from sandbox.attempts.attempt_run import Attempts
    from sandbox.gate.fault import Advice

# The parameter that says what a call changes; a task is of the definition before it.
_NAMED_BY = {
    "PutImage": "repositoryName",
    "RegisterTaskDefinition": "family",
    "RunTask": "",
    "UpdateService": "service",
    "CreateDeployment": "deploymentGroupName",
}
# The same in fewer words: AWS names the action twice, and the place of the resource.
_DENIED = re.compile(
    r"perform: (?P<action>\S+) on resource: (?P<resource>\S+) because (?P<reason>.+ allows) the"
)


def render_attempts(found: Attempts) -> Iterator[RenderableType]:
    """
    Yield the jobs that were let through, those refused at one role, and what was not expected.
    """
    if found.attempted:
        yield Text(
            "\nGenerated jobs through the gate, which judges what moto grants to all:", "bold"
        )
        through = [one for one in found.attempted if one.outcome.refused is None]
        yield table(("job, and its subject", "calls", "among them"), [_passed(o) for o in through])
        yield from _refused([one for one in found.attempted if one.outcome.refused is not None])
    else:
        yield Text("\nNo workflow can be generated for these stacks, so no deploy job was tried.")
    for role, why in found.left_out.items():
        yield Text(f"Not tried: {role}. {why}")
    for one in found.unexpected:
        yield Text(f"UNEXPECTED  {_unexpected(one)}", style="red")
        yield from (_whole(str(advice)) for advice in one.advice)


def render_advice(refusals: Sequence[Advice]) -> RenderableType:
    """
    Return what AWS would have refused, once each, with the statement that would let it in.
    """
    said = dict.fromkeys(map(str, refusals))
    if not said:
        return Text("\nAWS would have refused nothing of this.")
    return _whole("\n".join(("\nAWS would have refused:", *said)))


def _whole(text: str) -> Text:
    """
    Return a text whose lines stay whole, so that a statement can be copied from a terminal.
    """
    return Text(text, no_wrap=True, overflow="ignore")


def _passed(one: AttemptResult) -> tuple[str, ...]:
    """
    Return the row of a job that was let through, with the calls that changed something.
    """
    changes = [
        f"{call.operation} {call.parameters.get(_NAMED_BY[call.operation], '')}".strip()
        for call in one.attempt.job.calls
        if call.operation in _NAMED_BY
    ]
    who = f"{one.attempt.who}\n{one.attempt.job.run.subject}"
    return who, str(len(one.outcome.done)), ", ".join(changes)


def _refused(refused: Sequence[AttemptResult]) -> Iterator[RenderableType]:
    if not refused:
        return
    # One role shows every kind of refusal; the others would repeat it row by row.
    role = _busiest(refused)
    shown = [one for one in refused if one.attempt.role == role]
    yield Text(f"\nRefused at {role}:", "bold")
    yield table(("who", "refused at, and AWS says", "why"), [_kept_out(one) for one in shown])
    roles = {one.attempt.role for one in refused} - {role}
    if roles:
        yield Text(f"Refused alike at {len(roles)} other roles: {len(refused) - len(shown)} jobs.")


def _kept_out(one: AttemptResult) -> tuple[str, ...]:
    call = (one.outcome.refused or "").partition(":")[2]
    denied = _DENIED.search(one.why)
    why = one.why
    if denied:
        arn = Arn.parse(denied["resource"])
        what = arn.resource if arn else denied["resource"]
        why = f"{denied['reason']} {denied['action']} on {what}"
    return one.attempt.who, f"{call}\n{one.outcome.code}", why


def _busiest(found: Sequence[AttemptResult]) -> str:
    """
    Name the role at which the most was tried.
    """
    tried: dict[str, int] = {}
    for one in found:
        tried[one.attempt.role] = tried.get(one.attempt.role, 0) + 1
    return max(tried, key=lambda role: tried[role])


def _unexpected(one: AttemptResult) -> str:
    wanted = one.attempt.refused_at
    should = f"refused at {wanted} ({one.attempt.code})" if wanted else "let through"
    did = f"refused at {one.outcome.refused}: {one.outcome.code} {one.outcome.message}"
    ended = did if one.outcome.refused else "let through"
    return f"{one.attempt.role}, {one.attempt.who}: should be {should}, was {ended}"
