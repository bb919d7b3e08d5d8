"""What applying would change of what is there, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.json_document import render_document
from deploy_access.report.review_json import access_object, resource_object

if TYPE_CHECKING:
    from deploy_access.adopt.changes import Changes


def render_changes_json(changes: Changes) -> str:
    """Render all of it, with nothing cut."""
    document = {
        "destroyed": [*map(resource_object, changes.destroyed)],
        "lost": [*map(access_object, changes.lost)],
        "gained": [*map(access_object, changes.gained)],
        "rewritten": [*map(resource_object, changes.rewritten)],
        "settings": [*map(resource_object, changes.settings)],
        "made": [*map(resource_object, changes.made)],
        "unchanged": changes.unchanged,
        "unknown": changes.unknown,
        "states": [{"file": file, "address": address} for file, address in changes.states],
    }
    return render_document(document)
