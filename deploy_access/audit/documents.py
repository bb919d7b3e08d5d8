"""Reading a policy document for the rules, with what is wrong with the document itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.audit.finding import finding
from deploy_access.audit.limits import MOST
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.errors import InvalidValue
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.iam.elements import PolicyProblem
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Document

LONGEST = 200_000
"""Longer than any policy that AWS takes (KMS: 32,768), however much white space is in it."""
_SHOWN = 200
_MOST_ESCAPED = 12
"""As many characters of JSON are made of one: both halves of an escaped surrogate pair."""


@dataclass(frozen=True, slots=True)
class Checked:
    """
    A document.

    Attributes:
        policy: What it says, or None when it cannot be read.
        found: What is wrong with its form.
    """

    policy: Policy | None
    found: tuple[DocumentFinding, ...] = ()


def check_document(document: Document) -> Checked:
    """Read a document; one that only Terraform knows says nothing."""
    if document.content is None:
        return Checked(None)
    content = document.content
    given = content if isinstance(content, str) else cast("dict[str, object]", content)
    try:
        if (length := _length(given)) > LONGEST:
            return Checked(
                None, (DocumentFinding(_too_long(length), says=f"It has {length} characters"),)
            )
        read = read_policy(given)
    except InvalidValue as error:
        problem = error.problems[0]
        found = finding("malformed-policy", _shown(problem.given), problem.why, problem.fix)
        return Checked(None, (DocumentFinding(found),))
    except RecursionError:
        found = finding("malformed-policy", "...", "It is nested too deep.", "Make it anew.")
        return Checked(None, (DocumentFinding(found, says="It is nested too deep"),))
    return Checked(read.policy, tuple(map(_found, read.problems[: MOST + 1])))


def _length(given: str | dict[str, object]) -> int:
    """Count the characters of its JSON, no further than to be sure that they are few enough."""
    if isinstance(given, str):
        return len(given)
    shown = len(repr(given))  # twice as fast as JSON, which is at most so much longer
    return shown if shown * _MOST_ESCAPED <= LONGEST else len(json.dumps(given))


def _too_long(length: int) -> Finding:
    return finding(
        "malformed-policy",
        f"{length} characters",
        "AWS takes no policy that is this long, so it was not checked.",
        "Make it shorter, or several policies of it.",
        severity="error",
    )


def _found(problem: PolicyProblem) -> DocumentFinding:
    path, key = render_path(problem.path[:-1]), str(problem.path[-1]) if problem.path else ""
    if problem.kind == "duplicate-key":
        return DocumentFinding(duplicate_key(key), path, says=f"{key} stands twice")
    no_version = problem.kind == "missing" and problem.path == ("Version",)
    found = finding(
        "malformed-policy",
        _shown(problem.given) if problem.given is not None else key,
        problem.what,
        "Write the document as IAM's grammar has it.",
        severity="note" if no_version else None,
    )
    if problem.kind == "missing":
        return DocumentFinding(found, path, says=f"There is no {key}")
    if problem.path and isinstance(problem.path[-1], int):
        path, key = render_path(problem.path[:-2]), render_path(problem.path[-2:])
    return DocumentFinding(found, path, key, _as_json(problem.given))


def _as_json(given: object) -> str:
    """Write what stands there, unless it is a text, which is shown as it is."""
    return "" if isinstance(given, str) else _cut(json.dumps(given, ensure_ascii=False))


def duplicate_key(key: str) -> Finding:
    """Say what a key that stands twice loses."""
    return finding(
        "dup-key",
        key,
        "It stands twice in one object, and only the last one counts; a condition may be lost.",
        "Merge both into one.",
    )


def render_path(path: Sequence[str | int]) -> str:
    """Write a way into a document as people do: `Statement[0].Condition`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _shown(given: object) -> str:
    return _cut(given if isinstance(given, str) else repr(given))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
