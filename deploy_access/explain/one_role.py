"""The answer of one role to one run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.explain.case import Case
from deploy_access.explain.check_lines import lines_of
from deploy_access.explain.diagnose import cause_of, diagnose
from deploy_access.explain.finding import ANSWERS, ProposedChange, RoleAnswer
from deploy_access.explain.outside_policy import find_outside, get_role, outside_cause
from deploy_access.explain.passing_values import passing_value
from deploy_access.explain.platform_proposals import propose_for_platform
from deploy_access.explain.platform_words import notes_on_keys
from deploy_access.explain.policy_change import WrittenPolicy
from deploy_access.explain.proposals import propose
from deploy_access.explain.provider_references import plain_references
from deploy_access.explain.resource_element import (
    has_resource,
    take_out,
    take_out_too,
    without_resource,
)
from deploy_access.explain.token_request import (
    partition_of_role,
    provider_of,
    subjects_for,
    web_identity,
)
from deploy_access.explain.vacuous_conditions import kept_in_policy, met_without_key
from deploy_access.github.subject_grammar import is_default
from deploy_access.iam.documents import read_policy
from deploy_access.iam.limits import TRUST_POLICY_QUOTA_MOST
from deploy_access.iam.statement import policy_size
from deploy_access.iam.trust import evaluate_trust
from deploy_access.json_shape import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.finding import Cause
    from deploy_access.github.run import Run
    from deploy_access.iam.elements import PolicyProblem
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, Role


_PROBLEMS = 5
# Longer than any policy that AWS takes, white space included: its API takes 131,072 characters.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_TOO_LONG = 200_000
# The changes for these causes name the role, so roles with equal policies do not share them.
_OF_ONE = {"outside-policy", "unreadable-policy"}


def explain_role(
    run: Run,
    role: Role,
    estate: Estate,
    known: dict[object, RoleAnswer] | None = None,
    *,
    is_brief: bool = False,
) -> RoleAnswer:
    """
    Say whether one role lets the run in, and why not.

    Args:
        run: The run.
        role: The role.
        estate: The estate, with the OIDC providers.
        known: The answers for equal policies, to which this one is added: many roles share one.
        is_brief: Whether to leave out what mends it.
    """
    if role.trust is None:
        return _undecided(run, role, cause_of("no-trust-policy", _read_role(run, role)))
    content = role.trust.content
    if content is None:
        unresolved = ", ".join(f"`{one}`" for one in role.trust.unresolved)
        text = f"it is in {unresolved}, which Terraform fills in." if unresolved else "no JSON."
        return _undecided(
            run, role, cause_of("unreadable-policy", _read_role(run, role), given=text)
        )
    text = content if isinstance(content, str) else json.dumps(content)
    if len(text) > _TOO_LONG:
        given = f"it has {len(text)} characters, and IAM takes 8192 at most."
        return _undecided(
            run, role, cause_of("unreadable-policy", _read_role(run, role), given=given)
        )
    key = _alike(run, role, estate, text)
    if known is not None and key in known:
        same = {"role": role.name, "account": role.account, "where": str(role.where)}
        return replace(known[key], **same)
    finding = _of_policy(run, role, estate, is_brief=is_brief)
    if known is not None and finding.cause.id not in _OF_ONE:
        known[key] = finding
    return finding


def _alike(run: Run, role: Role, estate: Estate, text: str) -> object:
    """Return everything that an answer depends on, except the name of the role."""
    arn = role.arn if "esource" in text else partition_of_role(role)
    return text, role.account, arn, tuple(find_outside(run, role, estate))


def _of_policy(run: Run, role: Role, estate: Estate, *, is_brief: bool) -> RoleAnswer:
    content = role.trust.content if role.trust else None
    try:
        policy, problems = read_policy(content or "")
    except InvalidValue as error:
        cause = cause_of("unreadable-policy", _read_role(run, role), given=error.problems[0].what)
        return _undecided(run, role, cause)
    document = as_object(json.loads(content) if isinstance(content, str) else content)
    plain = plain_references(document, run, role, estate)
    policy = policy if plain is document else read_policy(plain).policy
    cases = _cases(run, role, policy, estate)
    written = WrittenPolicy(document=plain, policy=policy)
    finding = _combined(
        [(case, _finding(case, estate, written, is_brief=is_brief)) for case in cases]
    )
    return replace(finding, notes=(*finding.notes, *_policy_notes(problems)))


def _cases(run: Run, role: Role, policy: Policy, estate: Estate) -> list[Case]:
    provider = provider_of(run, role, policy, estate)
    return [
        Case(
            run=run,
            role=role,
            subject=subject,
            provider_arn=provider,
            decision=evaluate_trust(
                policy,
                web_identity(run, subject, provider),
                role_arn=role.arn or run.role_arn,
            ),
        )
        for subject in subjects_for(run, policy)
    ]


def _finding(case: Case, estate: Estate, written: WrittenPolicy, *, is_brief: bool) -> RoleAnswer:
    result, role = case.nearest, case.role
    refused = has_resource(result)
    answer = "denied" if refused else ANSWERS[case.decision.verdict]
    outside = tuple(find_outside(case.run, role, estate))
    causes, notes = _allowed(case, outside) if answer == "allowed" else (diagnose(case), ())
    if answer == "denied" and not is_brief:
        mended = _without_resource if refused else _with_proposals
        causes = mended(case, written, causes)
        is_kept = any(change.policy for change in causes[0].changes)
        notes = (*_of_passing_value(case, causes), *(kept_in_policy(case) if is_kept else ()))
    notes = (*notes, *met_without_key(case))
    if answer == "denied" and case.run.role_arn and case.run.error is None:
        text = "AWS let this run in: the policy that it had is not the one that was read."
        notes = (*notes, text)
    notes = (*notes, *notes_on_keys(case.run, result.checks if result else ()))
    return RoleAnswer(
        answer=answer,
        role=role.name,
        account=role.account,
        where=str(role.where),
        statement=result.statement.index + 1 if result else None,
        subject=case.subject,
        lines=tuple(lines_of(case, result)) if result else (),
        cause=causes[0],
        besides=tuple(dict.fromkeys(one.id for one in causes if one.id != causes[0].id)),
        notes=notes,
    )


def _with_proposals(
    case: Case, written: WrittenPolicy, causes: tuple[Cause, ...]
) -> tuple[Cause, ...]:
    """Return the causes with proposals, each of which mends all of them, at the first one."""
    # A role for other principals is no role for a run, so its policy stays.
    if causes[0].id == "no-statement" and causes[0].changes:
        return causes
    of_run = [
        one
        for cause in causes
        for one in cause.changes
        if one.side != "policy" or cause.id == "explicit-deny"
    ]
    # A policy for a template of the repository's own pins more than a `sub` without it shows.
    is_pinned = any(cause.id == "custom-template" for cause in causes) and is_default(case.subject)
    # IAM holds no policy that is longer, so none is changed, and to try it takes its time.
    is_too_long = policy_size(json.dumps(written.document)) > TRUST_POLICY_QUOTA_MOST
    # A change that mends one of two causes is not enough by itself.
    enough = of_run if len(causes) == 1 else []
    if is_pinned or is_too_long:
        found = tuple(of_run)
    elif case.run.is_github:
        found = propose(case, written, enough)
    else:
        found = propose_for_platform(case, written)
    return _mended_by(found or tuple(of_run), causes)


def _mended_by(changes: tuple[ProposedChange, ...], causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    first, *others = causes
    return (replace(first, changes=changes), *(replace(one, changes=()) for one in others))


def _without_resource(
    case: Case, written: WrittenPolicy, causes: tuple[Cause, ...]
) -> tuple[Cause, ...]:
    """Return the causes with what mends a policy that IAM refuses, and all else that is wrong."""
    bare = without_resource(written)
    token = web_identity(case.run, case.subject, case.provider_arn)
    rest = replace(case, decision=evaluate_trust(bare.policy, token))
    changes: tuple[ProposedChange, ...] = ()
    if ANSWERS[rest.decision.verdict] == "denied":
        changes = take_out_too(_with_proposals(rest, bare, diagnose(rest))[0].changes, bare)
    return _mended_by(changes or (take_out(case, bare),), causes)


def _of_passing_value(case: Case, causes: Sequence[Cause]) -> Iterator[str]:
    """Say why a value is not proposed that comes once, where no proposal does."""
    passing = passing_value(case)
    texts = " ".join(change.text for cause in causes for change in cause.changes)
    if passing and passing.why not in texts:
        yield f"The run's `{passing.claim}` is not proposed for the policy, as {passing.why}."


def _allowed(case: Case, outside: tuple[str, ...]) -> tuple[tuple[Cause, ...], tuple[str, ...]]:
    if case.run.error is None:
        return (cause_of("allowed"),), outside
    return (outside_cause(case, outside),), ()


def _combined(tried: Sequence[tuple[Case, RoleAnswer]]) -> RoleAnswer:
    """Return the answer for all forms of `sub`: a form that is let in, or the nearest one."""
    allowed = [finding for _, finding in tried if finding.answer == "allowed"]
    refused = [finding for _, finding in tried if finding.answer != "allowed"]
    if not allowed:
        # A form that may be let in comes before one that is refused, then the nearest.
        return max(tried, key=lambda one: (one[1].answer == "unknown", one[0].nearness))[1]
    # The legacy form is tried first, then the immutable ones with the ids of the policy.
    legacy = tried[0][1]
    if refused and (legacy.answer == "allowed" or len(allowed) + 1 == len(tried)):
        name = "legacy" if legacy.answer == "allowed" else "immutable"
        cause = cause_of(f"{name}-subject-only", other=refused[0].subject)
        return replace(allowed[0], cause=cause)
    return allowed[0]


def _undecided(run: Run, role: Role, cause: Cause) -> RoleAnswer:
    return RoleAnswer(
        answer="unknown",
        role=role.name,
        account=role.account,
        where=str(role.where),
        subject=run.subject,
        cause=cause,
    )


def _read_role(run: Run, role: Role) -> ProposedChange:
    command = f"`{get_role(run, role)} > role.json`"
    return ProposedChange(
        side="command", text=f"Read what AWS has: {command}, then `--policy role.json`."
    )


def _policy_notes(problems: Sequence[PolicyProblem]) -> tuple[str, ...]:
    notes = [
        f"In the policy, {'.'.join(map(str, one.path)) or 'the document'}: {one.what}"
        for one in problems[:_PROBLEMS]
    ]
    more = len(problems) - _PROBLEMS
    return (*notes, f"In the policy, {more} more mistakes.") if more > 0 else tuple(notes)
