"""The runs that a trust policy lets in, as near as can be to one that it refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.github.subject import decode
from deploy_access.github.subject_claim import parse_subject, same
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.github.run import Run
    from deploy_access.github.subject_claim import Context, SubjectClaim

_MOST = 6
"""The values of a policy that are tried."""
_STARTS: dict[Context, str] = {
    "branch": "ref:refs/heads/",
    "environment": "environment:",
    "pull_request": "pull_request",
    "tag": "ref:refs/tags/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """
    A run in the same repository, in another context.

    Attributes:
        run: The run.
        subject: Its `sub`.
        context: What sort of run it is.
        value: The branch, tag or environment as the policy has it, perhaps a pattern.
        is_other_form: Whether the policy wants the other form of `sub`, with or without ids.
    """

    run: Run
    subject: str
    context: Context
    value: str
    is_other_form: bool = False


def runs_trusted(case: Case) -> Iterator[RunChange]:
    """List the contexts that the nearest statement wants of this repository, the nearest first."""
    token = parse_subject(case.subject)
    if token is None or not case.run.is_github or token.has_claims:
        return
    for context, value, is_other_form in dict.fromkeys(_wanted(case, token)):
        if context in _STARTS and (context, value) != (token.context, token.value):
            yield in_context(case, token, context, value, is_other_form=is_other_form)


def in_context(
    case: Case, token: SubjectClaim, context: Context, value: str, *, is_other_form: bool = False
) -> RunChange:
    """Return the run in another context; of a pattern, one that matches it."""
    one = value.replace("*", "x").replace("?", "x")
    text = f"{_STARTS[context]}{one}"
    subject = f"{case.subject.removesuffix(token.context_text)}{text}"
    claims = {k: v for k, v in case.run.claims.items() if k not in {"environment", "ref", "sub"}}
    absent = tuple(claim for claim in case.run.absent if claim != "environment")
    if context == "environment":
        claims["environment"] = decode(one)
    else:
        absent = (*absent, "environment")
    if context in {"branch", "tag"}:
        claims["ref"] = text.removeprefix("ref:")
    run = replace(case.run, subject=subject, claims=claims, absent=absent)
    return RunChange(
        run=run, subject=subject, context=context, value=value, is_other_form=is_other_form
    )


def _wanted(case: Case, token: SubjectClaim) -> Iterator[tuple[Context, str, bool]]:
    result = case.nearest
    for check in result.checks if result else ():
        claim = case.claim_of(check)
        if claim == "sub" and check.outcome is Outcome.FAIL:
            nearest = case.nearest_value(check)
            others = [value for value in check.wanted[:_MOST] if value != nearest]
            for value in filter(None, (nearest, *others)):
                parts = parse_subject(value)
                if parts and _is_here(parts, token) and not parts.has_claims:
                    yield parts.context, parts.rest, parts.is_immutable != token.is_immutable
        elif claim == "environment" and check.outcome is Outcome.FAIL:
            for value in check.wanted[:_MOST]:
                yield "environment", value.replace(":", "%3A"), False


def _is_here(parts: SubjectClaim, token: SubjectClaim) -> bool:
    """Whether a value of a policy is of the run's repository."""
    is_here = same(parts.owner, token.owner) and same(parts.name, token.name)
    return is_here and not parts.is_malformed


def run_text(change: RunChange, token: SubjectClaim) -> str:
    """Say what to do for such a run, without a full stop."""
    is_pattern = has_wildcard(change.value)
    if change.context == "environment":
        like = f"an environment that matches {change.value!r}" if is_pattern else "the environment"
        return f"Give the job {like}"
    text = "Start the workflow by `pull_request`"
    if change.context != "pull_request":
        where = f"a {change.context} that matches" if is_pattern else f"the {change.context}"
        text = f"Run the workflow on {where} {change.value!r}"
    if token.context != "environment":
        return text
    return f"Take `environment: {token.value}` off the job, and {text[0].lower()}{text[1:]}"
