"""Where the parts of this project are that need an extra: `stacks` and `sandbox`."""

from __future__ import annotations

from importlib.util import find_spec


def module_of(part: str) -> str:
    """
    Return the name by which Python finds a part.

    The wheel has it inside of this package, where it takes no name of a project; a clone has it at
    its top level.
    """
    inside = f"deploy_access.{part}"
    return inside if find_spec(inside) else part
