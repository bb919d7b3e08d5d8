"""
What applying would change of what is there, as JSON; `adopt.schema.json` beside it describes it.

A key may be added without a new `format`; one that goes or gets another meaning makes it the next.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.report.review_json import access_object, resource_object

if TYPE_CHECKING:
    from deploy_access.adopt.changes import Changes

FORMAT = 1


def render_changes_json(changes: Changes) -> str:
    """Render all of it, with nothing cut."""
    document = {
        "format": FORMAT,
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
    return json.dumps(document, indent=2) + "\n"
