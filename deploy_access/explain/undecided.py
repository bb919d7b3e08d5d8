"""What an undecided answer depends on, and the ways to know it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange
from deploy_access.explain.request_keys import what_decides
from deploy_access.github.claim_flags import flag_for
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.platforms import untried_keys
from deploy_access.github.run import AUDIENCE
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.subject_grammar import is_default
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import StatementResult

_MOST = 20
"""The conditions that are named; AWS has fifteen keys for GitHub's tokens."""
_TOKEN = "the run as a token, which has every claim: `--token FILE`"  # noqa: S105 - no secret


def unknown_parts(case: Case, result: StatementResult) -> Iterator[str]:
    """List what is not known of a statement or of the run, and decides."""
    if result.principal is Outcome.UNKNOWN:
        values = ", ".join(one.value for one in (result.statement.principals or ())[:_MOST])
        yield f"whether the principal {values!r} is the provider"
    yield from (_unknown(case, check) for check in _unknown_checks(result))
    if result.action is Outcome.UNKNOWN:
        yield "what Terraform puts into the action"


def ways_to_know(case: Case, result: StatementResult) -> Iterator[ProposedChange]:
    """List the ways to get the unknown values, and what those depend on that are in no file."""
    unknown = _unknown_checks(result)
    if not unknown or any(check.key_known for check in unknown):
        text = "Read what AWS has: `aws iam get-role` prints the policy with every value."
        yield ProposedChange(side="command", text=text)
    missing = [check for check in unknown if not check.key_known]
    found = list(dict.fromkeys(filter(None, map(case.claim_of, missing))))
    untried = untried_keys(case.run.provider, case.run.subject)
    claims = [claim for claim in found if claim not in untried]
    if len(claims) < len(found):
        yield ProposedChange(side="policy", text="Ask for it by `sub`, which AWS compares.")
    if claims:
        yield ProposedChange(side="command", text=_way_of_claims(case, claims))
    for key in dict.fromkeys(check.key for check in missing if not case.claim_of(check)):
        yield ProposedChange(side="account", text=what_decides(key))


def _unknown_checks(result: StatementResult) -> list[Check]:
    return [check for check in result.checks if check.outcome is Outcome.UNKNOWN][:_MOST]


def _unknown(case: Case, check: Check) -> str:
    if case.claim_of(check) in untried_keys(case.run.provider, case.run.subject):
        return f"whether AWS compares {check.key!r}"
    if not check.key_known:
        return f"what the run has as {check.key!r}"
    references = [value for value in check.wanted if has_reference(value)]
    if references:
        return f"what Terraform puts into {references[0]!r}"
    return f"how AWS compares {check.key!r}"


def _way_of_claims(case: Case, claims: Sequence[str]) -> str:
    flags = " ".join(map(flag_for, claims))
    run = case.run
    # The ref of a pull request, `refs/pull/NUMBER/merge`, is new with each one, so no flag has it.
    is_of_pull_request = case.subject.endswith(":pull_request") and "ref" in claims
    if not run.is_github or is_of_pull_request:
        return f"Give {_TOKEN}."
    if run.described:
        return f"Say it with `{flags}`, or give {_TOKEN}."
    described = _described(case)
    if not described:
        return f"An event holds `sub` and `aud` alone. Give {_TOKEN}."
    return (
        f"An event holds `sub` and `aud` alone. Give {_TOKEN}; or describe the run: "
        f"`{described} {flags}`."
    )


def _described(case: Case) -> str:
    """Return the flags that describe a run of GitHub's default template; empty for another."""
    parts = parse_subject(case.subject) if is_default(case.subject) else None
    if parts is None:
        return ""
    flags = [] if case.run.provider == GITHUB_HOST else ["--issuer", f"https://{case.run.provider}"]
    if case.run.audience not in {None, AUDIENCE}:
        flags += ["--audience", case.run.audience or ""]
    flags += ["--repo", parts.repository]
    if parts.owner_id and parts.repo_id:
        flags += ["--owner-id", parts.owner_id, "--repo-id", parts.repo_id]
    flags.append(f"--{parts.context.replace('_', '-')}")
    return shlex.join([*flags, parts.value] if parts.value else flags)
