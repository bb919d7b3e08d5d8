"""
The rules about the conditions of a trust policy: operators, keys and audiences.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
and https://github.com/aws-actions/configure-aws-credentials#oidc (what `ForAllValues` opens).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.github.claims import CLAIMS, CONDITION_KEYS
from deploy_access.github.platforms import known_keys
from deploy_access.github.subject_claim import has_loose_workflow
from deploy_access.github.subject_fault import find_fault
from deploy_access.iam.arns import Arn
from deploy_access.iam.operators import read_operator, without_if_exists, without_set_operator
from deploy_access.iam.references import has_wildcard
from deploy_access.partition import usual_audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import Claim, OidcStatement


def check_claim(statement: OidcStatement, claim: Claim) -> Iterator[DocumentFinding]:
    """Check one condition; the values of `sub` have rules of their own."""
    # A key that does not exist has no operator or value worth a finding of its own.
    if claim.name is None or _is_unlisted(statement, claim.name):
        yield found_in(statement, claim, _wrong_key(statement, claim), *claim.values)
        return
    if claim.is_for_all:
        yield _of_operator(statement, claim, _for_all(claim))
    if claim.is_optional:
        yield _of_operator(statement, claim, _if_exists(claim))
    if claim.name != "sub" and claim.is_positive:
        for value in claim.values:
            for found in _check_value(statement, claim, value):
                yield found_in(statement, claim, found, value)


def _is_unlisted(statement: OidcStatement, name: str) -> bool:
    """Whether AWS lists no condition key for a claim of the issuer, where that is known."""
    if statement.is_github:
        return name not in CONDITION_KEYS
    subjects = [value for claim in statement.of("sub") for value in claim.values]
    known = known_keys(statement.prefix, next(iter(subjects), ""))
    return name not in (known or {name})


# What differs by letter case: refs, and the refs and paths of workflows.
_CASED = frozenset({"base_ref", "head_ref", "job_workflow_ref", "ref", "workflow_ref"})


def ignored_case(claim: Claim, value: str, claims: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """
    Check that letter case counts where it tells two things apart.

    Args:
        claim: The condition.
        value: One of its values.
        claims: The claims that stand in the value.
    """
    keys = {key for key, _ in claims} if claim.ignores_case else set[str]()
    if keys & _CASED:
        why = "Refs and files differ by letter case: every user who can push one that is spelt in "
        why += "other letters gets in."
    elif "environment" in keys:
        why = "It lets in nobody else, as no two environments of a repository differ by letter "
        why += "case alone, but a value should read as the token has it."
    else:
        return
    fix = "Compare it with `StringEquals`, in the letters of the token."
    yield finding("ignore-case", value, why, fix, severity=None if keys & _CASED else "note")


def check_audience(
    statement: OidcStatement, known: Sequence[str] | None
) -> Iterator[DocumentFinding]:
    """Check that the statement tests one audience, and that the provider accepts it."""
    claims = statement.of("aud")
    if not claims:
        yield _no_audience(statement, known)
    for claim in claims:
        if claim.is_pattern or len(claim.values) > 1:
            yield found_in(statement, claim, _loose_audience(statement, claim), *claim.values)
        for value in claim.values:
            if _is_unknown(value, known):
                yield found_in(statement, claim, _wrong_audience(value, known or ()))


def _no_audience(statement: OidcStatement, known: Sequence[str] | None) -> DocumentFinding:
    # STS takes no token whose audience is not in the list of the provider.
    is_one = known is not None and len(known) == 1 and "${" not in known[0]
    taken = "A token that was made for another audience of the provider is taken too."
    later = "The provider has one audience now; tokens for the next one would be taken too."
    audience = known[0] if known and is_one else _usual_audience(statement)
    return DocumentFinding(
        finding(
            "no-aud",
            statement.keys,
            later if is_one else taken,
            f'Add `"StringEquals": {{"{statement.prefix}:aud": "{audience}"}}`.',
            severity="note" if is_one else None,
        ),
        statement.path,
        says=f"No condition asks for a value of {statement.prefix}:aud",
    )


def _usual_audience(statement: OidcStatement) -> str:
    """Return the audience that the action asks for at GitHub; other issuers have their own."""
    if not statement.is_github:
        return "..."
    arn = Arn.parse(statement.principal)
    return usual_audience(arn.partition if arn else "")


def found_in(
    statement: OidcStatement, claim: Claim, found: Finding, *values: str
) -> DocumentFinding:
    """
    Return a finding with its place in a condition.

    Args:
        statement: The statement.
        claim: The condition.
        found: The finding.
        values: The values of the condition, where the evidence is not one of them.
    """
    path = f"{statement.path}.Condition.{claim.operator}"
    is_whole = values == (found.evidence,)
    return DocumentFinding(
        found, path, claim.key, "" if is_whole else held(values) if values else ""
    )


def _of_operator(statement: OidcStatement, claim: Claim, found: Finding) -> DocumentFinding:
    """Return a finding about the operator of a condition, with its place."""
    holds = f"{{{json.dumps(claim.key, ensure_ascii=False)}: {held(claim.values)}}}"
    return DocumentFinding(found, f"{statement.path}.Condition", claim.operator, holds)


def _check_value(statement: OidcStatement, claim: Claim, value: str) -> Iterator[Finding]:
    if statement.is_github:
        yield from ignored_case(claim, value, [(claim.name or "", value)])
    if has_wildcard(value) and not claim.is_pattern:
        yield from check_subject(value, pattern=False)
    elif statement.is_github and _is_never(claim.name or "", value):
        yield _never(claim.name or "", value)
    elif statement.is_github and claim.name is not None:
        yield from check_claim_value(claim.name, value)


def check_claim_value(name: str, value: str) -> Iterator[Finding]:
    """Check one value that a policy for GitHub's issuer compares a claim beside `sub` with."""
    if name == "job_workflow_ref" and has_loose_workflow(f"job_workflow_ref:{value}"):
        yield finding(
            "loose-job-workflow-ref",
            value,
            "Whoever can push a branch there can change the workflow that is trusted.",
            "Name one file at one protected ref: `o/r/.github/workflows/f.yml@refs/heads/b`.",
        )
    elif name in CLAIMS and has_wildcard(value):
        yield finding(
            "loose-claim",
            value,
            "It narrows as far as nobody who is kept out can make a value that matches.",
            "Name the values, as many as there are.",
        )


def _is_never(name: str, value: str) -> bool:
    """Whether no token has *value* for a claim of a repository or a ref."""
    if name == "ref" and value.startswith("refs/pull/"):
        return False  # The claim of a pull request has it, its `sub` has not.
    return name in _FORMS and find_fault(f"{name}:{value}") is not None


def _never(name: str, value: str) -> Finding:
    why = f"It never matches: the claim is {_FORMS[name]}."
    return finding("bad-ref", value, why, "Write it as the token has it.")


_FORMS = {
    "ref": "the full ref, as `refs/heads/main`",
    "repository": "`OWNER/NAME`",
    "repository_id": "a number",
    "repository_owner_id": "a number",
}


def _is_unknown(value: str, known: Sequence[str] | None) -> bool:
    # An audience that only Terraform knows, on either side, may be equal.
    if known is None or has_wildcard(value) or "${" in value:
        return False
    return value not in known and not any("${" in audience for audience in known)


def _wrong_key(statement: OidcStatement, claim: Claim) -> Finding:
    if claim.name is None:
        why = f"The keys of this provider begin with `{statement.prefix}:`."
    elif statement.is_github:
        why = f"AWS has no condition key for the claim {claim.name!r}."
    else:
        why = f"AWS lists no condition key for the claim {claim.name!r} here, which was not tried."
    effect = "keeps nobody out" if _holds_without_key(claim) else "never holds, so nobody gets in"
    return finding(
        "wrong-key",
        claim.key,
        f"{why} A condition on a key that does not exist {effect}, with this operator.",
        f"Say it in `{statement.prefix}:sub`, or use one of the keys that AWS lists.",
        severity="warning" if claim.name and not statement.is_github else None,
    )


def _holds_without_key(claim: Claim) -> bool:
    """Whether a condition holds where its key does not exist; `Null` asks for just that."""
    operator = read_operator(claim.operator)
    if operator is not None and operator.compare is None:
        return "true" in map(str.lower, claim.values)
    return operator is not None and not operator.needs_value


def _for_all(claim: Claim) -> Finding:
    return finding(
        "for-all-values",
        claim.operator,
        "`ForAllValues` is met by a token without the claim, and by a key that does not exist.",
        f"Use `{without_set_operator(claim.operator)}`: a claim has one value.",
    )


def _if_exists(claim: Claim) -> Finding:
    return finding(
        "if-exists",
        claim.operator,
        "`IfExists` is met by a token without the claim, and by a key that does not exist.",
        f"Use `{without_if_exists(claim.operator)}`.",
    )


def _loose_audience(statement: OidcStatement, claim: Claim) -> Finding:
    # The worst first: a pattern lets in tokens that were made for another service.
    is_open = claim.is_pattern and any(map(has_wildcard, claim.values))
    if is_open:
        why = "A token that was made for another audience of the provider matches, and is taken."
    elif len(claim.values) > 1:
        why = "Tokens for several audiences are taken; one is enough for a role."
    else:
        why = "An audience is one exact text; under a pattern, the next `*` in it would count."
    usual = f", mostly `{_usual_audience(statement)}`" if statement.is_github else ""
    return finding(
        "loose-aud",
        ", ".join(claim.values),
        why,
        f'Write `"StringEquals"` with the one audience{usual}.',
        severity="error" if is_open else "warning" if len(claim.values) > 1 else "note",
    )


def _wrong_audience(value: str, known: Sequence[str]) -> Finding:
    return finding(
        "wrong-aud",
        value,
        f"It never matches: the provider takes {', '.join(known) or 'no audience'}.",
        "Write the audience that the workflow asks for here and in the provider's list.",
    )
