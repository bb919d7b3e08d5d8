"""
What is known of one Terraform type, as one row of a table.

The rows are checked against plans and the schema of the AWS provider itself, version 5.100, which
marks arguments that its pages leave out: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.resource_kinds.guard import Guard, Switch


@dataclass(frozen=True, slots=True)
class Fixed:
    """
    An argument that cannot be changed in place, so that Terraform replaces the resource.

    Attributes:
        default: Its value when it is left out, or None when AWS or Terraform chooses.
        is_kept: Whether leaving it out keeps the value that the resource has.
    """

    default: object = None
    is_kept: bool = False


MUST = Fixed()
KEPT = Fixed(is_kept=True)
OFF = Fixed(default=False)
OFF_OR_KEPT = Fixed(default=False, is_kept=True)
PATH = Fixed(default="/")
NAME: Mapping[str, Fixed] = {"name": MUST, "name_prefix": KEPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    A Terraform type.

    Attributes:
        holds: Its data, as a noun for reports; empty when nothing is lost with it.
        named_by: The arguments that make it one thing in AWS; none where AWS alone names it.
        import_id: The id by which Terraform imports it, with its attributes in braces.
        fixed: The arguments that cannot be changed in place, blocks as `block.argument`; None when
            they are not known.
        has_tags: Whether the default tags of the provider are given to it.
        lock: What holds its destruction back.
        guards: What else keeps its data.
        deletes_by: The argument with the rules by which it deletes data by itself.
        part_of: The argument that names the resource whose setting it is: making it changes that
            resource, and destroying it sets the default again.
    """

    holds: str = ""
    named_by: tuple[str, ...] = ("name",)
    import_id: str = "{id}"
    fixed: Mapping[str, Fixed] | None = None
    has_tags: bool = True
    lock: Switch | None = None
    guards: tuple[Guard, ...] = ()
    deletes_by: str = ""
    part_of: str = ""

    @property
    def all_guards(self) -> tuple[Guard, ...]:
        """Everything that keeps its data, the lock first."""
        return (self.lock, *self.guards) if self.lock else self.guards

    def fixed_by(self, path: str) -> Fixed | None:
        """Return how *path*, or a block that it is in, is fixed; None when it can be changed."""
        known, parts = self.fixed or {}, path.split(".")
        for length in range(len(parts), 0, -1):
            found = known.get(".".join(parts[:length]))
            if found is not None:
                return found
        return None
