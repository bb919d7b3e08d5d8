"""A failure of the tool, which never looks like a finding."""

from __future__ import annotations

import click


class Fatal(click.ClickException):
    """What went wrong, each line of it behind `fatal:` on the standard error output."""

    exit_code = 1

    def show(self, file: object = None) -> None:
        """Print every line to the standard error output."""
        del file
        for line in self.format_message().splitlines():
            click.echo(f"fatal: {line}", err=True)
