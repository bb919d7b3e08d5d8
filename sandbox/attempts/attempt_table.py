"""
Renders the attempts: the job, the call at which it was refused, and the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from deploy_access.iam.arns import Arn
from deploy_access.iam.role_arn import parse_role

from ..verify.report import table
from .job import APPLY

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from rich.console import Console, RenderableType

    from ..gate.fault import Advice
    from .attempt import AttemptResult
    from .attempt_run import Attempts

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
        yield from _by_terraform(through)
        yield from _refused(found.attempted)
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


def print_part(console: Console, part: RenderableType) -> None:
    """
    Print a part of the report; where the lines of a text are to stay whole, no width breaks them.
    """
    # A console joins the texts that it is given into a new one, which forgets `no_wrap`.
    console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))


def _whole(text: str) -> Text:
    """
    Return a text whose lines stay whole, so that a statement can be copied from a terminal.
    """
    return Text(text, no_wrap=True, overflow="ignore")


def _passed(one: AttemptResult) -> tuple[str, ...]:
    """
    Return the row of a job that was let through, with the calls that changed something.
    """
    job = one.attempt.job
    changes = [
        f"{call.operation} {call.parameters.get(_NAMED_BY[call.operation], '')}".strip()
        for call in job.calls
        if call.operation in _NAMED_BY
    ]
    if job.terraform:
        work = f"terraform {job.terraform.command} {job.terraform.stack}"
        changes.append(f"{work}: {_counted(one.outcome.terraform)}")
    return (
        f"{one.attempt.who}\n{job.run.subject}",
        str(len(one.outcome.done)),
        ", ".join(changes),
    )


def _counted(said: str) -> str:
    """
    Return Terraform's count without what it counts nothing of.
    """
    return ", ".join(part for part in said.split(", ") if not part.startswith("0 ")) or "no changes"


def _by_terraform(through: Sequence[AttemptResult]) -> Iterator[RenderableType]:
    """
    Say what of the jobs that plan and apply was run, and what only read off the policies.
    """
    work = (one.attempt.job.terraform for one in through)
    stacks = sorted({one.stack for one in work if one})
    if stacks:
        yield Text(
            f"Terraform was run for {' and '.join(stacks)}, after the description of a role was "
            "changed by hand there. The calls for the other stacks, and those of further jobs of "
            "the same role, are held against the policies in the stacks, as "
            "`deploy-access workflow --infra` does."
        )


def _refused(attempted: Sequence[AttemptResult]) -> Iterator[RenderableType]:
    """
    Yield one role that shows every kind of refusal, as the others would repeat it row by row.

    Of the roles that go on with Terraform there is one more: what they must not do is different.
    """
    refused = [one for one in attempted if one.outcome.refused is not None]
    applying = {_role(one) for one in attempted if _applies(one)}
    others = [one for one in refused if _role(one) not in applying]
    shown = [_busiest(group) for group in (others, _of(refused, applying)) if group]
    for arn in shown:
        at = _of(refused, {arn})
        yield Text(f"\nRefused at {_title(at[0], refused)}:", "bold")
        yield table(("who", "refused at, and AWS says", "why"), [_kept_out(one) for one in at])
    left = [one for one in refused if _role(one) not in shown]
    if left:
        roles = len({_role(one) for one in left})
        yield Text(f"Refused alike at {roles} other roles: {len(left)} jobs.")


def _of(refused: Sequence[AttemptResult], roles: Container[str]) -> list[AttemptResult]:
    return [one for one in refused if _role(one) in roles]


def _applies(one: AttemptResult) -> bool:
    work = one.attempt.job.terraform
    return work is not None and work.command == APPLY


def _role(one: AttemptResult) -> str:
    return one.attempt.job.role_arn


def _title(one: AttemptResult, refused: Sequence[AttemptResult]) -> str:
    """
    Name a role, with its account where another account has one of that name.
    """
    name = one.attempt.role
    alike = {_role(other) for other in refused if other.attempt.role == name}
    return name if len(alike) == 1 else f"{name} in account {parse_role(_role(one))['account']}"


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
    Name the role at which the most was tried, by its ARN.
    """
    tried: dict[str, int] = {}
    for one in found:
        tried[_role(one)] = tried.get(_role(one), 0) + 1
    return max(tried, key=lambda role: tried[role])


def _unexpected(one: AttemptResult) -> str:
    wanted = one.attempt.refused_at
    should = f"refused at {wanted} ({one.attempt.code})" if wanted else "let through"
    did = f"refused at {one.outcome.refused}: {one.outcome.code} {one.outcome.message}"
    ended = did if one.outcome.refused else "let through"
    return f"{one.attempt.role}, {one.attempt.who}: should be {should}, was {ended}"
