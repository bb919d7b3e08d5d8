"""What is taken over and what is not, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.adopt.role_tables import imports
from deploy_access.report.adopt_text import rewritten, table_of
from deploy_access.report.json_document import render_document

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.adopt.model import AccountEntry, Adoption, Leftover, RoleEntry


def render_adoption_json(
    found: Adoption, environments: str | None, written: tuple[Path, bool] | None
) -> str:
    """
    Render all of it.

    Args:
        found: What is taken over.
        environments: The text of `environments.toml`, or None where no role is taken over.
        written: The file that has that text now and whether it was changed, or None.
    """
    path, changed = written or (None, False)
    document = {
        "roles": [*map(_role, found.roles)],
        "providers": [*map(_provider, found.accounts)],
        "not_taken": [
            {"name": one.name, "account": one.account, "reasons": one.reasons}
            for one in found.not_taken
        ],
        "foreign": {
            "roles": found.foreign_roles,
            "repositories": found.foreign_repositories,
            "providers": found.foreign_providers,
        },
        "environments": environments,
        "written": {"path": str(path), "changed": changed} if path else None,
    }
    return render_document(document)


def _role(entry: RoleEntry) -> dict[str, object]:
    images = {"repository": entry.repository, "taken": entry.image != "existing"}
    return {
        "name": entry.name,
        "account": entry.account,
        "table": table_of(entry),
        "taken": imports(entry),
        "images": images if entry.repository else None,
        "rewritten": [*rewritten(entry)],
        "kept": entry.managed,
        "subjects": [
            {"sub": line.text, "instead_of": line.instead_of or None} for line in entry.lines
        ],
        "never": entry.never,
        "locked_out": entry.trust.lost,
        "stays": [*map(_stays, entry.stays)],
        "notes": entry.notes,
    }


def _stays(leftover: Leftover) -> dict[str, object]:
    return {
        "name": leftover.name,
        "why": leftover.why,
        "command": leftover.command,
        "covered": leftover.is_covered,
    }


def _provider(account: AccountEntry) -> dict[str, object]:
    without = "made" if account.is_listed else "looked-up"
    return {
        "account": account.id,
        "issuer": f"https://{account.issuer}",
        "action": without if account.provider is None else "taken",
        "left": account.retired,
    }
