"""
The command `deploy-access`, which loads and runs the command that is named.

Exit codes: 0 fine, 1 the tool failed (`fatal: ...`), 2 wrong usage, 10 findings, 130 interrupted,
141 the reader of the output has closed it, 143 ended by SIGTERM.
"""

from __future__ import annotations

import shlex
import sys
from importlib import import_module
from typing import Any, cast

import click

from deploy_access.commands.examples import GROUP, write_examples
from deploy_access.commands.fatal import Fatal, drop_output, fatal_errors
from deploy_access.commands.last_resort import open_standard_streams
from deploy_access.errors import Problem, suggest_name

COMMANDS = {
    "adopt": "Write the entries that take over what exists on AWS.",
    "audit": "Find what is wrong with who may assume roles, and what they may do.",
    "bootstrap": "Write the stack that an account needs before all others.",
    "changes": "Say what a plan changes, and whether that is what was approved.",
    "explain": "Say which roles a workflow run may assume, or why not.",
    "sandbox": "Deploy into an AWS on this machine, and run the jobs there.",
    "synth": "Write `cdktf.out` from `environments.toml`.",
    "init": "Write a new project, from its `environments.toml` to its workflows.",
    "guard": "Refuse stacks that would run more than AWS's provider in one account.",
    "workflow": "Write the GitHub Actions workflows that fit the roles.",
    "review": "Say whose access a change widens, and what it would destroy.",
    "waves": "List the stacks that a change touches, in the order to deploy them.",
}
"""The line of `--help` for each; the module `deploy_access.commands.NAME` has it as `command`."""


class Commands(click.Group):
    """The commands, each loaded when it runs, whose errors end as lines of `fatal:`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of the commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"deploy_access.commands.{cmd_name}").command
        found.name = cmd_name
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the command line names, or say which one is near."""
        # A shell that completes a name asks with a part of it.
        is_typed = not ctx.resilient_parsing
        if is_typed and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(
                f"No such command {args[0]!r}. {suggest_name(args[0], COMMANDS)}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End the help with examples."""
        super().format_epilog(ctx, formatter)
        write_examples(GROUP, formatter)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command in a process whose standard streams may be closed."""
        is_closed = cast("object", sys.stdout) is None
        open_standard_streams()
        if is_closed:
            Fatal(str(_NO_OUTPUT)).show()
            sys.exit(Fatal.exit_code)
        try:
            return super().main(*args, **extra)
        finally:
            _print_the_rest()

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the options that stand before the command, which may print all that is wanted."""
        with fatal_errors(shlex.join(args)):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that the command line names."""
        with fatal_errors(str(ctx.info_name)):
            return super().invoke(ctx)


_NO_OUTPUT = Problem(
    what="The standard output is closed.",
    given=">&-",
    why="What the command finds would be lost.",
    fix="Print to a file, or to `/dev/null` where only the exit code counts.",
)


def _print_the_rest() -> None:
    try:
        sys.stdout.flush()
    except OSError:  # the command has ended with it already
        drop_output()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deploy-access", message="%(prog)s %(version)s")
def main() -> None:
    """Keyless deploys from GitHub Actions to AWS: who may do what, read off synthesized stacks."""
