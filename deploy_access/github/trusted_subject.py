"""
Who a trust policy lets in: the subjects that its statements name, one by one.

`evaluate_trust` decides about one token. What asks for all of them, to list them or to write a
workflow for each, asks here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from deploy_access.github.oidc_trust import (
    is_about_tokens,
    is_other_key,
    oidc_statements,
    provider_url,
)
from deploy_access.iam.decision import Verdict
from deploy_access.iam.references import is_plain
from deploy_access.iam.trust import WebIdentity, evaluate_trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.github.oidc_trust import Claim, OidcStatement
    from deploy_access.iam.policy import Condition, Policy, PolicyStatement, Principal

SubjectKind = Literal["anything but", "exact", "pattern"]
_LET_IN = frozenset({Verdict.ALLOWED, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedSubject:
    """
    One value of `sub` that a statement lets in, or any value but some.

    Attributes:
        statement: The statement that names it, with this one value under `sub`.
        claim: The condition on `sub`; None where no condition asks for a value.
        policy: What decides about it: that statement, then each that denies.
    """

    statement: OidcStatement
    claim: Claim | None
    policy: Policy

    @property
    def kind(self) -> SubjectKind:
        """How `sub` is compared; `anything but` where it is left out or only negated."""
        if self.claim is None:
            return "anything but"
        return "pattern" if self.claim.is_pattern else "exact"

    @property
    def value(self) -> str:
        """The value as it stands; `*` where any is let in but those that are excluded."""
        return next(iter(self.claim.values), "") if self.claim else "*"

    @property
    def excluded(self) -> tuple[str, ...]:
        """The values that `sub` may not have."""
        negated = (c for c in self.statement.claims if c.name == "sub" and c.is_negated)
        return tuple(value for claim in negated for value in claim.values)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must hold besides."""
        own = (self.claim.operator, self.claim.key) if self.claim else None
        conditions = self.statement.statement.conditions
        return tuple(c for c in conditions if (c.operator, c.key) != own)

    @property
    def denials(self) -> tuple[PolicyStatement, ...]:
        """The statements that may deny it."""
        return self.policy.statements[1:]

    @property
    def is_undecided(self) -> bool:
        """
        Whether it hangs on more than the claims of a token.

        That is a reference of Terraform, a variable of IAM, a key such as `aws:SourceIp`, or a
        resource, which IAM refuses in a trust policy.
        """
        return any(map(_is_undecided, (self.statement.statement, *self.denials)))

    @property
    def is_possible(self) -> bool:
        """Whether any token can be let in as this subject, as far as the policy says."""
        certain = [claim for claim in self.statement.claims if _has_one_text(claim)]
        claims = {claim.name or "": claim.values[0] for claim in certain}
        tokens = (
            WebIdentity(
                provider_arn=arn,
                condition_key_prefix=prefix,
                claims=claims,
                unknown_claims=("*",),
            )
            for arn, prefix in self._providers()
        )
        return any(map(self.covers, tokens))

    def _providers(self) -> Iterator[tuple[str, str]]:
        """Name the providers that the policy tells apart, each with a prefix of its keys."""
        keys = (condition.key for condition in self.statement.statement.conditions)
        prefixes = dict.fromkeys((self.statement.prefix, *(k.rpartition(":")[0] for k in keys)))
        for statement in self.policy.statements:
            for arn in _principals(statement):
                url = provider_url(arn)
                if url is not None:
                    yield arn, url
                elif "${" in arn:
                    yield from ((arn, prefix) for prefix in prefixes)
        yield from ((f"arn:aws:iam::ACCOUNT:oidc-provider/{one}", one) for one in prefixes)

    def covers(self, token: WebIdentity) -> bool:
        """Whether *token* is let in as this subject, or may be, where that is undecided."""
        url = provider_url(self.statement.principal)
        if url is not None and url.lower() != token.condition_key_prefix.lower():
            return False  # another principal of the statement: that is another subject
        return evaluate_trust(self.policy, token).verdict in _LET_IN


def trusted_subjects(policy: Policy) -> Iterator[TrustedSubject]:
    """List the subjects that a trust policy lets in, in the order of its statements."""
    return (subject for subject in named_subjects(policy) if subject.is_possible)


def named_subjects(
    policy: Policy, oidc: Iterable[OidcStatement] | None = None
) -> Iterator[TrustedSubject]:
    """
    List every subject that a statement allows by name, those too that no token can be.

    Args:
        policy: The trust policy.
        oidc: Its statements as `oidc_statements` returns them, where they are there already.
    """
    denials = tuple(s for s in policy.statements if s.effect == "Deny" and is_about_tokens(s))
    read = oidc_statements(policy) if oidc is None else oidc
    for statement, principals in _of_each(_by_provider(read)):
        for claim in _claims(statement):
            own = _narrowed(statement, claim) if claim else statement
            decided = own.statement
            if principals is not None:
                decided = replace(decided, principals=principals)
            deciding = policy
            if policy.statements != (decided, *denials):
                deciding = replace(policy, statements=(decided, *denials))
            yield TrustedSubject(statement=own, claim=claim, policy=deciding)


def _of_each(
    oidc: Sequence[OidcStatement],
) -> Iterator[tuple[OidcStatement, tuple[Principal, ...] | None]]:
    """Name the principals that each is about where it has others: these are other subjects."""
    for _, group in groupby(oidc, key=lambda one: one.statement.index):
        own = [*group]
        named: defaultdict[str | None, list[Principal]] = defaultdict(list)
        for principal in own[0].statement.principals or () if len(own) > 1 else ():
            url = provider_url(principal.value)
            named[url and url.lower()].append(principal)
        for one in own:
            kept = (*named[None], *named[one.prefix.lower()])
            yield one, kept or None


def _by_provider(oidc: Iterable[OidcStatement]) -> Sequence[OidcStatement]:
    """Take each statement once for a provider: for everybody, where that is a principal of it."""
    found: dict[tuple[int, str], OidcStatement] = {}
    for one in sorted(oidc, key=lambda one: one.principal != "*"):
        found.setdefault((one.statement.index, one.prefix), one)
    return sorted(found.values(), key=lambda one: one.statement.index)


def _claims(statement: OidcStatement) -> Iterable[Claim | None]:
    """Make a condition on `sub` of each value; of several conditions the strictest is taken."""
    naming = (c for c in statement.claims if c.name == "sub" and (c.is_positive or c.is_unknown))
    asked = min(naming, key=_looseness, default=None)
    if asked is None:
        return [None]
    if not asked.values:  # it holds for no value, at most for a token without the claim
        return [asked] if asked.is_optional or asked.is_for_all else []
    if len(asked.values) == 1:
        return [asked]
    return [replace(asked, values=(value,)) for value in dict.fromkeys(asked.values)]


def _looseness(claim: Claim) -> tuple[bool, ...]:
    is_optional = claim.is_optional or claim.is_for_all
    return claim.is_unknown, claim.is_pattern, is_optional, claim.ignores_case


def _has_one_text(claim: Claim) -> bool:
    """Whether every token that meets a condition has the same text for the claim."""
    is_single = ":" not in claim.operator or claim.name == "sub"  # `amr` may have other texts too
    return claim.is_exact and is_single and [*map(is_plain, claim.values)] == [True]


def _narrowed(statement: OidcStatement, claim: Claim) -> OidcStatement:
    """Leave of the condition on `sub` the one value; each key is there once for an operator."""
    if any(one is claim for one in statement.claims):
        return statement
    own, values = (claim.operator, claim.key), claim.values
    of_policy, of_token = statement.statement.conditions, statement.claims
    return replace(
        statement,
        statement=replace(
            statement.statement,
            conditions=tuple(
                replace(c, values=values) if (c.operator, c.key) == own else c for c in of_policy
            ),
        ),
        claims=tuple(claim if (c.operator, c.key) == own else c for c in of_token),
    )


def _principals(statement: PolicyStatement) -> list[str]:
    """List the principals that a statement names, those too whom it leaves out."""
    named = (*(statement.principals or ()), *(statement.not_principals or ()))
    return [principal.value for principal in named]


def _is_undecided(statement: PolicyStatement) -> bool:
    conditions = statement.conditions
    texts = (
        *_principals(statement),
        *(statement.actions or ()),
        *(statement.not_actions or ()),
        *(condition.key for condition in conditions),
        *(value for condition in conditions for value in condition.values),
    )
    has_resource = (statement.resources, statement.not_resources) != (None, None)
    has_other_key = any(is_other_key(condition.key) for condition in conditions)
    return has_resource or has_other_key or not all(map(is_plain, texts))
