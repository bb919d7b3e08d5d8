"""The expressions of access that only Terraform resolves, each with a digest of its definition."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from deploy_access.iam.references import Reference, split_text
from deploy_access.terraform.definitions import made_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.terraform.estate import Document, Estate, NamedPolicy, Where
    from deploy_access.terraform.resolver import Resolver

    _Place = tuple[str, str]
    """A stack and an expression in it."""


def definitions_of(estate: Estate, scopes: Iterable[Resolver]) -> Mapping[_Place, str]:
    """Return a digest of what each open expression in *estate* is made of, by stack and text."""
    asked = defaultdict[str, dict[str, None]](dict)
    for where, name in _expressions(estate):
        asked[where.stack or ""][name] = None
    found = defaultdict[tuple[str, str], set[str]](set)
    for scope in scopes:
        stack = scope.module.stack or ""
        for name in asked.get(stack, ()):
            found[stack, name].add(made_of(scope, name if "${" in name else f"${{{name}}}"))
    # Several files without a stack, as modules of a plan are: all of them count.
    return {place: " ".join(sorted(digests)) for place, digests in found.items()}


def _expressions(estate: Estate) -> Iterator[tuple[Where, str]]:
    for role in estate.roles:
        yield from _of_document(role.trust)
    for holder in (*estate.roles, *estate.identities):
        yield from _in_texts(holder.where, holder.name)
        for policy in (*holder.policies, *filter(None, [holder.boundary])):
            yield from _of_policy(policy)
    for one in estate.resource_policies:
        yield from _in_texts(one.where, one.resource)
        yield from _of_document(one.document)


def _of_policy(policy: NamedPolicy) -> Iterator[tuple[Where, str]]:
    yield from _in_texts(policy.where, policy.name, policy.arn or "")
    yield from _of_document(policy.document)


def _of_document(document: Document | None) -> Iterator[tuple[Where, str]]:
    if document is not None:
        yield from ((document.where, name) for name in document.unresolved)
        yield from _in_texts(document.where, *document.left_out)


def _in_texts(where: Where, *texts: str) -> Iterator[tuple[Where, str]]:
    for text in texts:
        if "${" in text:
            pieces = (piece for piece in split_text(text) if isinstance(piece, Reference))
            yield from ((where, piece.text[2:-1]) for piece in pieces)
