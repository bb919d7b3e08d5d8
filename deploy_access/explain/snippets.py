"""A subject as code to paste: JSON for the policy, Python, or an entry of `environments.toml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.github.subject_claim import parse_subject

if TYPE_CHECKING:
    from deploy_access.github.subject_claim import SubjectClaim

_METHODS = {"branch", "environment", "tag"}
_BOTH = 'subject_format = "both"'


def subject_forms(key: str, *values: str) -> tuple[tuple[str, str], ...]:
    """Return the condition that lets exactly *values* in, which are forms of one subject."""
    wanted = values[0] if len(values) == 1 else list(values)
    text = json.dumps({"StringEquals": {key: wanted}}, ensure_ascii=False)[1:-1]
    forms = [("JSON", text)]
    parts = [part for part in map(parse_subject, values) if part]
    if len(parts) == len(values):
        forms += _code(parts)
    else:
        forms.append(("Python", f"Subject.custom({quoted(values[0])})"))
    return tuple(forms)


def with_risk(subject: str, text: str) -> str:
    """Return *text*, a proposal to trust *subject*, with the risk before it where there is one."""
    parts = parse_subject(subject)
    if not parts or parts.context != "pull_request":
        return text
    risk = "Only if the role cannot write, since whoever opens a pull request gets in before any"
    return f"{risk} review (`pull-request-write`): {text[0].lower()}{text[1:]}"


def quoted(text: str) -> str:
    """Return a text in quotes, as Python and TOML both read it."""
    return json.dumps(text, ensure_ascii=False)


def _code(parts: list[SubjectClaim]) -> list[tuple[str, str]]:
    """Return the call in Python, and the entry of `subjects`."""
    # `GithubRepo` needs the ids to write the immutable form.
    one = next((part for part in parts if part.is_immutable), parts[0])
    call = _call(one)
    if call is None:
        return []
    method, argument = call
    repo = [quoted(f"{one.owner}/{one.name}")]
    if one.is_immutable:
        repo += [f"owner_id={one.owner_id}", f"repo_id={one.repo_id}"]
    if len(parts) > 1:
        repo.append('subject_format="both"')
    value = argument or "true"
    return [
        ("Python", f"GithubRepo({', '.join(repo)}).{method}({argument})"),
        ("TOML", f"subjects = [{{ {method} = {value} }}]"),
        *([("TOML", _BOTH)] if len(parts) > 1 else []),
    ]


def _call(parts: SubjectClaim) -> tuple[str, str] | None:
    if parts.has_claims:
        return None
    if parts.context == "pull_request":
        return "pull_request", ""
    return (parts.context, quoted(parts.value)) if parts.context in _METHODS else None
