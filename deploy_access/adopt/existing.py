"""What is there on AWS, each with the arguments that Terraform has for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deploy_access.json_shape import as_text, objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ATTACHMENT = "aws_iam_role_policy_attachment"
INLINE = "aws_iam_role_policy"
LIFECYCLE = "aws_ecr_lifecycle_policy"
POLICY = "aws_iam_policy"
PROVIDER = "aws_iam_openid_connect_provider"
REPOSITORY = "aws_ecr_repository"
REPOSITORY_POLICY = "aws_ecr_repository_policy"
ROLE = "aws_iam_role"
TYPES = (
    ATTACHMENT,
    INLINE,
    LIFECYCLE,
    POLICY,
    PROVIDER,
    REPOSITORY,
    REPOSITORY_POLICY,
    ROLE,
)

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """
    One resource.

    Attributes:
        type: Terraform's type of it.
        account: Its account.
        region: Its region; empty for what IAM holds.
        id: What `terraform import` takes for it.
        values: Its arguments in Terraform's words; what the files do not say is not in it.
        file: The file that says it.
        state: Its address in a Terraform state that has it already, or an empty text.
    """

    type: str
    account: str
    region: str = ""
    id: str
    values: Mapping[str, object]
    file: str
    state: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same in two files."""
        return self.type, self.account, self.region, self.id

    def text(self, name: str) -> str:
        """Return an argument that is a text; empty where there is none."""
        return as_text(self.values.get(name)) or ""

    def merged(self, other: Existing) -> Existing:
        """Return what both say together; *other* says what this one leaves out."""
        values = {**other.values, **self.values}
        return replace(self, values=values, state=self.state or other.state)


@dataclass(slots=True, kw_only=True)
class Inventory:
    """
    All that the files say.

    Attributes:
        resources: By what makes each the same.
        listed: The ARNs of the OIDC providers of each account whose list was read.
        whole: The roles of which a file lists all policies, by account and name.
        indexed: The resources of a type by an argument, until another one is added.
    """

    resources: dict[Key, Existing] = field(default_factory=dict[Key, Existing])
    listed: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    whole: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    indexed: dict[tuple[str, str], dict[str, list[Existing]]] = field(
        default_factory=dict[tuple[str, str], dict[str, list[Existing]]]
    )

    def add(self, found: Existing) -> None:
        """Add a resource, or what else a file says of one that is there."""
        known = self.resources.get(found.key)
        self.resources[found.key] = known.merged(found) if known else found
        self.indexed.clear()

    def of(self, type_: str, argument: str = "", text: str = "") -> Sequence[Existing]:
        """List the resources of a type, or those whose argument has this text, in a fixed order."""
        by_text = self.indexed.get((type_, argument))
        if by_text is None:
            by_text = self.indexed[type_, argument] = self._by(type_, argument)
        return by_text.get(text, [])

    def _by(self, type_: str, argument: str) -> dict[str, list[Existing]]:
        found: dict[str, list[Existing]] = {}
        for key in sorted(key for key in self.resources if key[0] == type_):
            one = self.resources[key]
            found.setdefault(one.text(argument) if argument else "", []).append(one)
        return found

    def of_role(self, type_: str, role: Existing) -> list[Existing]:
        """List the policies of a role of that type."""
        named = self.of(type_, "role", role.text("name"))
        return [one for one in named if one.account == role.account]

    def find(self, type_: str, account: str, id_: str, region: str = "") -> Existing | None:
        """Return the resource of that id, if it is there."""
        return self.resources.get((type_, account, region, id_))


def tags_of(value: object) -> dict[str, Any]:
    """Return tags as Terraform has them, from AWS's list of keys and values."""
    pairs = objects(value)
    return {as_text(one.get("Key")) or "": as_text(one.get("Value")) or "" for one in pairs}
