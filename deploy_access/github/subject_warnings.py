"""What a person should check about a subject that is well-formed, in sentences."""

from __future__ import annotations

from deploy_access.github.name_rules import undocumented_characters


def assumed_legacy(repository: str) -> str:
    """Say that *repository*, or `owner/*`, is taken to have the legacy form."""
    return (
        f"The subject of {repository!r} is taken to have the legacy form, as no ids are given. "
        "Repositories made, renamed or moved since 2026-07-15 have the immutable one. Run "
        f"`gh api repos/{repository}/actions/oidc/customization/sub`: if `use_immutable_subject` "
        "is true, pass `owner_id` and `repo_id`; if it is not yet, pass them with "
        '`subject_format="both"` to be ready, or `subject_format="legacy"` to keep this form.'
    )


def warn_of_environment(name: str) -> tuple[str, ...]:
    """Warn of characters of an environment of which GitHub does not say how `sub` shows them."""
    odd = undocumented_characters(name)
    return (_odd_environment(name, odd),) if odd else ()


def _odd_environment(name: str, characters: str) -> str:
    return (
        f"The environment {name!r} holds {characters!r}: GitHub documents how `sub` shows `:`, "
        "but not these. Compare with a real token, or rename it to letters, digits, `.`, `_`, `-`."
    )
