"""The token of a run as one role sees it: the provider, the claims, the forms of `sub`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.provider_references import is_reference_to
from deploy_access.github.claims import CLAIMS
from deploy_access.github.platforms import is_listed, known_keys, untried_keys
from deploy_access.github.run import parse_provider
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.subject_grammar import is_default
from deploy_access.iam.arns import Arn
from deploy_access.iam.trust import WebIdentity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.run import Run
    from deploy_access.github.subject_claim import SubjectClaim
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, Role


def web_identity(run: Run, subject: str, provider_arn: str) -> WebIdentity:
    """Return the run's token for the evaluator, with *subject* as its `sub`."""
    claims = {**_in_subject(run, subject), **run.claims, "sub": subject}
    if run.audience is not None:
        claims["aud"] = run.audience
    return WebIdentity(
        provider_arn=provider_arn,
        condition_key_prefix=run.provider,
        claims={key: value for key, value in claims.items() if _is_shown(run, key)},
        unknown_claims=(
            *(() if run.complete else _unknown(run, claims)),
            *untried_keys(run.provider, run.subject),
        ),
    )


def _is_shown(run: Run, claim: str) -> bool:
    """Whether AWS sees a claim: the token has it, and AWS is known to compare it."""
    is_untried = claim in untried_keys(run.provider, run.subject)
    is_known = run.is_github or is_listed(claim, run.provider, run.subject)
    return claim not in run.absent and is_known and not is_untried


def _unknown(run: Run, claims: dict[str, str]) -> tuple[str, ...]:
    if not run.is_github:
        known = known_keys(run.provider, run.subject)
        return ("*",) if known is None else tuple(sorted(known - claims.keys()))
    # GitHub's own template shows an environment wherever the job has one.
    shown = ("environment",) if is_default(claims["sub"]) else ()
    known = {*claims, *run.absent, *shown}
    return tuple(key for key in ("aud", *CLAIMS) if key not in known)


def _in_subject(run: Run, subject: str) -> dict[str, str]:
    """Return the other claims that a `sub` of GitHub's default template holds."""
    parts = parse_subject(subject)
    if run.complete or not run.is_github or parts is None or parts.has_claims:
        return {}
    found = {"repository": parts.repository}
    if parts.owner_id and parts.repo_id:
        found |= {"repository_owner_id": parts.owner_id, "repository_id": parts.repo_id}
    if parts.context in {"branch", "tag"}:
        found["ref"] = parts.context_text.removeprefix("ref:")
    elif parts.context == "environment":
        found["environment"] = parts.value
    return found


def subjects_for(run: Run, policy: Policy) -> Iterator[str]:
    """
    List every form of `sub` that the run may have.

    When the ids of the immutable form are not known, those that the policy has for a repository of
    this name are taken to be right.
    """
    yield run.subject
    token = parse_subject(run.subject)
    if not run.ids_unknown or token is None:
        return
    for owner_id, repo_id in _known_ids(token, policy) or [("OWNER_ID", "REPO_ID")]:
        repository = f"{token.owner}@{owner_id}/{token.name}@{repo_id}"
        yield f"repo:{repository}:{token.context_text}"


def _known_ids(token: SubjectClaim, policy: Policy) -> list[tuple[str, str]]:
    """Collect the ids that the policy has for the token's repository, in the policy's order."""
    # The ids stand behind an `@`: most values need no parser.
    values = [v for s in policy.statements for c in s.conditions for v in c.values if "@" in v]
    named = [
        (parts.owner_id or "", parts.repo_id or "")
        for parts in map(parse_subject, values)
        if parts and parts.repository.casefold() == token.repository.casefold()
    ]
    return [*dict.fromkeys(ids for ids in named if all(map(str.isdecimal, ids)))]


def provider_of(run: Run, role: Role, policy: Policy, estate: Estate) -> str:
    """
    Return the provider that the token is shown to: the event's, or that of the role's account.

    Terraform's reference to that provider stands for it. Where the role's account is not known, it
    is the account that the policy names.
    """
    trusted = [
        principal.value
        for statement in policy.statements
        for principal in statement.principals or ()
        if principal.kind == "Federated"
    ]
    for value in trusted:
        if is_reference_to(value, run.provider, role, estate):
            return value
    if run.provider_arn:
        return run.provider_arn
    if role.account:
        return f"arn:{partition_of_role(role)}:iam::{role.account}:oidc-provider/{run.provider}"
    known = [parts for parts in map(parse_provider, trusted) if parts]
    # A provider of the run's own issuer first, then any: its account is the likely one.
    known.sort(key=lambda parts: parts["host"] != run.provider)
    start = known[0]["start"] if known else "arn:aws:iam::ACCOUNT:oidc-provider/"
    return f"{start}{run.provider}"


def partition_of_role(role: Role) -> str:
    """Return the partition that a role is in; `aws` when its ARN does not say."""
    arn = Arn.parse(role.arn or "")
    return arn.partition if arn else "aws"
