"""What Terraform would do to resources, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ResourceAction = Literal["create", "update", "replace", "destroy", "forget", "move", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """
    One attribute of a resource, before and after.

    Attributes:
        name: Its name; `a.b[0].c` for one within another.
        before: As JSON, or None when it was not set.
        after: As JSON, or None when it is not set, `(known after apply)` when nobody knows yet.
    """

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """
    What Terraform would do to one resource.

    Attributes:
        stack: The stack, or the file when it is of none.
        address: Terraform's address, for example `aws_ecr_repository.Image_Resource_0123ABCD`.
        type: Terraform's type.
        name: What people call it: the construct's path, or the name that the resource has in AWS.
        action: What happens to it.
        attributes: What changed of it; empty when all of it is new or gone.
        holds_data: Whether data are lost with it.
        why: What makes it so, in a sentence, for example ``A repository cannot be renamed:
            `name` changed from "web" to "shop".``; or empty.
        note: What else is to know, in a sentence: who still holds it back, what to write instead;
            or empty.
        known: Whether it is known that this happens; False where only a plan can tell.
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
        """Whether what is there now is gone afterwards."""
        return self.action in {"destroy", "replace"}
