"""Findings with their places and subjects, and the result of an audit."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.acceptance import Acceptance
    from deploy_access.audit.finding import Finding
    from deploy_access.audit.sign_ins import JobSignIn
    from deploy_access.errors import Problem
    from deploy_access.iam.access_level import Level
    from deploy_access.terraform.estate import Unread, Where


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """
    A finding in a document.

    Attributes:
        finding: The finding.
        path: The path in the document, for example `Statement[0].Condition.StringLike`.
        key: The key whose value is the evidence, for example `Resource`; or the evidence itself.
        holds: The value of the key as JSON, where it is not the evidence.
        says: The text to show where there is no value, for example because one is missing.
    """

    finding: Finding
    path: str = ""
    key: str = ""
    holds: str = ""
    says: str = ""


def held(values: Sequence[str]) -> str:
    """Return the values of a key as JSON: one text, or a list of them."""
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFinding:
    """
    A finding with its place.

    Attributes:
        finding: The finding.
        subject: The role or resource, for example `role web-deploy (111122223333)`.
        where: The document, or the block.
        path: The path in the document.
        key: The key whose value is the evidence, or the evidence itself.
        accepted: The reason for accepting it, or None.
        until: The last day of its acceptance, or an empty text.
        ended: The reason of its acceptance where that day has passed.
        holds: The value of the key as JSON, where it is not the evidence.
        says: The text to show where there is no value.
    """

    finding: Finding
    subject: str
    where: Where
    path: str = ""
    key: str = ""
    accepted: str | None = None
    until: str = ""
    ended: str = ""
    holds: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSubject:
    """
    The role or resource that findings belong to.

    Attributes:
        name: For example `role web-deploy (111122223333)`.
        where: The block that makes it.
        accept: Rule to reason, from its metadata; a problem accepts nothing.
    """

    name: str
    where: Where
    accept: Mapping[str, Acceptance | Problem] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class KnownFinding:
    """
    A finding of a baseline: what makes it the same in a later audit.

    Attributes:
        rule: The rule's id.
        severity: A finding that became an error is another one.
        subject: The role or resource, as the report names it.
        place: The stack, the folder or the file, with `/` between folders.
        path: The path in the document, without places in lists.
        evidence: The value that shows it.
        value: The value that has the evidence in it, or what is said where there is none; empty
            where it is the evidence.
        why: The sentence about it, which names what it reaches, without lines of files.
    """

    rule: str
    severity: str
    subject: str
    place: str
    path: str
    evidence: str
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCaller:
    """
    Tokens that a role lets in.

    Attributes:
        issuer: The issuer without `https://`, for example `token.actions.githubusercontent.com`.
        subject: The value of `sub` as it is written; `*` where any is let in.
        conditions: What is asked besides, without the audience, each as a phrase.
        is_certain: Whether the policy alone decides that they are let in.
    """

    issuer: str
    subject: str
    conditions: tuple[str, ...] = ()
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedRole:
    """
    A role that tokens may assume.

    Attributes:
        name: Its name.
        account: Its account, or None.
        by: Who is let in; empty where the trust policy could not be read.
        may: The services whose actions it may use, each under the most dangerous of AWS's levels
            that it has there; `everything` for all of them.
        gives: The actions that give it the access of other roles: `iam:PassRole`, `sts:AssumeRole`.
        unread: The policies of which not all is known: they may allow more.
        severities: The number of its findings that are not accepted, by severity.
        rules: The rules of these findings, the worst first.
    """

    name: str
    account: str | None
    by: tuple[TokenCaller, ...]
    may: Mapping[Level, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    gives: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    severities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """
    The result of an audit.

    Attributes:
        findings: The findings that are not accepted and not known, the worst first.
        accepted: The accepted findings, each with its reason.
        problems: The parts that could not be read.
        roles: The number of roles that were read.
        policies: The number of policies that were read by themselves, without a role.
        baseline: The file of findings that are known, or None.
        known: The findings that stand in it.
        gone: What stands in it and is not found, sorted.
        workflows: The number of workflows that were read.
        sign_ins: Their jobs that sign in.
        reached: Who reaches what, where a whole account was read; else None.
    """

    findings: tuple[PlacedFinding, ...]
    accepted: tuple[PlacedFinding, ...]
    problems: tuple[Unread, ...]
    roles: int
    policies: int = 0
    baseline: str | None = None
    known: tuple[PlacedFinding, ...] = ()
    gone: tuple[KnownFinding, ...] = ()
    workflows: int = 0
    sign_ins: tuple[JobSignIn, ...] = ()
    reached: tuple[ReachedRole, ...] | None = None
