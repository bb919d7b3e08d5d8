"""A policy document read for the rules, and the findings about the document itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from deploy_access.audit.finding import finding
from deploy_access.audit.limits import MOST
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.errors import InvalidValue
from deploy_access.github.oidc_trust import oidc_statements
from deploy_access.iam.documents import SHORT, read_policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.iam.elements import PolicyProblem
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Document

LONGEST = 200_000
"""Longer than any policy that AWS takes, white space included: its API takes 131,072 characters."""
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html; KMS takes 32,768.
_SHOWN = 200


@dataclass(frozen=True)
class Checked:
    """
    A document that was read.

    Attributes:
        policy: The policy, or None when it cannot be read.
        found: The findings about its form.
    """

    policy: Policy | None
    found: tuple[DocumentFinding, ...] = ()

    @cached_property
    def oidc(self) -> tuple[OidcStatement, ...]:
        """What lets tokens in."""
        return tuple(oidc_statements(self.policy)) if self.policy else ()


def check_document(document: Document) -> Checked:
    """Read a document; one that only Terraform knows has no findings."""
    if document.content is None:
        return Checked(None)
    content = document.content
    given = content if isinstance(content, str) else cast("dict[str, object]", content)
    try:
        text = given if isinstance(given, str) else json.dumps(given)
        if len(text) > LONGEST:
            return Checked(
                None,
                (DocumentFinding(_too_long(len(text)), says=f"It has {len(text)} characters"),),
            )
        # A short text is read once, however many roles have it.
        read = read_policy(text if len(text) <= SHORT else given)
    except InvalidValue as error:
        problem = error.problems[0]
        found = finding("malformed-policy", _shown(problem.given), problem.why, problem.fix)
        return Checked(None, (DocumentFinding(found),))
    except RecursionError:
        found = finding("malformed-policy", "...", "It is nested too deep.", "Make it anew.")
        return Checked(None, (DocumentFinding(found, says="It is nested too deep"),))
    # Where every statement may be absent, none is left, and that is no mistake of the document.
    problems = [one for one in read.problems if not (document.parts and one.given == [])]
    # One more than `limited` shows, so that it says that there are more.
    return Checked(read.policy, tuple(map(_found, problems[: MOST + 1])))


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
    # IAM takes a policy without `Version`; it is read as the older version.
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
    """Return a value as JSON; empty for a text, which is shown as it is."""
    return "" if isinstance(given, str) else _cut(json.dumps(given, ensure_ascii=False))


def duplicate_key(key: str) -> Finding:
    """Return the finding about a key that stands twice in one object."""
    return finding(
        "dup-key",
        key,
        "It stands twice in one object, and only the last one counts; a condition may be lost.",
        "Merge both into one.",
    )


def render_path(path: Sequence[str | int]) -> str:
    """Return a path in a document as text: `Statement[0].Condition`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _shown(given: object) -> str:
    return _cut(given if isinstance(given, str) else repr(given))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
