"""The answers to a log as text, in the form of a compiler's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.explain_text import render_change, render_text
from deploy_access.visible_text import escaped, escaped_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.denied_call import CallAnswer
    from deploy_access.explain.log_answer import LogAnswer
    from deploy_access.explain.log_causes import LogError

_SAYS = {
    "allowed": "may do it, as it was read",
    "denied": "may not do it",
    "unknown": "may or may not do it",
}
_KINDS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "resource": "policy of the resource",
    "session": "session policy",
    "service-control": "service control policy",
    "resource-control": "resource control policy",
    "vpc-endpoint": "policy of a VPC endpoint",
}


def render_log_answer(answer: LogAnswer) -> str:
    """Render the errors that say by themselves what is wrong, the sign-in, and the calls."""
    blocks = ["\n".join(_error(one)) for one in answer.errors]
    blocks += [render_text(one).removesuffix("\n") for one in answer.runs]
    blocks += ["\n".join(_call(one)) for one in answer.calls]
    return escaped_lines("\n\n".join(blocks)) + "\n"


def _error(error: LogError) -> Iterator[str]:
    yield f"denied[{error.cause.id}]: {escaped(error.text)}"
    yield f"  cause: {escaped(error.cause.text)}"
    for change in error.cause.changes:
        yield from render_change(change)


def _call(answer: CallAnswer) -> Iterator[str]:
    denied = answer.denied
    on = f" on {escaped(denied.resource)}" if denied.resource else ""
    account = f" (account {answer.account})" if answer.account else ""
    yield f"call of {escaped(denied.action)}{on}"
    yield f"  by   {escaped(answer.role)}{account}"
    yield f"  AWS  {_said(answer)}"
    yield ""
    yield f"{answer.answer}[{answer.cause.id}]: {escaped(answer.role)} {_SAYS[answer.answer]}"
    if answer.where:
        number = f", statement {answer.statement}" if answer.statement else ""
        yield f"  --> {escaped(answer.where)}{number}"
    yield f"  cause: {escaped(answer.cause.text)}"
    for change in answer.cause.changes:
        yield from render_change(change)


def _said(answer: CallAnswer) -> str:
    denied = answer.denied
    if denied.kind is None:
        return "does not say which kind of policy refused it"
    kind = _KINDS[denied.kind]
    if denied.is_explicit:
        which = f": {escaped(denied.policy)}" if denied.policy else ""
        return f"an explicit deny in {'an' if kind[0] == 'i' else 'a'} {kind}{which}"
    return f"no {kind} allows it"
