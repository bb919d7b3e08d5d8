"""
Who may assume a role, as the keys of `environments.toml` say it.

What has no key is never written wider: a role with such a statement is not taken over.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deploy_access.adopt.subjects import SubjectLine, mended, read_line
from deploy_access.github.claims import CLAIMS, check_claim
from deploy_access.github.oidc_trust import is_about_tokens, names_tokens, provider_url
from deploy_access.github.trusted_subject import named_subjects
from deploy_access.iam.arns import Arn
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.trusted_subject import TrustedSubject
    from deploy_access.iam.policy import Condition, Policy, PolicyStatement

_ASSUME = {"sts:assumerole", "sts:setsourceidentity"}
_PRINCIPAL = "aws:principalarn"


@dataclass(slots=True, kw_only=True)
class Trust:
    """
    Who may assume a role.

    Attributes:
        providers: What the OIDC providers are called: issuers without `https://`.
        lines: The entries of `subjects`.
        audiences: The values of `aud` that are asked for.
        roles: Roles of people, each with the source identities that they have to give.
        users: Users of people.
        never: What is trusted and no token carries, as sentences.
        lost: What is trusted and has no key, as sentences: who uses it is locked out.
        reasons: Why the role cannot be taken over, as sentences.
    """

    providers: list[str] = field(default_factory=list[str])
    lines: list[SubjectLine] = field(default_factory=list[SubjectLine])
    audiences: list[str] = field(default_factory=list[str])
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    users: list[str] = field(default_factory=list[str])
    never: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])
    reasons: list[str] = field(default_factory=list[str])


def read_trust(policy: Policy) -> Trust | None:
    """Return who may assume a role; None for one that no token of GitHub reaches."""
    named = [*named_subjects(policy)]
    ours = [one for one in named if one.statement.is_github]
    if not ours:
        return None
    trust = Trust(providers=[*dict.fromkeys(one.statement.prefix for one in ours)])
    for subject in ours:
        _add_subject(subject, trust)
    for host in dict.fromkeys(o.statement.prefix for o in named if not o.statement.is_github):
        trust.reasons.append(f"tokens of `{host}` may assume it too")
    for statement in policy.statements:
        _add_other(statement, trust)
    if not trust.lines and trust.never:
        _mend(ours, trust)
    return trust


def _add_subject(subject: TrustedSubject, trust: Trust) -> None:
    if subject.claim is None:
        trust.reasons.append("its trust policy asks for no `sub`")
        return
    claims = _claims(subject, trust)
    found = read_line(subject.value, is_pattern=subject.kind == "pattern")
    if isinstance(found, SubjectLine):
        trust.reasons += _refused(claims)
        trust.lines.append(replace(found, requiring=claims[0], requiring_pattern=claims[1]))
    elif "never matches" in found or "matches no" in found:
        trust.never.append(found)
    else:
        trust.lost.append(found)


def _mend(subjects: list[TrustedSubject], trust: Trust) -> None:
    """Write what is meant, where no token carries any of the values."""
    for subject in subjects:
        line = mended(subject.value)
        exact, patterns = _claims(subject, Trust())
        if line is not None:
            trust.lines.append(replace(line, requiring=exact, requiring_pattern=patterns))


def _claims(
    subject: TrustedSubject, trust: Trust
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Sort the conditions beside `sub` into exact ones and patterns."""
    exact: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    start = f"{subject.statement.prefix}:".lower()
    for condition in subject.conditions:
        name = condition.key.lower().removeprefix(start)
        if name == "aud" and condition.operator in {"StringEquals", "StringLike"}:
            trust.audiences += [one for one in condition.values if one not in trust.audiences]
        elif name in CLAIMS and condition.operator == "StringEquals":
            exact[name] = condition.values
        elif name in CLAIMS and condition.operator == "StringLike":
            is_pattern = any(map(has_wildcard, condition.values))
            (patterns if is_pattern else exact)[name] = condition.values
        else:
            trust.reasons.append(_no_key(condition))
    return exact, patterns


def _refused(claims: tuple[Mapping[str, object], Mapping[str, object]]) -> list[str]:
    """Return the reasons why `requiring` takes no such values."""
    return [
        f"its trust policy asks for the claim {key}: {problem.what} Got {problem.given!r}."
        for values, pattern in zip(claims, (False, True), strict=True)
        for key, given in values.items()
        for problem in check_claim(key, given, pattern=pattern)
    ]


def _no_key(condition: Condition) -> str:
    return f"its trust policy tests `{condition.key}` by `{condition.operator}`, which has no key"


def _add_other(statement: PolicyStatement, trust: Trust) -> None:
    """Add a statement that is not about tokens: people, or what no key names."""
    if statement.effect == "Deny":
        trust.reasons.append("a statement of its trust policy denies, which has no key")
        return
    if names_tokens(statement) and (is_about_tokens(statement) or _has_provider(statement)):
        return
    people = _people(statement)
    if people is None:
        named = (
            ", ".join(f"`{one.value}`" for one in statement.principals or ()) or "`NotPrincipal`"
        )
        trust.reasons.append(f"{named} may assume it too, which has no key")
        return
    for arn, identities in people.items():
        if ":user/" in arn:
            trust.users.append(arn)
        else:
            trust.roles[arn] = identities


def _has_provider(statement: PolicyStatement) -> bool:
    return any(provider_url(one.value) for one in statement.principals or ())


def _people(statement: PolicyStatement) -> Mapping[str, tuple[str, ...]] | None:
    """Name the roles and users that a statement lets in; None where a key would say otherwise."""
    actions = {action.lower() for action in statement.actions or ()}
    if not actions or not actions <= _ASSUME:
        return None
    arns, identities, has_mfa = [*(one.value for one in statement.principals or ())], (), False
    for condition in statement.conditions:
        key = condition.key.lower()
        if key == _PRINCIPAL and condition.operator in {"ArnEquals", "StringEquals"}:
            arns = [*condition.values]
        elif key == "sts:sourceidentity" and condition.operator == "StringEquals":
            identities = condition.values
        elif key == "aws:multifactorauthpresent" and condition.values == ("true",):
            has_mfa = True
        else:
            return None
    found = dict.fromkeys(arns, identities)
    return found if arns and all(_is_person(arn, has_mfa=has_mfa) for arn in arns) else None


def _is_person(text: str, *, has_mfa: bool) -> bool:
    arn = Arn.parse(text)
    if arn is None or arn.account_id is None or has_wildcard(text):
        return False
    # A role's session carries no MFA, so a condition on it lets nobody in through a role.
    return arn.is_iam("user") if has_mfa else arn.is_iam("role")
