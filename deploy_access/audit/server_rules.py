"""What is otherwise about a subject of GitHub Enterprise Server, which has no ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.github.enterprise_server import NO_IDS, has_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.audit.finding import Finding

_ASKS_FOR_IDS = "legacy-name"


def on_server(value: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """
    Return the findings about one value of `sub`, of a server.

    Args:
        value: The value.
        found: What is found in it for github.com.
    """
    if not has_ids(value):
        yield from (one for one in found if one.rule != _ASKS_FOR_IDS)
        return
    yield finding(
        "bad-ref",
        value,
        f"It never matches: {NO_IDS}.",
        "Write `repo:OWNER/NAME:...`.",
    )
