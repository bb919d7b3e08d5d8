"""A table of actions that rules know by name, and what the patterns of a policy mean of it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.iam.actions import is_whole_service, matches, service_of
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable


class ActionTable:
    """Some actions, found by name in any case, or by a pattern among those of its service."""

    def __init__(self, actions: Iterable[str]) -> None:
        self._by_lower = {action.lower(): action for action in actions}
        self._of_services = defaultdict[str, list[str]](list)
        for action in self._by_lower.values():
            self._of_services[service_of(action)].append(action)

    def meant_by(self, pattern: str) -> tuple[str, ...]:
        """List the actions that a pattern means; a whole service has a rule of its own."""
        return _meant(self, pattern)

    def find(self, pattern: str) -> tuple[str, ...]:
        """List the same, without a memory."""
        if not has_wildcard(pattern):
            known = self._by_lower.get(pattern.lower())
            return (known,) if known else ()
        if is_whole_service(pattern):
            return ()
        service = service_of(pattern)
        is_open = not service or has_wildcard(service)
        own = self._by_lower.values() if is_open else self._of_services.get(service, ())
        return tuple(known for known in own if matches(pattern, known))


@lru_cache(maxsize=8192)  # the same few hundred actions stand in the policies of all roles
def _meant(table: ActionTable, pattern: str) -> tuple[str, ...]:
    return table.find(pattern)
