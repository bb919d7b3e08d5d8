"""
One call to AWS as far as IAM sees it: action, resource, context.

Whether a step makes it in every run is a part of it, with the page that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Need = Literal["required", "sometimes"]

ANY = "${any}"
"""
A part of an ARN that is not known before the call: a revision, a task's id, the name of a role.

It is written as Terraform's references are, so that the evaluator takes it for an opaque symbol:
a pattern with `*` in its place is sure to match, a name is undecided.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCall:
    """
    One call to AWS, as IAM judges it.

    Attributes:
        service: The API, as IAM names it: `ecs`.
        operation: For example `UpdateService`.
        resource: The ARN that IAM looks at; `*` where the action has no resource of its own.
        or_resource: What it looks at instead according to another of AWS's pages, or None.
        account: The account of the resource; None for that of the role.
        region: The region that is called; None where it is not known which one IAM is told.
        context: The condition keys of the call.
        options: What the call is told, where a later call hangs on its answer.
        lacks: Condition keys of the call's own service that it does not have.
        need: Whether the step fails without it, or makes it in some runs only.
        when: In which runs, for a call that is sometimes made.
        unknown: What in the resource is not known before the call, in words.
        source: The page that says so.
        trusts_account: Whether the resource has a policy of its own that trusts its whole account,
            so that the role's policies decide: the default of a key, and what `bootstrap` gives to
            the role of Terraform.
        api: Whether the call is made; otherwise another one needs the permission besides its own.
    """

    service: str
    operation: str
    resource: str
    or_resource: str | None = None
    account: str | None = None
    region: str | None = None
    context: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    lacks: tuple[str, ...] = ()
    need: Need = "required"
    when: str = ""
    unknown: str = ""
    source: str
    trusts_account: bool = False
    api: bool = True

    @property
    def action(self) -> str:
        """The action that allows it."""
        return f"{self.service}:{self.operation}"

    @property
    def resources(self) -> tuple[str, ...]:
        """All that IAM may look at; the pages agree on most calls, which have one."""
        return (self.resource,) if self.or_resource is None else (self.resource, self.or_resource)
