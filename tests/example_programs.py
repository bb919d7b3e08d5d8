"""
The programs that write a `cdktf.out`: those of the examples, and that of `environments.toml`.

To start Python and Node takes four fifths of the time of one program, so all of them run one after
the other in one process that is not the tests'.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"

# Node reads CDKTF_OUTDIR once, when it starts. So each program writes there, and its folder is
# moved away after it.
RUN_ALL = """
import json, os, runpy, sys

for folder, arguments, out in json.load(sys.stdin):
    os.chdir(folder)
    sys.argv = ["main.py", *arguments]
    runpy.run_path("main.py", run_name="__main__")
    os.rename(os.environ["CDKTF_OUTDIR"], out)
"""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Program:
    """
    One way to run a `main.py`.

    Attributes:
        example: The example's folder; empty for the program of this repository.
        argument: What stands after `main.py`, if anything.
    """

    example: str
    argument: str = ""

    def __str__(self) -> str:
        """Name it shortly, for the ids of tests: `000`, `000-adopt`."""
        return "-".join(filter(None, (self.example.partition("-")[0] or "app", self.argument)))

    @property
    def folder(self) -> Path:
        """The folder that holds its `main.py`."""
        return EXAMPLES / self.example if self.example else ROOT


def synthesize_all(programs: Iterable[Program], folder: Path) -> dict[Program, Path]:
    """Run each of *programs*, and return what it has written; they must say nothing."""
    outs = {program: folder / str(program) for program in programs}
    run_all([(p.folder, p.argument.split(), out) for p, out in outs.items()], folder)
    return outs


def run_all(todo: Iterable[tuple[Path, list[str], Path]], folder: Path) -> None:
    """Run the `main.py` of folders, each with its arguments and where it writes, in *folder*."""
    given = [(str(program), arguments, str(out)) for program, arguments, out in todo]
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        input=json.dumps(given),
        env={**os.environ, "CDKTF_OUTDIR": str(folder / "cdktf.out"), "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


APP = Program("")
PUSH_TO_ECR = Program("000-push-to-ecr")
SHARED_ROLE = Program("001-shared-role-separate-state")
PER_ENVIRONMENT = Program("002-stack-per-environment")
COMPOSITE_ACTION = Program("003-deploy-with-composite-action")
TOKEN_EXCHANGE = Program("004-token-exchange")

LOOKED_UP = Program(PUSH_TO_ECR.example, "existing")
ADOPTED = Program(PUSH_TO_ECR.example, "adopt")
WITH_THUMBPRINT = Program(SHARED_ROLE.example, "read-thumbprint")

STACKS = {
    PUSH_TO_ECR: ["push-to-ecr"],
    SHARED_ROLE: ["account", "sample"],
    PER_ENVIRONMENT: ["account", "dev", "prod", "stg"],
    COMPOSITE_ACTION: ["deploy-api"],
    TOKEN_EXCHANGE: ["github", "other-issuers"],
}
"""The stacks of each example as it is deployed."""

VARIANTS = {
    LOOKED_UP: ["push-to-ecr"],
    ADOPTED: ["push-to-ecr"],
    WITH_THUMBPRINT: ["account"],
}
"""The stacks that another argument changes."""

PROGRAMS = (APP, *STACKS, *VARIANTS)


def as_written(example: str, file: str) -> Any:
    """Read what the author of the system wrote by hand."""
    return json.loads((EXAMPLES / example / "as-written" / file).read_text(encoding="utf-8"))
