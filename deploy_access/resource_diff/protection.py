"""What holds a destruction back, and the values of the arguments that keep data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.argument_values import resolve
from deploy_access.resource_diff.resource_kinds import kind_of
from deploy_access.resource_diff.resource_kinds.guard import weakened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource

    Body = Mapping[str, object]


def protection(before: Resource, after: Body | None) -> str:
    """
    Return the sentence on what holds the destruction of a resource back; empty when nothing does.

    Args:
        before: The resource of the base: Terraform destroys it by the arguments in its state.
        after: The block of the head, or None when it is gone.
    """
    lock = kind_of(before.type).lock
    value = argument_text(before, lock.argument) if lock else None
    return _with_prevented(lock.lock_text(value) if lock else "", before.body, after)


def planned_protection(resource_type: str, before: Body, after: Body | None) -> str:
    """Return the same sentence for a resource of a plan, whose state has the values *before*."""
    lock = kind_of(resource_type).lock
    text = lock.lock_text(_text_at(before, lock.argument)) if lock else ""
    return _with_prevented(text, before, after)


def weakened_arguments(before: Resource, after: Resource | None) -> Iterator[str]:
    """
    Say what data lose by each guard of a resource that keeps less, as the stacks are written.

    Args:
        before: The resource of the base.
        after: The resource of the head; None where it goes and its guards return to their defaults.
    """
    for guard in kind_of(before.type).all_guards:
        now = argument_text(after, guard.argument) if after else guard.default
        what = weakened(guard, argument_text(before, guard.argument), now)
        if what:
            yield what


def prevents_destroy(body: Body) -> bool:
    """Whether `prevent_destroy` is set, so that Terraform refuses to destroy the resource."""
    blocks = objects(body.get("lifecycle"))
    return any(as_text(block.get("prevent_destroy")) == "true" for block in blocks)


def argument_text(resource: Resource, path: str) -> str | None:
    """
    Return the argument at *path* with its names resolved; None when it is left out.

    An argument that only Terraform knows is `${…}` with a digest of all that it is made of: while
    the digest stays the same, the value does.
    """
    name = path.partition(".")[0]
    written = resource.body.get(name)
    if written is None:
        written = as_object(resource.body.get("dynamic")).get(name)
        return None if written is None else f"${{{resource.made_of(written)}}}"
    found = _text_at({name: resolve(resource.scope, written)}, path)
    return f"${{{resource.made_of(written)}}}" if found and "${" in found else found


def _text_at(body: Body, path: str) -> str | None:
    """Return the text at *path*; for a block that is one expression, the expression."""
    found: object = body
    for part in path.split("."):
        block = next(iter(objects(found)), None)
        if block is None:
            break
        found = block.get(part)
    return as_text(found)


def _with_prevented(found: str, before: Body, after: Body | None) -> str:
    if after is not None and prevents_destroy(after):
        return "Terraform refuses: `prevent_destroy` is set."
    if after is None and prevents_destroy(before):
        return f"`prevent_destroy` does not hold it back: it went with the block. {found}".strip()
    return found
