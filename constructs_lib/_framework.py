"""
CDKTF under the name of its maintained successor, CDK Terrain, where only that one is there.

`cdktn` has the classes of `cdktf` under other names of packages: https://cdktn.io. The library is
written for `cdktf`. Where `cdktn` takes its place, each import of a package of CDKTF gives the
module of CDK Terrain itself, so that there is one class of each name.
"""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from deploy_access.errors import InvalidValue, Problem

SUCCESSORS = {
    "cdktf": "cdktn",
    "cdktf_cdktf_provider_aws": "cdktn_provider_aws",
    "cdktf_cdktf_provider_github": "cdktn_provider_github",
}
"""The packages of CDKTF, and those of CDK Terrain that take their places."""


def choose_framework() -> None:
    """
    Let CDK Terrain take the place of CDKTF, where the program has it or only it is installed.

    Raises:
        InvalidValue: The program has imported both.
    """
    if any(isinstance(finder, _Successors | _Refused) for finder in sys.meta_path):
        return
    first = [name for name in SUCCESSORS if name in sys.modules]
    later = [name for name in SUCCESSORS.values() if name in sys.modules]
    if first and later:
        raise InvalidValue(_both([*first, *later]))
    is_successor = later or (not first and not _is_there("cdktf") and _is_there("cdktn"))
    sys.meta_path.insert(0, _Successors() if is_successor else _Refused())


def is_cdk_terrain() -> bool:
    """Whether CDK Terrain has taken the place of CDKTF."""
    return any(isinstance(finder, _Successors) for finder in sys.meta_path)


def package_name(name: str) -> str:
    """Return the package that is imported for one of CDKTF."""
    return SUCCESSORS[name] if is_cdk_terrain() else name


class _Successors(MetaPathFinder, Loader):
    """Gives the module of CDK Terrain for each name of CDKTF."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Take every module of a package that has a successor."""
        del path, target
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in SUCCESSORS else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Import the module of CDK Terrain."""
        package, dot, rest = spec.name.partition(".")
        module = importlib.import_module(f"{SUCCESSORS[package]}{dot}{rest}")
        # The import of the other name would write its own over it.
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as its own import has made it."""
        spec = module.__spec__
        if spec is not None and spec.loader is self:
            module.__spec__ = spec.loader_state


class _Refused(MetaPathFinder):
    """Refuses CDK Terrain beside CDKTF, which the program has by now."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Say so, where the one that is imported is the other of the two."""
        del path, target
        if fullname in SUCCESSORS.values():
            first = [name for name in SUCCESSORS if name in sys.modules]
            raise InvalidValue(_both([*first, fullname]))


def _is_there(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _both(names: Sequence[str]) -> Problem:
    return Problem(
        what="CDKTF and CDK Terrain are both imported.",
        given=", ".join(names),
        why="Each has a tree of its own, and a construct is in one of them.",
        fix="Import one of them, and bindings of the same: `cdktf` with "
        "`cdktf_cdktf_provider_aws`, or `cdktn` with `cdktn_provider_aws`.",
    )
