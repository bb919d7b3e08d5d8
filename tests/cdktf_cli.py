"""
The pinned `cdktf` command line: where it is, and whether it can run here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[1]
CDKTF = PROJECT / "node_modules" / ".bin" / "cdktf"

# cdktf-cli 0.21 brings a native module built for these; with a later Node it does not start. Where
# npm has one for this machine, package.json brings it along.
NODES = range(18, 23)


def find_node() -> Path | None:
    """
    Return the Node that npm has installed beside `cdktf`, or the one on the PATH.
    """
    installed = sorted(PROJECT.glob("node_modules/node-*/bin/node"))
    on_path = shutil.which("node")
    return installed[0] if installed else Path(on_path) if on_path else None


def why_not() -> str | None:
    """
    Say why the command line cannot run here, or None.
    """
    if not CDKTF.exists():
        return "cdktf-cli is not installed: run `make setup`."
    node = find_node()
    if node is None:
        return "cdktf-cli needs Node 18 to 22, and there is none."
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major = re.match(r"v(\d+)", said)
    if major is None or int(major[1]) not in NODES:
        return f"cdktf-cli needs Node 18 to 22, and there is {said.strip()}."
    return None
