"""What changed between two readings, as data; the reports decide how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deploy_access.access_diff.model import AccessChange
    from deploy_access.audit.report_model import PlacedFinding
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.estate import Unread

NoticeKind = Literal["steering", "access", "guard"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Notice:
    """
    Something that somebody has to read.

    Attributes:
        kind: `steering` for code that runs with what Terraform may do and for what decides how
            Terraform runs; `access` for what gives access and is not compared; `guard` for what
            kept data and no longer does.
        address: Where it stands in the stack, for example `data.external.Version`.
        what: What it is, in a sentence.
        given: How it changed, in a few words, or an empty text.
        stacks: The stacks that have it, sorted.
    """

    kind: NoticeKind
    address: str
    what: str
    given: str = ""
    stacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStacks:
    """
    Names of the stacks, sorted.

    Attributes:
        added: Only in the head.
        changed: In both, and they differ.
        removed: Only in the base.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    Everything that differs between a base and a head.

    Attributes:
        access: By party; the widened ones first.
        resources: What Terraform would do, what destroys data first.
        new_findings: What `audit` finds in the head and did not find in the base.
        fixed_findings: The reverse.
        new_acceptances: What is accepted in the head, with its reason, and was not in the base.
        stacks: Which stacks differ.
        problems: What could not be read of the head or of the base, each once.
        new_problems: What of it could not be read of the head, and was not so in the base.
        notices: What no comparison of access or resources shows, by kind.
    """

    access: tuple[AccessChange, ...] = ()
    resources: tuple[ResourceChange, ...] = ()
    new_findings: tuple[PlacedFinding, ...] = ()
    fixed_findings: tuple[PlacedFinding, ...] = ()
    new_acceptances: tuple[PlacedFinding, ...] = ()
    stacks: ChangedStacks = field(default_factory=ChangedStacks)
    problems: tuple[Unread, ...] = ()
    new_problems: tuple[Unread, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def widened(self) -> tuple[AccessChange, ...]:
        """Whose access grew, or may have."""
        return tuple(change for change in self.access if change.is_widened)

    @property
    def narrowed(self) -> tuple[AccessChange, ...]:
        """Whose access shrank."""
        return tuple(change for change in self.access if change.is_narrowed)

    @property
    def destroyed(self) -> tuple[ResourceChange, ...]:
        """What would be destroyed or replaced."""
        return tuple(change for change in self.resources if change.is_destroyed)
