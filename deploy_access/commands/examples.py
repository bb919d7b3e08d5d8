"""The two examples at the end of each `--help`, which the tests run as they stand here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Example:
    """
    A command line.

    Attributes:
        does: What it does, as a part of a sentence.
        line: The words behind the name of the program.
    """

    does: str
    line: str


PROGRAM = "deploy-access"
GROUP = ""
"""The key of the examples of `deploy-access --help`."""
EXAMPLES: Mapping[str, tuple[Example, Example]] = {
    GROUP: (
        Example("what is wrong with the roles in cdktf.out", "audit"),
        Example("what this branch would change", "review --git main"),
    ),
    "adopt": (
        Example("the entries for what the files in `account` list", "adopt account --write ."),
        Example("what applying them would change", "adopt account --synthesized cdktf.out"),
    ),
    "audit": (
        Example("the roles in cdktf.out; fail on errors alone", "audit --fail-on error"),
        Example(
            "Terraform's files, and the jobs that ask for their roles",
            "audit infra --workflows .github/workflows --repo acme/web",
        ),
    ),
    "bootstrap": (
        Example("the stack that account-prod needs first", "bootstrap prod"),
        Example(
            "the same in another folder, without a bucket",
            "bootstrap prod --no-bucket --write infra/bootstrap",
        ),
    ),
    "changes": (
        Example("what a plan changes, kept for later", "changes plan.json --record approved.json"),
        Example("whether a plan is that one", "changes plan.json --approved approved.json"),
    ),
    "explain": (
        Example(
            "which roles a push to main may assume",
            "explain --repo acme/web --branch main",
        ),
        Example(
            "why AWS has refused the runs in an event history",
            "explain --event events.json --policy role.json",
        ),
    ),
    "guard": (
        Example("refuse stacks that run more than AWS's provider", "guard cdktf.out"),
        Example("the same, and copy them", "guard cdktf.out --copy checked --no-assume-role"),
    ),
    "init": (
        Example("a project of example values in `infra`, to look at", "init infra --yes"),
        Example(
            "one for an account of yours; it asks for the rest",
            "init own --repository acme/infra --account 444455556666",
        ),
    ),
    "review": (
        Example("the working tree, against where it left main", "review --git main..."),
        Example(
            "two folders; fail where data would be lost",
            "review ../base/cdktf.out cdktf.out --fail-on data",
        ),
    ),
    "sandbox": (
        Example("synthesize the app of this folder, and list its stacks", "sandbox synth"),
        Example(
            "deploy what was synthesized, check it, try its jobs, destroy it",
            "sandbox --out cdktf.out",
        ),
    ),
    "synth": (
        Example("write cdktf.out from environments.toml", "synth"),
        Example("the same, and say what is wrong with its roles", "synth && deploy-access audit"),
    ),
    "waves": (
        Example(
            "the stacks that changed, in their order",
            "waves ../base/cdktf.out cdktf.out --format lines",
        ),
        Example(
            "all stacks, as outputs of a job",
            "waves none cdktf.out --waves 4 --format github",
        ),
    ),
    "workflow": (
        Example("write the workflows", "workflow --write .github"),
        Example("fail where they are no longer up to date", "workflow --check .github"),
    ),
}
"""By the name of the command."""


class ExampleCommand(click.Command):
    """A command whose help ends with its examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them."""
        super().format_epilog(ctx, formatter)
        write_examples(self.name or GROUP, formatter)


def write_examples(command: str, formatter: click.HelpFormatter) -> None:
    """Write the examples of a command as the end of its help; a line is never wrapped."""
    rows = [f"  {PROGRAM} {one.line}\n    {one.does}\n" for one in EXAMPLES[command]]
    formatter.write("".join(["\nExamples:\n", *rows]))
