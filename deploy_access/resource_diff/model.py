"""The changes that Terraform would make to resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ResourceAction = Literal["create", "update", "replace", "destroy", "forget", "move", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """
    One attribute of a resource, before and after.

    Attributes:
        name: Its name, for example `a.b[0].c`.
        before: Its value as JSON, or None when it was not set.
        after: Its value as JSON, or None when it is not set; `(known after apply)` when only an
            apply can tell.
    """

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """
    The change that Terraform would make to one resource.

    Attributes:
        stack: The name of the stack, or of the file when it is of no stack.
        address: Terraform's address, for example `aws_ecr_repository.Image_Resource_0123ABCD`.
        type: Terraform's type.
        name: The path of its construct, or its name in AWS, or its address.
        action: The action of Terraform.
        attributes: The attributes that differ; none when all of the resource is new or gone.
        holds_data: Whether data are lost with it.
        why: The cause, as a sentence, for example ``A repository cannot be renamed:
            `name` changed from "web" to "shop".``; or empty.
        note: Remarks, as sentences: what holds a destruction back, what to write instead; or
            empty.
        known: Whether the change is certain; False where only a plan can tell.
    """

    stack: str
    address: str
    type: str
    name: str
    action: ResourceAction
    attributes: tuple[AttributeChange, ...] = ()
    holds_data: bool = False
    why: str = ""
    note: str = ""
    known: bool = True

    @property
    def is_destroyed(self) -> bool:
        """Whether the resource that exists now does not exist afterwards."""
        return self.action in {"destroy", "replace"}
