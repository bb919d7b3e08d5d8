"""The result of a review as data; the reports decide how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deploy_access.access_diff.model import AccessChange
    from deploy_access.audit.report_model import PlacedFinding
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.estate import Estate, Unread

NoticeKind = Literal["steering", "access", "guard"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Notice:
    """
    A change that no comparison decides, and that a reviewer must read.

    Attributes:
        kind: `steering` for code that runs with Terraform's permissions and for settings of
            Terraform itself; `access` for what may give access and is not compared; `guard` for
            what protected data and no longer does.
        address: Where it stands in the stack, for example `data.external.Version`.
        what: What it is, in a sentence.
        given: How it changed, in a few words, or an empty text.
        stacks: The stacks that have it, sorted.
        is_first: Whether all the rest of the report may be false, so that it stands before it.
    """

    kind: NoticeKind
    address: str
    what: str
    given: str = ""
    stacks: tuple[str, ...] = ()
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStacks:
    """
    Names of the stacks, sorted.

    Attributes:
        added: Only in the head.
        changed: In both, and they differ.
        removed: Only in the base.
        partial: Those whose plan leaves out a part of what differs, as one with `-target` does.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    Everything that differs between a base and a head.

    Attributes:
        access: By party; the widened ones first.
        resources: The changes that Terraform would make; those that destroy data come first.
        has_resources: Whether they were compared in every stack; two plans of one are not.
        new_findings: The findings of `audit` in the head that are not in the base.
        fixed_findings: The reverse.
        new_acceptances: The findings that are accepted in the head, with a reason, and were not in
            the base, or until another day.
        stacks: The stacks that differ.
        problems: The parts of the head or of the base that could not be read, each once.
        new_problems: Those of the head that were not unread in the base already.
        notices: The changes that no comparison of access or resources shows, by kind.
        sides: What was compared; it makes no difference between two reviews.
    """

    access: tuple[AccessChange, ...] = ()
    resources: tuple[ResourceChange, ...] = ()
    has_resources: bool = True
    new_findings: tuple[PlacedFinding, ...] = ()
    fixed_findings: tuple[PlacedFinding, ...] = ()
    new_acceptances: tuple[PlacedFinding, ...] = ()
    stacks: ChangedStacks = field(default_factory=ChangedStacks)
    problems: tuple[Unread, ...] = ()
    new_problems: tuple[Unread, ...] = ()
    notices: tuple[Notice, ...] = ()
    sides: tuple[Estate, Estate] | None = field(default=None, repr=False, compare=False)

    @property
    def widened(self) -> tuple[AccessChange, ...]:
        """The parties whose access grew, or may have."""
        return tuple(change for change in self.access if change.is_widened)

    @property
    def narrowed(self) -> tuple[AccessChange, ...]:
        """The parties whose access shrank."""
        return tuple(change for change in self.access if change.is_narrowed)

    @property
    def destroyed(self) -> tuple[ResourceChange, ...]:
        """The resources that would be destroyed or replaced."""
        return tuple(change for change in self.resources if change.is_destroyed)
