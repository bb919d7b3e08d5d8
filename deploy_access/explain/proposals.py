"""
The changes that let a refused run in, the one that trusts least first.

Each one is put to the evaluator before it is proposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.case import Case
from deploy_access.explain.differences import holds_two_contexts
from deploy_access.explain.finding import ProposedChange, alternatives
from deploy_access.explain.passing_values import passing_value
from deploy_access.explain.policy_change import trust_pattern, trust_run
from deploy_access.explain.policy_forms import element_forms
from deploy_access.explain.run_change import (
    claims_after,
    environment_forms,
    in_context,
    is_elsewhere,
    run_text,
    runs_trusted,
    trusted_in_other_form,
)
from deploy_access.explain.snippets import code_forms, lower_first, with_risk
from deploy_access.explain.three_way import keeps_others_out
from deploy_access.explain.token_request import web_identity
from deploy_access.github.claims import CLAIMS
from deploy_access.github.run import AUDIENCE
from deploy_access.github.subject_claim import literal_start, parse_subject
from deploy_access.iam.arns import Arn
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_wildcard
from deploy_access.iam.trust import evaluate_trust
from deploy_access.partition import usual_audience

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.passing_values import PassingValue
    from deploy_access.explain.policy_change import PolicyChange, WrittenPolicy
    from deploy_access.explain.run_change import RunChange
    from deploy_access.github.run import Run
    from deploy_access.github.subject_claim import SubjectClaim

_MOST = 2
"""The runs that are proposed; one is the nearest, another may be the one that is meant."""


def propose(
    case: Case, written: WrittenPolicy, others: Sequence[ProposedChange] = ()
) -> tuple[ProposedChange, ...]:
    """
    List the changes, each of which is enough.

    Args:
        case: The refused run.
        written: The trust policy.
        others: Changes of the workflow or of the repository that are known to mend it.
    """
    token = parse_subject(case.subject) if case.run.is_github else None
    moved = list(_in_other_form(case, written, token)) if token else []
    if moved:
        found = [*moved, *others] if token and token.is_immutable else [*others, *moved]
        return tuple(alternatives(found))
    runs = list(_of_runs(case, written, token))[:_MOST] if token else []
    others = [one for one in others if not one.forms or one.forms not in [r.forms for r in runs]]
    passing = passing_value(case)
    if token is not None and passing is not None:
        found = [*runs, *_of_a_value_that_comes_once(case, written, token, passing), *others]
        return tuple(alternatives(found))
    # An environment is narrower than a ref in its place, and wider than itself on one ref.
    on_ref = [one for one in runs if one.run and one.run.subject == case.subject]
    is_narrower = token is not None and token.context == "environment" and not on_ref
    kinds = {one.kind for one in others}
    is_own = "audience" in kinds and case.run.audience not in {None, _usual_audience(case)}
    is_pinned = "reusable-workflow" in kinds
    is_first = not runs or (is_narrower and "environment" not in {one.kind for one in runs})
    is_first = is_first and not is_own and not is_pinned
    policy = list(of_policy(case, written, is_wider=not is_first))
    found = [*policy, *runs, *others] if is_first else [*runs, *others, *policy]
    return tuple(alternatives(found))


def _usual_audience(case: Case) -> str:
    """Return what the action asks for in the partition of the role, which in China is another."""
    provider = Arn.parse(case.provider_arn)
    return usual_audience(provider.partition if provider else "")


def _in_other_form(
    case: Case, written: WrittenPolicy, token: SubjectClaim
) -> Iterator[ProposedChange]:
    """Give the change for a run that the policy trusts by the other form of `sub`, if it does."""
    trusted = trusted_in_other_form(case, token)
    if trusted is None:
        return
    pattern = trusted.rest if literal_start(trusted.rest) else tags_like(token.value)
    value = case.subject
    if passing_value(case) and has_wildcard(trusted.rest) and pattern:
        value = case.subject.removesuffix(token.rest) + pattern
    change = checked(case, written, value, trust_run(case, written, value))
    if change is None:
        return
    step = (
        "add the immutable form of what it trusts; the legacy value can go when no run has it "
        "any more."
        if token.is_immutable
        else "trust the legacy form too, only if nobody else can ever have the repository's name."
    )
    yield ProposedChange(
        side="policy",
        text=f"In the policy, {step} {what_is_shown(change)}",
        forms=(*element_forms(change, case.role), *code_forms(case.role, case.subject)),
        policy=change.document,
    )


def _of_runs(case: Case, written: WrittenPolicy, token: SubjectClaim) -> Iterator[ProposedChange]:
    """List the runs that the policy trusts; where only the form of `sub` differs, with it."""
    for change in runs_trusted(case):
        other = moved(case, written, change.run)
        if other.decision.verdict is Verdict.ALLOWED:
            yield _run_proposal(change, token, keeps_environment=change.subject == case.subject)
        elif (change.is_other_form or change.is_of_claim) and not has_wildcard(change.value):
            policy = checked(other, written, change.subject, trust_run(other, written))
            if policy:
                yield _both(policy, change, token, case)


def moved(case: Case, written: WrittenPolicy, run: Run) -> Case:
    """Ask about another run."""
    token = web_identity(run, run.subject, case.provider_arn)
    decision = evaluate_trust(written.policy, token)
    return Case(
        run=run,
        role=case.role,
        subject=run.subject,
        provider_arn=case.provider_arn,
        decision=decision,
    )


def checked(
    case: Case, written: WrittenPolicy, kind: str, change: PolicyChange | None
) -> PolicyChange | None:
    """Return a change of the policy if it lets the run in, and nothing but its kind."""
    if change is None or not _lets_in(case, written, change):
        return None
    return change if keeps_others_out(case, written, change, kind) else None


def _lets_in(case: Case, written: WrittenPolicy, change: PolicyChange) -> bool:
    """Whether the statement does that is changed; a Deny of another one stays as it was."""
    token = web_identity(case.run, case.subject, case.provider_arn)
    alone = read_policy(written.having(change.statement)).policy
    verdicts = {case.decision.verdict, evaluate_trust(alone, token).verdict}
    return Verdict.DENIED_EXPLICITLY not in verdicts and verdicts != {Verdict.DENIED_IMPLICITLY}


def _run_proposal(
    change: RunChange, token: SubjectClaim, *, keeps_environment: bool
) -> ProposedChange:
    text, forms = (
        run_text(change.context, change.value, token, keeps_environment=keeps_environment),
        environment_forms(change.context, change.value),
    )
    return ProposedChange(
        side="workflow",
        kind=change.kind,
        text=f"{text} that the policy wants:" if forms else f"{text}.",
        forms=forms,
        run=change.run,
    )


def _both(
    policy: PolicyChange, change: RunChange, token: SubjectClaim, case: Case
) -> ProposedChange:
    form = "immutable" if token.is_immutable else "legacy"
    doing = run_text(change.context, change.value, token)
    text = f"In the policy, add the {form} form of what it trusts"
    if change.is_of_claim:
        text = "In the policy, trust the `sub` that a job with its environment has"
    if policy.replaced:
        text = f"In the policy, change {policy.replaced!r} to {change.subject!r}"
    forms = (*element_forms(policy, case.role), *environment_forms(change.context, change.value))
    return ProposedChange(
        side="policy",
        kind=change.kind,
        text=f"{text}; then {lower_first(doing)}. {what_is_shown(policy)}",
        forms=forms,
        policy=policy.document,
        run=change.run,
    )


def of_policy(
    case: Case, written: WrittenPolicy, *, is_wider: bool = False
) -> Iterator[ProposedChange]:
    """List the change of the policy that lets the run in, if there is one that is so narrow."""
    change = checked(case, written, case.subject, trust_run(case, written))
    if change is None:
        return
    yield ProposedChange(
        side="policy",
        text=with_risk(
            case.subject,
            _policy_text(case, change),
            is_wider=is_wider or _is_narrowed_by_claim(case) or _wants_two_contexts(case),
            is_elsewhere=is_elsewhere(case),
        ),
        forms=(*element_forms(change, case.role), *code_forms(case.role, case.subject)),
        policy=change.document,
    )


def _is_narrowed_by_claim(case: Case) -> bool:
    """Whether the policy asks for another claim that tokens have, and the run has not."""
    claims = {case.claim_of(check) for check in case.failing}
    return bool(claims & set(CLAIMS))


def _wants_two_contexts(case: Case) -> bool:
    """Whether the policy asks for an environment and a ref in one `sub`, of which a run has one."""
    checks = [check for check in case.failing if case.is_about(check, "sub")]
    parts = [parse_subject(case.nearest_value(check)) for check in checks]
    return any(one is not None and holds_two_contexts(one) for one in parts)


def _policy_text(case: Case, change: PolicyChange) -> str:
    if change.replaced:
        text = f"In the policy, change {change.replaced!r} to this run's value."
    elif change.dropped:
        dropped = ", ".join(f"`{key}`" for key in change.dropped)
        text = f"In the policy, take out the condition on {dropped}, which no token meets."
        text += _left(case)
    elif change.number is None:
        text = "In the policy, trust this run by a statement of its own."
    else:
        text = "In the policy, trust this run too."
    audience = case.run.audience
    if (
        audience
        and audience != AUDIENCE
        and any(case.is_about(check, "aud") for check in case.failing)
    ):
        text = f"{text} Have {audience!r} among the provider's client ids too."
    return f"{text} {what_is_shown(change)}"


def _left(case: Case) -> str:
    """Say what else gets in when a condition that no token meets goes."""
    checks = case.nearest.checks if case.nearest else ()
    wide = [
        value
        for check in checks
        if case.is_about(check, "sub") and check.outcome is Outcome.PASS
        for value in check.wanted
        if has_wildcard(value)
    ]
    return f" Every run that {wide[0]!r} matches gets in then." if wide else ""


def what_is_shown(change: PolicyChange) -> str:
    """Say what the text to paste is."""
    if change.number is None:
        return "Add the statement:"
    element = "The whole `Condition` of statement" if change.is_of_condition else "Statement"
    return f"{element} {change.number} is then:"


def _of_a_value_that_comes_once(
    case: Case, written: WrittenPolicy, token: SubjectClaim, passing: PassingValue
) -> Iterator[ProposedChange]:
    """List changes that hold for the next run too: an environment, and tags that look alike."""
    if token.context != "environment":
        yield from _through_environment(case, written, token, passing)
    pattern = tags_like(token.value) if passing.claim == "sub" and token.context == "tag" else None
    if pattern:
        yield from _tags(case, written, token, pattern)


def _through_environment(
    case: Case, written: WrittenPolicy, token: SubjectClaim, passing: PassingValue
) -> Iterator[ProposedChange]:
    change = in_context(case, token, "environment", passing.environment)
    other = moved(case, written, change.run)
    policy = checked(other, written, change.subject, trust_run(other, written))
    if policy and passing_value(other) is None:
        yield ProposedChange(
            side="policy",
            kind=change.kind,
            text="Let the job deploy through an environment, whose rules are set on GitHub, and "
            f"trust that, as {passing.why}. {what_is_shown(policy)}",
            forms=(
                *element_forms(policy, case.role),
                *environment_forms(change.context, change.value),
            ),
            policy=policy.document,
            run=change.run,
        )


def tags_like(tag: str) -> str | None:
    """Return a pattern of tags with the same first letters, up to the first digit."""
    letters = next((index for index, one in enumerate(tag) if one.isdigit()), 0)
    return f"{tag[:letters]}*" if letters else None


def _tags(
    case: Case, written: WrittenPolicy, token: SubjectClaim, pattern: str
) -> Iterator[ProposedChange]:
    value = f"{case.subject.removesuffix(token.rest)}{pattern}{claims_after(token)}"
    change = checked(case, written, value, trust_pattern(case, written, value))
    if change is None:
        return
    yield ProposedChange(
        side="policy",
        text=f"Only if whoever may push a tag may deploy: trust every tag that matches "
        f"{pattern!r}, by a statement of its own. {what_is_shown(change)}",
        forms=element_forms(change, case.role),
        policy=change.document,
    )
