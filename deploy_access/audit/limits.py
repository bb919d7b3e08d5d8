"""The bounds of an audit, so that a hostile file costs no more than a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import Where

MOST = 100
"""The most findings of one role or repository: more than a person mends at once."""
MOST_OF_ALL = 40_000
"""The most findings in all: two for each of the 20,000 roles that one file may have."""


def limited(
    hits: Iterable[tuple[Where, DocumentFinding]], where: Where
) -> Iterator[tuple[Where, DocumentFinding]]:
    """List the first findings, and one finding that says that the rest was not checked."""
    for number, hit in enumerate(hits):
        if number == MOST:
            yield where, too_many(MOST, "findings")
            return
        yield hit


def too_many(number: int, what: str) -> DocumentFinding:
    """Return the finding that says that the rest was not checked."""
    found = finding(
        "too-many",
        f"{number} {what}",
        "There is more, and the rest was not checked.",
        "Mend or accept what is here, and audit it again; or audit less at once.",
    )
    return DocumentFinding(found, says=f"{number} {what}, and more")
