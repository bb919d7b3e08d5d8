"""A statement of a trust policy that lets tokens of an OIDC provider in, taken apart."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.issuer import GITHUB_HOST, RETIRED_HOST, Issuer
from deploy_access.iam.arns import Arn
from deploy_access.iam.evaluation import check_action
from deploy_access.iam.operators import asks_for_text, read_operator
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import WEB_IDENTITY, Principal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.iam.operators import Operator
    from deploy_access.iam.policy import Condition, Policy, PolicyStatement

_HOST = re.compile(r"(https://)?[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?", re.DOTALL)
# IAM knows these by their host alone, without a provider in the account.
_BUILT_IN = {
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
}
_OTHER_KEYS = ("aws:", "sts:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """
    One condition on a claim of the token.

    Attributes:
        operator: The operator, as it is written.
        key: The key, as it is written.
        name: The claim in lower case, or None when the key is not one of this provider.
        values: What it is compared with.
    """

    operator: str
    key: str
    name: str | None
    values: tuple[str, ...]

    @property
    def is_for_all(self) -> bool:
        """Whether it is met when there is no value."""
        return self._operator is not None and self._operator.is_for_all

    @property
    def is_optional(self) -> bool:
        """Whether it is met when there is no such key."""
        return self._operator is not None and self._operator.if_exists

    @property
    def is_pattern(self) -> bool:
        """Whether `*` and `?` stand for other characters."""
        return self._operator is not None and self._operator.is_pattern

    @property
    def is_positive(self) -> bool:
        """Whether it asks for a value, rather than for the lack of one."""
        return asks_for_text(self.operator)

    @property
    def is_negated(self) -> bool:
        """Whether it asks for the lack of a value."""
        return self._operator is not None and self._operator.negated

    @property
    def is_exact(self) -> bool:
        """Whether only a token with one of the texts meets it, letter by letter."""
        return self._operator is not None and self._operator.is_exact

    @property
    def is_unknown(self) -> bool:
        """Whether IAM has no such operator, so that it never holds."""
        return read_operator(self.operator) is None

    @property
    def ignores_case(self) -> bool:
        """Whether a value matches in any letter case."""
        return self._operator is not None and self._operator.ignores_case

    @property
    def _operator(self) -> Operator | None:
        return read_operator(self.operator)


@dataclass(frozen=True, kw_only=True)  # without slots: the rules ask the same again and again
class OidcStatement:
    """
    One statement as it is for one provider.

    Attributes:
        statement: The statement.
        principal: The principal, as it is written.
        prefix: What the provider's condition keys begin with.
        claims: The conditions about the token, those with unknown keys too.
    """

    statement: PolicyStatement
    principal: str
    prefix: str
    claims: tuple[Claim, ...]

    @property
    def path(self) -> str:
        """Where the statement stands."""
        return f"Statement[{self.statement.index}]"

    @property
    def is_retired(self) -> bool:
        """Whether the issuer is that of GitHub's beta."""
        return _is_retired(self.prefix)

    @cached_property
    def is_github(self) -> bool:
        """Whether the subjects are GitHub's."""
        return self.is_retired or _is_github(self.prefix)

    @cached_property
    def is_server(self) -> bool:
        """Whether the issuer is a GitHub Enterprise Server."""
        issuer = _issuer(self.prefix)
        return issuer is not None and issuer.is_server

    @property
    def keys(self) -> str:
        """The condition keys that it has, as evidence of those that it lacks."""
        keys = dict.fromkeys(condition.key for condition in self.statement.conditions)
        return ", ".join(keys) or "{}"

    @cached_property
    def lets_assume(self) -> bool:
        """Whether the role can be assumed by it at all, as far as its actions say."""
        return is_about_tokens(self.statement)

    @property
    def names_provider(self) -> bool:
        """Whether it is certainly meant for tokens: it has a provider's ARN, or one of its keys."""
        principals = self.statement.principals or ()
        has_arn = any(provider_url(principal.value) for principal in principals)
        return has_arn or any(claim.name for claim in self.claims)

    def of(self, name: str) -> Sequence[Claim]:
        """List the conditions that ask for a value of the claim *name*."""
        return self._positive.get(name, ())

    @cached_property
    def _positive(self) -> Mapping[str, list[Claim]]:
        found: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if claim.name is not None and claim.is_positive:
                found[claim.name].append(claim)
        return {**found}


def oidc_statements(policy: Policy) -> Iterator[OidcStatement]:
    """Find what lets tokens in; a statement for two providers counts for each."""
    for statement in policy.statements:
        if statement.effect == "Allow":
            for principal in _principals(statement):
                prefix = _prefix(principal, statement)
                if prefix:
                    claims = tuple(_claims(statement, prefix))
                    yield OidcStatement(
                        statement=statement,
                        principal=principal.value,
                        prefix=prefix,
                        claims=claims,
                    )


def names_tokens(statement: PolicyStatement) -> bool:
    """Whether a statement is meant for tokens of an OIDC provider, well written or not."""
    principals = _principals(statement)
    return any(_may_be_provider(one, statement) for one in principals) or not principals


def _may_be_provider(principal: Principal, statement: PolicyStatement) -> bool:
    if is_everybody(principal) or provider_url(principal.value):
        return provider_url(principal.value) is not None or is_about_tokens(statement)
    if principal.kind == "Federated":
        arn = Arn.parse(principal.value)
        return principal.value not in _BUILT_IN and not (arn and arn.is_iam("saml-provider"))
    keys = [condition.key for condition in statement.conditions]
    return any(not is_other_key(key) and key.lower().endswith((":sub", ":aud")) for key in keys)


def _principals(statement: PolicyStatement) -> tuple[Principal, ...]:
    """List whom it is about; all but some are everybody."""
    if statement.not_principals is not None:
        return (Principal(kind="*", value="*"),)
    return statement.principals or ()


def is_about_tokens(statement: PolicyStatement) -> bool:
    """Whether the actions of a statement include, for all one knows, that of a token."""
    return check_action(statement, WEB_IDENTITY) is not Outcome.FAIL


@lru_cache(maxsize=1024)  # one provider stands in the policies of thousands of roles
def provider_url(principal: str) -> str | None:
    """Return what the ARN of an OIDC provider names; None for any other text."""
    arn = Arn.parse(principal)
    return arn.resource_id if arn and arn.is_iam("oidc-provider") else None


def is_everybody(principal: Principal) -> bool:
    """Whether the principal stands for every caller."""
    return principal.value == "*" and principal.kind in {"*", "AWS", "Federated"}


def _prefix(principal: Principal, statement: PolicyStatement) -> str | None:
    if is_everybody(principal):
        return _guess(statement) if is_about_tokens(statement) else None
    if principal.kind != "Federated" or principal.value in _BUILT_IN:
        return None
    url = provider_url(principal.value)
    if url is not None:
        return url
    if "${" in principal.value:
        return _guess(statement)
    if _HOST.fullmatch(principal.value):
        return principal.value.removeprefix("https://")
    return None


def _guess(statement: PolicyStatement) -> str:
    """Take the prefix off the conditions, when only Terraform knows the provider."""
    prefixes = [
        key.rpartition(":")[0]
        for key in (condition.key for condition in statement.conditions)
        if not is_other_key(key) and key.lower().endswith((":sub", ":aud"))
    ]
    return prefixes[0] if prefixes else GITHUB_HOST


def _claims(statement: PolicyStatement, prefix: str) -> Iterator[Claim]:
    start = f"{prefix}:".lower()
    for condition in statement.conditions:
        if not is_other_key(condition.key):
            yield _claim(condition, start)


def _claim(condition: Condition, start: str) -> Claim:
    key = condition.key.lower()
    return Claim(
        operator=condition.operator,
        key=condition.key,
        name=key.removeprefix(start) if key.startswith(start) else None,
        values=condition.values,
    )


def is_other_key(key: str) -> bool:
    """Whether a condition key is about the request, and not about the token."""
    return key.lower().startswith(_OTHER_KEYS)


@lru_cache(maxsize=128)
def _is_retired(prefix: str) -> bool:
    return prefix.lower().partition("/")[0] == RETIRED_HOST


def _is_github(prefix: str) -> bool:
    issuer = _issuer(prefix)
    return issuer is not None and issuer.is_github


@lru_cache(maxsize=128)
def _issuer(prefix: str) -> Issuer | None:
    try:
        return Issuer(f"https://{prefix.lower()}")
    except InvalidValue:
        return None
