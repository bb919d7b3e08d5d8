"""The notices about resources of types and providers that are in no list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.review.model import Notice
from deploy_access.terraform.aws_types import types_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.resource_diff.model import ResourceChange

QUIET: Mapping[str, str] = {
    "archive": "packs files of the checkout into another file of it",
    "cloudinit": "puts texts together that stand in the stack",
    "external": "has data sources only, which are noticed as code",
    "http": "has data sources only, which are noticed as code",
    "local": "writes files on the machine that applies, which is noticed as steering",
    "null": "makes nothing; its provisioners are noticed as code",
    "random": "makes values that are kept in the state",
    "template": "puts texts together that stand in the stack",
    "terraform": "keeps a value in the state; its provisioners are noticed as code",
    "time": "keeps points in time in the state",
    "tls": "makes keys and certificates that are kept in the state; what takes them lets them in",
}
"""The providers whose resources let nobody in, each with the reason."""
_TYPE = "No list of the AWS provider's types here, of {}, has this one, so it may give access."
_PROVIDER = "Resources of this provider are not compared, and may give access."
# Resources that one notice names.
_TOLD = 3


def of_unknown(changes: Iterable[ResourceChange]) -> Iterator[Notice]:
    """Return one notice for each type that is not known, and one for each such provider."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        provider = provider_of(change.type)
        if provider == "aws":
            what, address = _TYPE.format(types_date()), change.type
        else:
            what, address = _PROVIDER, f"provider.{provider}"
        found.setdefault((address, what, change.stack), []).append(change.address)
    for (address, what, stack), resources in found.items():
        given = _given(sorted(resources))
        yield Notice(kind="access", address=address, what=what, given=given, stacks=(stack,))


def provider_of(kind: str) -> str:
    """Return the provider of a type: what stands before the first `_`."""
    return kind.partition("_")[0]


def _given(resources: list[str]) -> str:
    named = ", ".join(f"`{one}`" for one in resources[:_TOLD])
    more = f" and {len(resources) - _TOLD} more" if len(resources) > _TOLD else ""
    return f"It is {named}{more}."
