"""The extras of the distribution: which modules each brings, and what is said without it."""

from __future__ import annotations

from importlib.util import find_spec

from deploy_access.errors import MissingExtra

_MODULES = {
    # Either framework will do: the extra `cdktn` brings the second.
    "constructs": ("cdktf or cdktn", "pydantic"),
    "sandbox": ("boto3", "joserfc", "moto", "rich"),
}
"""One module of each package that our code imports; others come with one of these."""


def require_extra(name: str, *more: str) -> None:
    """
    Do nothing when an extra is installed; no module of it is loaded.

    Args:
        name: The extra: `constructs` or `sandbox`.
        more: Modules of it that its caller alone may name, as that of the AWS provider.

    Raises:
        MissingExtra: A module of it is not there.
    """
    for module in (*_MODULES[name], *more):
        if not any(map(find_spec, module.split(" or "))):
            raise MissingExtra(name, module)
