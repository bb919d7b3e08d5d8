"""The texts of the options can stand in a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.workflow.as_given import as_given
from deploy_access.workflow.values import LONGEST, is_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.workflow.options import Options

_SHOWN = 100


def check_texts(options: Options) -> Iterator[Problem]:
    """Find what GitHub would evaluate, or what no line can hold, and name its option."""
    for name, text in _texts(options):
        if not is_safe(text):
            yield Problem(
                what=f"What `{name}` says cannot stand in a workflow.",
                given=as_given((name, text[:_SHOWN])) if text.isprintable() else text[:_SHOWN],
                why="GitHub evaluates `${{`, wherever it stands, and a workflow takes one line of "
                f"at most {LONGEST} characters for it.",
                fix=_FIXES.get(name, "Write it without an expression, in one line."),
            )


_FIXES: Mapping[str, str] = {
    "--migration": "Write the command without an expression, in one line: what it needs to know is "
    "in the environment of its task, or in a script of the image that it calls.",
}


def _texts(options: Options) -> Iterator[tuple[str, str]]:
    for name, values in {
        "--branch": options.branches,
        "--tag": options.tags,
        "--container": tuple(options.containers.values()),
        "--task-definition": tuple(options.definitions.values()),
        "--migration": tuple(options.migrations.values()),
        "--subnet": options.subnets,
        "--security-group": options.security_groups,
        "--appspec": (options.appspec,),
        "--context": (options.context,),
        "--dockerfile": (options.dockerfile,),
    }.items():
        yield from ((name, text) for text in values if text is not None)
