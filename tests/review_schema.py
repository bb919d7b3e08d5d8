"""The published schema of a review, as a judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

import deploy_access.report

SCHEMA: dict[str, Any] = json.loads(
    (Path(deploy_access.report.__path__[0]) / "review.schema.json").read_text("utf-8")
)
_JUDGE: Any = jsonschema.Draft202012Validator(SCHEMA)


def mistakes(document: Any) -> list[str]:
    """Say in which places a document is not what the schema says, and why."""
    return [f"{error.json_path}: {error.message}" for error in _JUDGE.iter_errors(document)]


def check_schema() -> None:
    """Raise an error when the schema is none."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
