"""
The place where a stack keeps its state.

Source: https://developer.hashicorp.com/terraform/language/backend
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STATES = {"backend", "cloud"}
"""The blocks that say where the state is kept; a stack has one of them at most."""
LOCAL_STATE = "terraform.tfstate"
"""The file of a state that no backend keeps."""
# What tells two places of one backend apart; of other backends, all arguments do.
_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "azurerm": ("storage_account_name", "container_name", "key"),
    "gcs": ("bucket", "prefix"),
    "http": ("address",),
    "s3": ("bucket", "key"),
}


def state_place(terraform: object, directory: str) -> str | None:
    """
    Return the place of a state as a text; None when a part of it is not known.

    Args:
        terraform: The `terraform` blocks, with names resolved.
        directory: The folder that Terraform runs in.
    """
    kind, config = next(_backends(terraform), ("local", as_object(None)))
    if kind == "local":
        found = at(directory, as_text(config.get("path")) or LOCAL_STATE)
    elif kind in _TOLD_BY:
        names = [as_text(config.get(name)) for name in _TOLD_BY[kind]]
        found = "/".join(name or "" for name in names) if all(names) else ""
    else:
        found = json.dumps(config, sort_keys=True) if config else ""
    return f"{kind} {found}" if found and "${" not in found else None


def at(directory: str, path: str) -> str:
    """Return the place of a file that is named in *directory*."""
    return posixpath.normpath(posixpath.join(directory, path))


def _backends(terraform: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    for block in objects(terraform):
        for config in objects(block.get("cloud")):
            yield "cloud", config
        for backend in objects(block.get("backend")):
            yield from (
                (kind, body) for kind, bodies in backend.items() for body in objects(bodies)
            )
