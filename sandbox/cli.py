"""
The program behind `deploy-access sandbox`: its options and its exit codes.

    0  every step went well
    1  a step failed; the text names the stack and says what Terraform said. An error that is not
       foreseen ends as one line, `fatal: ...`; DEPLOY_ACCESS_TRACEBACK=1 prints where it arose
    2  wrong usage
    3  Terraform or its AWS provider is missing, so nothing was deployed
   10  AWS does not hold what was synthesized, or a job did not end as it should
  130  Ctrl-C (143 for SIGTERM); everything that was started is ended
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from deploy_access.commands.examples import ExampleCommand
from deploy_access.commands.last_resort import print_traceback, unforeseen
from deploy_access.commands.sandbox import STEPS
from deploy_access.disk_refusal import disk_refusal
from deploy_access.errors import DeployAccessError, Problem
from deploy_access.interrupt import InterruptedBySignal, interruptible
from deploy_access.visible_text import escaped_lines

from .errors import AttemptsDiffer, DifferencesFound, MissingTool, SandboxError
from .progress import Display
from .steps import DEFAULT_OUT, WORKING_FOLDER, Steps

FAILED = 1
MISSING_TOOL = 3
DIFFERENT = 10
SIGNALLED = 128

# In a file or a pipe every row stays on one line.
WIDE = 400


@click.command(
    "sandbox", cls=ExampleCommand, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("step", type=click.Choice(STEPS), default="demo")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that `cdktf synth` writes; given, the demo deploys it as it is.",
)
@click.option(
    "--soft",
    is_flag=True,
    help="Let every job through, and print what AWS would refuse and the statement that allows it.",
)
def main(step: str, out: Path | None, *, soft: bool) -> None:
    """
    Deploy what was synthesized into an AWS on this machine.

    Without STEP all of synth, apply, verify, attempt and destroy run one after the other. `apply`
    alone leaves the sandbox running for `verify`, `attempt` and `destroy`; `env` prints the
    environment in which `cdktf deploy` finds it.
    """
    raise SystemExit(_run(step, out, soft=soft))


def _run(step: str, out: Path | None, *, soft: bool) -> int:
    console = _console(stderr=False)
    errors = _console(stderr=True)
    display = Display(errors if step == "env" else console)
    steps = Steps(console, display, out, soft=soft)
    try:
        # In this order: the display gives the terminal back while signals are still held.
        with interruptible(), closing(display):
            getattr(steps, step)()
    except InterruptedBySignal as interrupt:
        errors.print(Text(f"Ended by {interrupt}; everything that was started is gone.", "red"))
        return SIGNALLED + interrupt.number
    except Exception as error:  # noqa: BLE001 - no error of this program ends as a traceback
        print_traceback(error)
        errors.print(Text(_said(error, str(out or DEFAULT_OUT)), "red"), soft_wrap=True)
        return _exit_code(error)
    return 0


def _said(error: Exception, given: str) -> str:
    """
    Return what is printed about an error: what the sandbox raises says by itself what to do.
    """
    if isinstance(error, SandboxError):
        return str(error)
    refused = disk_refusal(error)
    # An error of the system says by itself what it is about when it names a file.
    speaks = isinstance(error, DeployAccessError) or getattr(error, "filename", None) is not None
    if refused:
        lines = str(_not_written(refused))
    else:
        lines = str(error) if speaks else unforeseen(error, given)
    return "\n".join(f"fatal: {line}" for line in escaped_lines(lines).split("\n"))


def _not_written(refused: str) -> Problem:
    return Problem(
        what="The sandbox cannot write its files.",
        given=str(WORKING_FOLDER),
        why=f"The disk says: {refused}. What an earlier step has applied is as it was.",
        fix="Make room, or stand in a folder that can be written to, and run the step again.",
    )


def _exit_code(error: Exception) -> int:
    if isinstance(error, MissingTool):
        return MISSING_TOOL
    return DIFFERENT if isinstance(error, AttemptsDiffer | DifferencesFound) else FAILED


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    return console
