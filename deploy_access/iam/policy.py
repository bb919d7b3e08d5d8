"""
A policy document as frozen values, as it is evaluated.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Effect = Literal["Allow", "Deny"]
WITH_VARIABLES = "2012-10-17"
"""The version that has variables."""
WITHOUT_VARIABLES = "2008-10-17"
"""The older version, which is also that of a policy without `Version`."""
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
"""The action that exchanges a token of an OIDC provider for a session of a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One key under one operator; any one of the values is enough."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """
    A principal of a statement.

    Attributes:
        kind: `AWS`, `Federated`, `Service` or `CanonicalUser`; `*` for `"Principal": "*"`.
        value: An ARN, an account, the name of a service or `*`.

    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStatement:
    """
    One statement; of two elements that exclude each other one is None.

    Attributes:
        index: Its place in the document, from 0.

    """

    index: int
    effect: Effect
    sid: str | None = None
    principals: tuple[Principal, ...] | None = None
    not_principals: tuple[Principal, ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    A policy document.

    Attributes:
        statements: In the order of the document.
        version: As it is written, or None when it is missing.
        id: The document's `Id`.
        name: What the policy is called outside of the document, for example its ARN.

    """

    statements: tuple[PolicyStatement, ...]
    version: str | None = WITH_VARIABLES
    id: str | None = None
    name: str = ""

    @property
    def has_variables(self) -> bool:
        """Whether `${…}` means more than itself."""
        return self.version == WITH_VARIABLES
