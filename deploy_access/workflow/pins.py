"""
The actions that workflows use, each by the commit of a release.

`pins.json` is the one place to change them, also for the workflows of this repository. A tag can be
moved to other code, a commit cannot:
https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from deploy_access.errors import InvalidValue, Problem

FILE = "pins.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """
    One release of an action.

    Attributes:
        action: `owner/name`.
        version: The release's tag, which the commit is said to have in a comment.
        sha: The commit, 40 digits.
        checked: The day on which the tag was seen at the commit: `2026-11-30`.
    """

    action: str
    version: str
    sha: str
    checked: str

    @property
    def uses(self) -> str:
        """What `uses:` has."""
        return f"{self.action}@{self.sha}"


@cache
def read_pins() -> dict[str, Pin]:
    """Read every pin, by the action's name."""
    text = files("deploy_access.workflow").joinpath(FILE).read_text("utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return {action: Pin(action=action, **pin) for action, pin in found.items()}


def pin(action: str) -> Pin:
    """
    Find the release of *action* that workflows use.

    Raises:
        InvalidValue: There is none.
    """
    found = read_pins().get(action)
    if found is None:
        raise InvalidValue(
            Problem(
                what=f"No release of the action {action!r} is pinned.",
                given=action,
                why="A workflow names an action by a commit, and this one is not known.",
                fix=f"Add it to `{FILE}`: version, commit and the day.",
            )
        )
    return found
