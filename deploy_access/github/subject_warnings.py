"""What a person should check about a subject that is well-formed, in sentences."""

from __future__ import annotations

from deploy_access.github.name_rules import undocumented_characters


def assumed_legacy(repository: str) -> str:
    """Say that *repository*, or `owner/*`, is taken to have the legacy form."""
    return (
        f"The subject of {repository!r} is taken to have the legacy form, as no ids are given. "
        "Repositories made, renamed or moved since 2026-07-15 have the immutable one. Run "
        f"`{form_command(repository)}`, which decides, whatever `use_immutable_subject` says: if "
        "it has ids, pass `owner_id` and `repo_id`; if it has none yet, pass them with "
        '`subject_format="both"` to be ready, or `subject_format="legacy"` to keep this form.'
    )


# `use_immutable_subject` is false in two public reports of repositories with immutable tokens:
# https://github.com/Azure/azure-dev/issues/9382, https://github.com/aprin-labs/archimedes/issues/1759
def form_command(repository: str) -> str:
    """
    Return the command that prints the beginning of a repository's `sub`, with ids or without.

    Args:
        repository: `owner/name`, or `owner/*` for any of an owner.
    """
    path = f"repos/{repository.replace('*', 'REPO')}/actions/oidc/customization/sub"
    return f"gh api {path} --jq .sub_claim_prefix"


def warn_of_environment(name: str) -> tuple[str, ...]:
    """Warn of characters of an environment of which GitHub does not say how `sub` shows them."""
    odd = undocumented_characters(name)
    return (_odd_environment(name, odd),) if odd else ()


def _odd_environment(name: str, characters: str) -> str:
    return (
        f"The environment {name!r} holds {characters!r}: GitHub documents how `sub` shows `:`, "
        "but not these. Compare with a real token, or rename it to letters, digits, `.`, `_`, `-`."
    )
