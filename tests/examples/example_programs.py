"""The example programs, each run as its reader runs it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Program:
    """
    One way to run an example.

    Attributes:
        example: The example's folder.
        argument: What stands after `main.py`, if anything.
    """

    example: str
    argument: str = ""

    def __str__(self) -> str:
        """Name it shortly, for the ids of tests: `000`, `000-adopt`."""
        return "-".join(filter(None, (self.example.partition("-")[0], self.argument)))

    def synthesize(self, out: Path) -> Path:
        """Run it, and return the folder that it has written; it must say nothing."""
        done = subprocess.run(
            [sys.executable, "main.py", *self.argument.split()],
            cwd=EXAMPLES / self.example,
            env={**os.environ, "CDKTF_OUTDIR": str(out), "PYTHONPATH": str(ROOT)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return out


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


def as_written(example: str, file: str) -> Any:
    """Read what the author of the system wrote by hand."""
    return json.loads((EXAMPLES / example / "as-written" / file).read_text(encoding="utf-8"))
