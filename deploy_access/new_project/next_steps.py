"""What is said of a new project: what to replace in it, how that is found, and what comes next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from deploy_access.github.subject_warnings import form_command
from deploy_access.new_project.files import MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from deploy_access.new_project.facts import ProjectFacts


def next_steps(
    facts: ProjectFacts, folder: Path, files: Collection[str], *, ignored: Collection[str] = ()
) -> str:
    """
    Return the lines to print after *files* were written into *folder*.

    Args:
        facts: What the project is about.
        folder: Where it is.
        files: What was written.
        ignored: What a `.gitignore` that was there already should have.
    """
    lines = [f"Wrote into {folder}:", *(f"  {name}" for name in sorted(files)), ""]
    lines += [f"Add to .gitignore: {' '.join(ignored)}"] if ignored else []
    lines += _to_replace(facts)
    lines += _form(facts)
    lines += ["", "Next:", *([] if folder.name == "" else [f"  cd {shlex.quote(str(folder))}"])]
    lines += [
        "  make setup   # installs everything into .venv",
        "  make test    # says what is wrong with the access that it gives",
        "  make demo    # deploys it into an AWS on this machine, and runs its jobs there",
    ]
    return "\n".join([*lines, ""])


def how_found(name: str, facts: ProjectFacts) -> str:
    """Return the command that prints a fact of one's own; nothing for one that a person knows."""
    commands = {
        "owner_id": f"gh api users/{facts.owner} --jq .id",
        "repo_id": f"gh api repos/{facts['repository']} --jq .id",
        "account": "aws sts get-caller-identity --query Account --output text",
        "service_id": f"gh api repos/{facts.owner}/{facts['service']} --jq .id",
    }
    return commands.get(name, "")


def _to_replace(facts: ProjectFacts) -> Iterator[str]:
    """List what is the example's, and how one's own is found."""
    named = {
        "repository": "the name of this project's repository, OWNER/NAME",
        "service": "the name of the repository of the first service",
    }
    names = ("repository", "owner_id", "repo_id", "account", "service", "service_id")
    found = [name for name in names if facts.stands_in(name)]
    if found:
        yield f"`{MARK}` in environments.toml stands behind what is an example's:"
        yield from (f"  {name:<11} {named.get(name) or how_found(name, facts)}" for name in found)


def _form(facts: ProjectFacts) -> Iterator[str]:
    """Say how to find which form of `sub` GitHub writes."""
    immutable = f"repo:{facts.owner}@{facts['owner_id']}/{facts.name}@{facts['repo_id']}"
    yield f"How GitHub writes `sub`: {form_command(facts['repository'])}"
    yield f"  {immutable} is what environments.toml says."
    yield f'  repo:{facts["repository"]} needs `subject_format = "legacy"` below [github].'
