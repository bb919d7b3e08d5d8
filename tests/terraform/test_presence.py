"""The mark of a nested block of which it is not certain that it is there."""

from __future__ import annotations

from reading_files import EMPTY_MODULE

from deploy_access.json_shape import as_object
from deploy_access.terraform.presence import mark_of, marked
from deploy_access.terraform.scopes import scopes_of


def test_the_mark_survives_resolving() -> None:
    """The expression of a mark is told as it is written, also after all else is resolved."""
    block = marked({"effect": "Deny"}, "${toset(var.x)}", "unknown")
    (scope,) = scopes_of([EMPTY_MODULE])

    assert mark_of(as_object(scope.value(block))) == ("${toset(var.x)}", "unknown")


def test_a_block_without_a_mark() -> None:
    """A block that is written out is there."""
    assert mark_of({"effect": "Deny"}) is None
