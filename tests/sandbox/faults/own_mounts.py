"""
Programs that see a file system of their own: small, read-only or empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from with_terraform import give_up

PROJECT = Path(__file__).parents[3]
# Without root's rights in the machine, those in a namespace of one's own do.
_UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
# Seconds; only a program that hangs takes this long, also on a busy machine.
PATIENCE = 500


@dataclass(frozen=True, kw_only=True)
class Step:
    """
    What one command of a script printed, on both streams, and its exit code.
    """

    code: int
    said: str


def run_steps(folder: Path, script: str, **variables: str) -> list[Step]:
    """
    Run a script in *folder* that may mount, and return what each command behind `step` did.

    What it mounts is gone with it. Where this machine may not mount, the test fails in CI.
    """
    # A server that a step has left running ends with the script, however that ends.
    function = f"""
    trap "rm -f {folder}/.sandbox/server.json" EXIT
    step() {{
        code=0; "$@" >{folder}/said.$n 2>&1 || code=$?
        echo $code >{folder}/code.$n; n=$((n+1))
    }}
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JSII_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        **variables,
    }
    try:
        ended = subprocess.run(
            [*_UNSHARE, "bash", "-euc", f"n=0{function}{script}"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except FileNotFoundError:
        give_up("There is no `unshare` on this machine, so no disk can be made full or read-only.")
    if "unshare" in ended.stderr:
        give_up(f"This machine lets its user mount nothing: {ended.stderr.strip()}")
    assert ended.returncode == 0, ended.stderr
    count = len([*folder.glob("code.*")])
    return [_read(folder, number) for number in range(count)]


def _read(folder: Path, number: int) -> Step:
    code = int((folder / f"code.{number}").read_text("utf-8"))
    return Step(code=code, said=(folder / f"said.{number}").read_text("utf-8").strip())
