"""A subject as code to paste: JSON for the policy, Python, or an entry of `environments.toml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.github.subject_claim import parse_subject

if TYPE_CHECKING:
    from deploy_access.github.subject_claim import SubjectClaim
    from deploy_access.terraform.estate import Role

_METHODS = {"branch", "environment", "tag"}


def code_forms(role: Role, subject: str) -> tuple[tuple[str, str], ...]:
    """Return the subject as the constructs take it; nothing for a role of another origin."""
    if not role.construct:
        return ()
    parts = parse_subject(subject)
    if parts is None:
        return (("Python", f"Subject.custom({quoted(subject)})"),)
    return _code(parts)


def with_risk(
    subject: str, text: str, *, is_wider: bool = False, is_elsewhere: bool = False
) -> str:
    """
    Return *text*, a proposal to trust *subject*, with the risk before it where there is one.

    Args:
        subject: The `sub` that would be trusted.
        text: The proposal.
        is_wider: Whether the policy trusts something narrower.
        is_elsewhere: Whether the policy trusts other repositories.
    """
    parts = parse_subject(subject)
    risk = ""
    if parts and parts.context == "pull_request":
        risk = "Only if the role cannot write, since whoever opens a pull request gets in before "
        risk += "any review (`pull-request-write`)"
    elif parts and is_elsewhere:
        risk = f"Only if {parts.repository!r} may deploy with this role"
    elif parts and is_wider and parts.context == "branch":
        risk = f"Only if whoever may push to {parts.value!r} may deploy"
    elif parts and is_wider and parts.context == "environment":
        risk = f"Only if jobs of the environment {parts.value!r} are meant too"
    return f"{risk}: {lower_first(text)}" if risk else text


def lower_first(text: str) -> str:
    """Return a sentence as it stands behind a `:` or a `;`."""
    return f"{text[0].lower()}{text[1:]}"


def yaml_text(text: str) -> str:
    """Return a text as a value of YAML."""
    plain = text.replace("-", "").replace("_", "").isalnum() and not text[0].isdigit()
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """Return a text in quotes, as Python and TOML both read it."""
    return json.dumps(text, ensure_ascii=False)


def _code(parts: SubjectClaim) -> tuple[tuple[str, str], ...]:
    """Return the call in Python, and the entry of `subjects`."""
    call = _call(parts)
    if call is None:
        return ()
    method, argument = call
    repo = [quoted(parts.repository)]
    if parts.is_immutable:
        # `GithubRepo` needs the ids to write the immutable form.
        repo += [f"owner_id={parts.owner_id}", f"repo_id={parts.repo_id}"]
    return (
        ("Python", f"GithubRepo({', '.join(repo)}).{method}({argument})"),
        ("TOML", f"subjects = [{{ {method} = {argument or 'true'} }}]"),
    )


def _call(parts: SubjectClaim) -> tuple[str, str] | None:
    if parts.has_claims:
        return None
    if parts.context == "pull_request":
        return "pull_request", ""
    return (parts.context, quoted(parts.value)) if parts.context in _METHODS else None
