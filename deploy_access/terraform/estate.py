"""What was read: roles, who may assume them and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.acceptance import Acceptance
    from deploy_access.errors import Problem
    from deploy_access.terraform.certainty import Premise

PolicyKind = Literal["inline", "managed", "attached-arn"]
IdentityKind = Literal["role", "user", "group", "policy"]
UnreadKind = Literal[
    "account", "duplicate-key", "file", "malformed", "module", "multiplicity", "unresolved"
]

# Characters of what was given that a message shows: enough for an ARN with a long name.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Where:
    """
    A place in a file.

    Attributes:
        file: The file, as it was named.
        address: What in it, for example `aws_iam_role.Deploy.assume_role_policy`.
        stack: The stack that the file is of, or None.
        line: The line of it in the file, from 1; 0 where it is not known. What only moves to
            another line is the same place.
        folder: The folder whose files are one module with this one; empty for a file by itself.
    """

    file: str
    address: str = ""
    stack: str | None = None
    line: int = field(default=0, compare=False)
    folder: str = field(default="", compare=False)

    @property
    def whole(self) -> str:
        """The file, or all files of which it is one."""
        return self.folder or self.file

    def __str__(self) -> str:
        file = self.stack or (f"{self.file}:{self.line}" if self.line else self.file)
        return f"{file}: {self.address}" if file and self.address else file or self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """
    A part of a file that could not be read, or not wholly; the reading went on without it.

    Attributes:
        kind: Why it could not be read.
        what: The same as a sentence.
        given: The text that stands there.
        where: Where it stands.
    """

    kind: UnreadKind
    what: str
    given: str
    where: Where

    def __str__(self) -> str:
        # Cut first: of a text of megabytes only the beginning has its white space joined.
        shown = " ".join(self.given[: 2 * _SHOWN].split())
        cut = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        return " ".join(f"{self.where}: {self.what} Got {cut!r}.".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """
    A policy document, as far as it is known.

    Attributes:
        content: Its JSON as text, or parsed where AWS answers with an object; None when nothing
            of it is known. What Terraform fills in stands in it as `${expression}`.
        where: Where it is written.
        unresolved: Every such expression in it, without `${` and `}`.
        left_out: The documents that belong into it and are not known, each as it is written.
        parts: Where it is not certain what is in it, its parts with what they rest on; *content*
            is the widest reading then, in which nothing subtracts that may not be there.
    """

    content: str | Mapping[str, object] | None
    where: Where
    unresolved: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    parts: tuple[DocumentPart, ...] = ()

    @property
    def written(self) -> tuple[object, ...]:
        """All that it says, wherever it is written."""
        parts = tuple((part.document.written, part.premises) for part in self.parts)
        return self.content, self.unresolved, self.left_out, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPart:
    """
    A part of a policy document.

    Attributes:
        document: The part as a document of its own.
        premises: What must be true for it to be there; nothing where it is there.
    """

    document: Document
    premises: tuple[Premise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPolicy:
    """
    A policy that a role, a user or a group has.

    Attributes:
        name: Its name in IAM.
        kind: `inline`; `managed` when its document was read; `attached-arn` when only its ARN was.
        document: What it says, or None.
        where: What gives it.
        arn: The ARN of one that is not inline.
        premises: What must be true for the role to have it; nothing where it has it.
    """

    name: str
    kind: PolicyKind
    document: Document | None
    where: Where
    arn: str | None = None
    premises: tuple[Premise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """
    A role of an account.

    Attributes:
        account: Its account, or None when nothing says which.
        name: Its name; `${...}` in it is what Terraform fills in.
        path: Its path; None for a role that is made elsewhere.
        arn: Its ARN, or None when a part of it is not known.
        where: What makes it, or what first names one that is made elsewhere.
        trust: Who may assume it; None for a role that is made elsewhere.
        policies: What it may do.
        boundary: The policy that bounds it, or None.
        max_session_duration: Seconds, or None when nothing says.
        accept: Rule to reason, from the metadata; a problem accepts nothing.
        region: The region of the provider that makes it, or None.
        premises: What must be true for the role to be there; nothing where it is there.
        construct: The construct that wrote it, from the metadata; empty for any other.
    """

    account: str | None
    name: str
    path: str | None
    arn: str | None
    where: Where
    trust: Document | None
    policies: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    max_session_duration: int | None = None
    accept: Mapping[str, Acceptance | Problem] = field(default_factory=lambda: MappingProxyType({}))
    region: str | None = None
    premises: tuple[Premise, ...] = ()
    construct: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """
    A user or a group of an account; or a managed policy by itself, which others may have.

    Attributes:
        kind: `user`, `group` or `policy`.
        account: Its account, or None when nothing says which.
        name: Its name; `${...}` in it is what Terraform fills in.
        where: What makes it, or what first names one that is made elsewhere.
        policies: What it may do; a user has the policies of his groups too.
        boundary: The policy that bounds a user, or None.
        groups: The groups that the files put a user into.
        premises: What must be true for it to be there; nothing where it is there.
        is_made: Whether the files make it, and not only name it.
        is_attached: Whether the files attach a policy, so that it is one of those who have it.
    """

    kind: IdentityKind
    account: str | None
    name: str
    where: Where
    policies: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    groups: frozenset[str] = frozenset()
    premises: tuple[Premise, ...] = ()
    is_made: bool = True
    is_attached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """
    An OIDC provider of an account.

    Attributes:
        account: Its account, or None.
        url: What its tokens have as `iss`, without `https://`: the prefix of its condition keys.
        audiences: What it accepts as `aud`.
        where: What makes it.
        accept: Rule to reason, from the metadata; a problem accepts nothing.
    """

    account: str | None
    url: str
    audiences: tuple[str, ...]
    where: Where
    accept: Mapping[str, Acceptance | Problem] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """
    An ECR repository.

    Attributes:
        account: Its account, or None.
        region: Its region, or None.
        name: Its name.
        arn: Its ARN, or None when a part of it is not known.
        where: What makes it.
        accept: Rule to reason, from the metadata; a problem accepts nothing.
        tag_mutability: For example `MUTABLE`, which it is when nothing is said; None when it is
            not known.
        scan_on_push: Whether images are scanned when they are pushed; None when it is not known.
    """

    account: str | None
    region: str | None
    name: str
    arn: str | None
    where: Where
    accept: Mapping[str, Acceptance | Problem] = field(default_factory=lambda: MappingProxyType({}))
    tag_mutability: str | None = None
    scan_on_push: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePolicy:
    """
    A document that belongs to a resource: its policy, or the lifecycle policy of a repository.

    Attributes:
        type: Terraform's type of it, for example `aws_ecr_repository_policy`.
        resource: The ARN or the name of the resource, as it is written there.
        account: The account of the resource, or None.
        region: The region of the resource, or None.
        document: What it says.
        where: What sets it.
    """

    type: str
    resource: str
    account: str | None
    region: str | None
    document: Document
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """
    Everything that was read, in an order that does not depend on the order of the files.

    Attributes:
        roles: By account and name.
        identities: The users, the groups and the managed policies.
        providers: The OIDC providers.
        repositories: The ECR repositories.
        resource_policies: Policies that are attached to resources.
        lifecycles: The lifecycle policies of ECR repositories.
        resources: The names of the resources with a policy that the files make, by their type,
            their account and each text that may stand for one, such as its ARN.
        terraform_roles: The roles that a provider of AWS assumes, by ARN.
        is_whole_account: Whether an answer of AWS with all roles of an account is among what was
            read.
        problems: What could not be read.
        definitions: A digest of what each expression is made of that only Terraform resolves, by
            stack and expression; only where two sides are compared.
    """

    roles: tuple[Role, ...] = ()
    identities: tuple[Identity, ...] = ()
    providers: tuple[IdentityProvider, ...] = ()
    repositories: tuple[Repository, ...] = ()
    resource_policies: tuple[ResourcePolicy, ...] = ()
    lifecycles: tuple[ResourcePolicy, ...] = ()
    resources: Mapping[tuple[str, str, str], str] = field(
        default_factory=lambda: MappingProxyType({})
    )
    terraform_roles: frozenset[str] = frozenset()
    is_whole_account: bool = False
    problems: tuple[Unread, ...] = ()
    definitions: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
