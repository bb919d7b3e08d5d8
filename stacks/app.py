"""The app: what `main.py` and `deploy-access synth` do with an `environments.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from .stack_builder import build_stacks  # isort: skip
from cdktf import App

from deploy_access.activity import ACTIVITY
from deploy_access.commands.progress_line import progress_line

from .environments_file import load_estate
from .output_folder import chosen_folder, replacing
from .synthesis import synthesize

if TYPE_CHECKING:
    from pathlib import Path


def synthesize_file(file: Path) -> None:
    """
    Synthesize what a file describes into `cdktf.out`, or into `CDKTF_OUTDIR`.

    Lock files are taken from `locks` beside it.

    Raises:
        InvalidEnvironments: The file has mistakes: all of them.
        InvalidValue: The folder cannot be written.
    """
    estate = load_estate(file)
    with progress_line(), replacing(chosen_folder()) as draft:
        app = App(outdir=str(draft))
        build_stacks(app, estate)
        ACTIVITY.what = f"writing {chosen_folder()}"
        synthesize(app, estate.file, locks=file.with_name("locks"))
