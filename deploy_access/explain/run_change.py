"""The runs that a trust policy lets in, as near as can be to one that it refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.explain.snippets import lower_first, yaml_text
from deploy_access.github.segment import decode, encode
from deploy_access.github.subject_claim import matches, parse_subject, same
from deploy_access.iam.decision import Verdict
from deploy_access.iam.operators import read_operator
from deploy_access.iam.patterns import one_match
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.explain.finding import ChangeKind
    from deploy_access.github.run import Run
    from deploy_access.github.subject_claim import Context, SubjectClaim
    from deploy_access.iam.conditions import Check

_MOST = 6
"""The values of a policy that are tried."""
CONTEXTS: dict[Context, str] = {
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
        is_of_claim: Whether another condition wants it than that on `sub`.
    """

    run: Run
    subject: str
    context: Context
    value: str
    is_other_form: bool = False
    is_of_claim: bool = False

    @property
    def kind(self) -> ChangeKind | None:
        """What its proposal changes: the job's environment, where the policy has a single one."""
        return "environment" if environment_forms(self.context, self.value) else None


def runs_trusted(case: Case) -> Iterator[RunChange]:
    """List the contexts that the nearest statement wants of this repository, the nearest first."""
    token = parse_subject(case.subject)
    if token is None or not case.run.is_github:
        return
    yield from _on_other_ref(case, token)
    # A condition on `sub` may want another context than one on `environment` beside it.
    for value in dict.fromkeys(_environments(case)):
        if (token.context, token.rest) != ("environment", value):
            yield replace(in_context(case, token, "environment", value), is_of_claim=True)
    for context, value, is_other_form in dict.fromkeys(_wanted(case, token)):
        if context in CONTEXTS and (context, value) != (token.context, token.value):
            yield in_context(case, token, context, value, is_other_form=is_other_form)


def _on_other_ref(case: Case, token: SubjectClaim) -> Iterator[RunChange]:
    """List the refs that the policy wants of a job whose `sub` shows its environment alone."""
    if token.context != "environment":
        return
    for context, value in _refs(case):
        ref = f"{CONTEXTS[context]}{one_match(value)}".removeprefix("ref:")
        run = replace(case.run, claims={**case.run.claims, "ref": ref})
        yield RunChange(run=run, subject=case.subject, context=context, value=value)


def _refs(case: Case) -> Iterator[tuple[Context, str]]:
    for check in _narrowing(case):
        if case.claim_of(check) == "ref":
            for one in check.wanted[:_MOST]:
                parts = parse_subject(f"repo:o/n:ref:{one}")
                if parts and parts.context in {"branch", "tag"}:
                    yield parts.context, parts.rest


def trusted_in_other_form(case: Case, token: SubjectClaim) -> SubjectClaim | None:
    """Return the value of the policy that would trust the run, did it not want the other form."""
    failing = case.failing
    if case.run.is_server or len(failing) != 1 or case.claim_of(failing[0]) != "sub":
        return None
    operator = read_operator(failing[0].operator)
    is_pattern = operator is not None and operator.is_pattern
    for value in failing[0].wanted:
        parts = parse_subject(value)
        if parts and (is_pattern or not has_wildcard(value)) and _is_moved(parts, token):
            return parts
    return None


def _is_moved(parts: SubjectClaim, token: SubjectClaim) -> bool:
    is_other = parts.is_immutable != token.is_immutable
    return is_other and _is_here(parts, token) and matches(parts.context_text, token.context_text)


def is_elsewhere(case: Case) -> bool:
    """Whether the nearest value of the policy is of another repository than the run's."""
    token = parse_subject(case.subject)
    for check in case.failing:
        if case.claim_of(check) == "sub":
            parts = parse_subject(case.nearest_value(check))
            return bool(token and parts and not parts.is_malformed and not _is_here(parts, token))
    return False


def in_context(
    case: Case, token: SubjectClaim, context: Context, value: str, *, is_other_form: bool = False
) -> RunChange:
    """Return the run in another context; of a pattern, one that matches it."""
    one = one_match(value)
    text = f"{CONTEXTS[context]}{one}"
    subject = f"{case.subject.removesuffix(token.context_text)}{text}{claims_after(token)}"
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


def _environments(case: Case) -> Iterator[str]:
    for check in _narrowing(case):
        if case.claim_of(check) == "environment":
            yield from (encode(value) for value in check.wanted[:_MOST])


def claims_after(token: SubjectClaim) -> str:
    """Return what follows the context in a template of the repository's own, with its `:`."""
    if token.context not in CONTEXTS:
        return ""
    return "".join(token.rest.partition(":")[1:])


def _wanted(case: Case, token: SubjectClaim) -> Iterator[tuple[Context, str, bool]]:
    for check in _narrowing(case):
        claim = case.claim_of(check)
        if claim == "sub":
            nearest = case.nearest_value(check)
            others = [value for value in check.wanted[:_MOST] if value != nearest]
            for value in filter(None, (nearest, *others)):
                parts = parse_subject(value)
                after = claims_after(parts) if parts else ""
                if parts and _is_here(parts, token) and after == claims_after(token):
                    name = parts.rest.removesuffix(after)
                    yield parts.context, name, parts.is_immutable != token.is_immutable
    for context, value in _refs(case):
        yield context, value, False


def _narrowing(case: Case) -> Iterator[Check]:
    """Give the conditions that keep the run out; where a Deny does, those that let others in."""
    if case.decision.verdict is not Verdict.DENIED_EXPLICITLY:
        yield from case.failing
        return
    for result in case.decision.statements:
        if result.statement.effect == "Allow":
            yield from result.checks


def _is_here(parts: SubjectClaim, token: SubjectClaim) -> bool:
    """Whether a value of a policy is of the run's repository."""
    is_here = same(parts.owner, token.owner) and same(parts.name, token.name)
    return is_here and not parts.is_malformed


def run_text(
    context: Context, value: str, token: SubjectClaim, *, keeps_environment: bool = False
) -> str:
    """
    Say what to do for a run in another context, without a full stop.

    Args:
        context: What sort of run it is to be.
        value: Its branch, tag or environment, perhaps a pattern.
        token: The run as it is.
        keeps_environment: Whether the job stays in its environment.
    """
    is_pattern = has_wildcard(value)
    if context == "environment":
        like = f"an environment that matches {value!r}" if is_pattern else "the environment"
        return f"Give the job {like}"
    text = "Start the workflow by `pull_request`"
    if context != "pull_request":
        where = f"a {context} that matches" if is_pattern else f"the {context}"
        text = f"Run the workflow on {where} {value!r}"
    if token.context != "environment" or keeps_environment:
        return text
    return f"Take `environment: {token.value}` off the job, and {lower_first(text)}"


def environment_forms(context: Context, value: str) -> tuple[tuple[str, str], ...]:
    """Return the `environment:` of a job in that context; nothing for another or a pattern."""
    if context != "environment" or has_wildcard(value):
        return ()
    return (("YAML", f"environment: {yaml_text(decode(value))}"),)
