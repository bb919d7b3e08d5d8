"""
The program behind `deploy-access synth`.

Exit codes: 0 fine, 1 it failed (`fatal: ...`), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

from pathlib import Path

import click

from deploy_access.commands.examples import ExampleCommand
from deploy_access.commands.fatal import fatal_errors

FILE = Path("environments.toml")


@click.command(
    "synth", cls=ExampleCommand, context_settings={"help_option_names": ["-h", "--help"]}
)
def main() -> None:
    """
    Write `cdktf.out` from the `environments.toml` of this folder.

    `CDKTF_OUTDIR` names another folder to write to. What lies there is replaced when the synthesis
    is whole, and stays as it is when anything is refused.
    """
    with fatal_errors(str(FILE)):
        # Not at the top: Node starts here, and what keeps it from that ends as one line, too.
        from .app import synthesize_file  # noqa: PLC0415

        synthesize_file(FILE)
