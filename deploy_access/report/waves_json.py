"""The waves of a deploy as JSON, and the matrix of one wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.json_document import render_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.review.waves import MatrixEntry


def render_waves_json(count: int, waves: Sequence[Sequence[MatrixEntry]]) -> str:
    """
    Render the waves.

    Args:
        count: How many there are.
        waves: These, and empty ones up to the number that a workflow has jobs for.
    """
    return render_document({"count": count, "waves": [*map(matrix_object, waves)]})


def matrix_object(wave: Sequence[MatrixEntry]) -> dict[str, list[dict[str, str]]]:
    """Return a wave as `strategy.matrix` takes it."""
    return {"include": [entry.as_dict() for entry in wave]}
