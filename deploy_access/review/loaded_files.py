"""The notices about files that Terraform loads with a stack and that are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.review.model import Notice
from deploy_access.terraform.loaded_names import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.snapshot import ScopedStack

_BESIDE = "It is loaded with the stack and not read, so all that is said of the stack may be false."
_LOCK = "It decides which versions of providers run, each a program with all that Terraform may do."
_ASSET = "Its content is code or data that the stack uses, and is not compared."


def loaded_files(before: ScopedStack | None, after: ScopedStack) -> Iterator[Notice]:
    """List the files beside a stack that are new, changed or gone, and its changed assets."""
    old = before.source.beside if before else dict[str, bytes]()
    new = after.source.beside
    for name in sorted({*old, *new}):
        # A lock file where there was none only holds back.
        if old.get(name) != new.get(name) and (name != LOCK or name in old):
            yield Notice(
                kind="steering",
                address=name,
                what=_LOCK if name == LOCK else _BESIDE,
                given=_given(old.get(name), new.get(name)),
                is_first=name != LOCK,
            )
    # An asset of another name shows where the stack names it.
    assets = before.source.assets if before else dict[str, bytes]()
    for name, digest in after.source.assets.items():
        if assets.get(name, digest) != digest:
            yield Notice(
                kind="steering",
                address=name,
                what=_ASSET,
                given=_given(assets[name] or None, digest or None),
            )


def _given(was: bytes | None, now: bytes | None) -> str:
    if was is None:
        return "It is new."
    return "It is gone." if now is None else "Its content changed."
