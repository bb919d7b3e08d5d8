"""A finding together with where it stands and whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.terraform.estate import Unread, Where


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """
    What a rule found in a document.

    Attributes:
        finding: What is wrong.
        path: The way to it in the document, for example `Statement[0].Condition.StringLike`.
        key: What the evidence is the value of, for example `Resource`; or the evidence itself.
        holds: The JSON of what the key holds, where that is not the evidence.
        says: What to show where there is no value to show, for example because one is missing.
    """

    finding: Finding
    path: str = ""
    key: str = ""
    holds: str = ""
    says: str = ""


def held(values: Sequence[str]) -> str:
    """Write what a key holds as JSON: one text, or a list of them."""
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFinding:
    """
    What a rule found, and where.

    Attributes:
        finding: What is wrong.
        subject: Whose it is, for example `role web-deploy (111122223333)`.
        where: The document, or what else it stands in.
        path: The way to it in the document.
        key: What the evidence is the value of, or the evidence itself.
        accepted: The reason for which it is accepted, or None.
        holds: The JSON of what the key holds, where that is not the evidence.
        says: What to show where there is no value to show.
    """

    finding: Finding
    subject: str
    where: Where
    path: str = ""
    key: str = ""
    accepted: str | None = None
    holds: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSubject:
    """
    What findings belong to.

    Attributes:
        name: For example `role web-deploy (111122223333)`.
        where: What makes it.
        accept: Rule to reason, from its metadata.
    """

    name: str
    where: Where
    accept: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """
    What was found in everything that was read.

    Attributes:
        findings: What nobody has accepted, the worst first.
        accepted: What was accepted, each with the reason.
        problems: What could not be read.
        roles: How many roles were read.
        policies: How many policies were read by themselves, of roles that nothing names.
    """

    findings: tuple[PlacedFinding, ...]
    accepted: tuple[PlacedFinding, ...]
    problems: tuple[Unread, ...]
    roles: int
    policies: int = 0
