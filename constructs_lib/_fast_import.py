"""
Import of the provider package that loads only the modules in use, in Python and in Node.

The package imports all of its 2,212 modules, and so does its JavaScript half: that takes 13 seconds
and over 1 GB before the first resource. Where the package does not look as expected, the ordinary
import happens: correct first, then fast.
"""

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from pkgutil import extend_path
from types import ModuleType

from constructs_lib._framework import package_name
from constructs_lib._import_order import warn_when_late
from constructs_lib._jsii_node import bundled_node, load_provider_lazily
from constructs_lib._node_start import explaining_start
from constructs_lib._type_hints import remember_type_hints
from deploy_access.extras import require_extra

STOCK_IMPORT = "DEPLOY_ACCESS_STOCK_IMPORT"

# How jsii ends the `__init__` of a package that has no class of its own at the top.
_PACKAGE_END = re.compile(
    r'^__all__ = \[\n(?P<published>(?:    "\w+",\n)+)\]\n\n'
    r"publication\.publish\(\)\n"
    r"(?P<imported>(?:\n|#.*\n|from \. import \w+\n)+)\Z",
    re.MULTILINE,
)


@contextmanager
def fast_import(package: str) -> Generator[None]:
    """
    Make each import of *package* in this block load only the module that it names.

    `DEPLOY_ACCESS_STOCK_IMPORT=1` turns it off. It is also off, with a warning, when the package
    was imported before, since all of it is loaded then.

    Raises:
        MissingExtra: There is no such package.
    """
    package = package_name(package)
    require_extra("constructs", package)
    fast = os.environ.get(STOCK_IMPORT) != "1"
    if fast:
        warn_when_late(package)
    with explaining_start(), bundled_node():
        # Before the first import in the block: that one starts Node and runs the package.
        if fast and package not in sys.modules:
            _install_light_package(package)
            load_provider_lazily()
        yield
    if fast:
        remember_type_hints()


def _install_light_package(name: str) -> None:
    """Replace the package *name* by one that imports a submodule at its first use."""
    spec = importlib.util.find_spec(name)
    submodules = _submodules(spec) if spec else None
    if spec and submodules:
        sys.modules[name] = _light_package(spec, submodules)


def _submodules(spec: ModuleSpec) -> list[str] | None:
    """Return the submodules that a package publishes, or None when it publishes anything else."""
    try:
        source = Path(spec.origin or "").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    end = _PACKAGE_END.search(source)
    if end is None:  # another version of jsii: what it does there is not known
        return None
    published = re.findall(r'"(\w+)"', end["published"])
    imported = re.findall(r"^from \. import (\w+)$", end["imported"], re.MULTILINE)
    return published if sorted(published) == sorted(imported) else None


def _light_package(spec: ModuleSpec, submodules: list[str]) -> ModuleType:
    package = importlib.util.module_from_spec(spec)
    # The same package may be spread over several folders of the path, as the ordinary import sees.
    package.__path__ = extend_path(package.__path__, spec.name)
    vars(package).update(
        __all__=submodules,
        __dir__=lambda: sorted({*vars(package), *submodules}),
        __getattr__=_submodule_getter(spec.name, frozenset(submodules)),
    )
    return package


def _submodule_getter(package: str, submodules: frozenset[str]) -> Callable[[str], ModuleType]:
    def get(name: str) -> ModuleType:
        if name not in submodules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return importlib.import_module(f"{package}.{name}")

    return get
