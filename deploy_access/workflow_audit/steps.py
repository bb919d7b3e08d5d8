"""The steps of a job, those of the local actions that it uses among them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.input_file import shown_name
from deploy_access.terraform.estate import Where
from deploy_access.workflow_audit.files import own_path
from deploy_access.workflow_audit.model import Step, Written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy_access.workflow_audit.files import Files
    from deploy_access.workflow_audit.scopes import NameScope
    from deploy_access.workflow_audit.yaml_file import YamlNode

_MOST = 1_000
_DEEPEST = 10
# `echo NAME=value >> $GITHUB_ENV`, and `export NAME=value` before it.
_ASSIGNED = re.compile(r"""\b([A-Z_][A-Z0-9_]*)=["']?([^\s"'$>]+)["']?""")
_FOR_LATER = "GITHUB_ENV"


def read_steps(
    node: YamlNode, scope: NameScope, root: Path, files: Files, where: Where
) -> Iterator[Step]:
    """List the steps of a job."""
    walk = _Walk(root, files)
    yield from islice(walk.steps(node.get("steps"), scope, where), _MOST)


class _Walk:
    """A walk through steps, in which one may set variables for the next."""

    def __init__(self, root: Path, files: Files) -> None:
        self._root = root
        self._files = files
        self._set: dict[str, Written] = {}

    def steps(
        self, nodes: YamlNode, scope: NameScope, where: Where, condition: str = "", depth: int = 0
    ) -> Iterator[Step]:
        for number, node in enumerate(nodes.items):
            own = scope.with_variables(self._set).with_env(node.get("env"))
            place = replace(where, address=f"{where.address}.steps[{number}]", line=node.line)
            step = _step(node, own, place, condition)
            if own_path(step.uses) is not None and depth < _DEEPEST:
                yield from self._action(step, own, depth)
            else:
                yield step
                self._keep(step.run)

    def _action(self, step: Step, scope: NameScope, depth: int) -> Iterator[Step]:
        found = self._files.called(self._root, step.uses, step.where)
        if found is None:
            return
        file, content = found
        declared = content.get("inputs").entries
        given = {
            **{name: node.get("default").text for name, node in declared.items()},
            **{name: one.text for name, one in step.inputs.items()},
        }
        inner = scope.with_names("inputs", {n: text for n, text in given.items() if text})
        where = Where(shown_name(self._root / file), "runs")
        runs = content.get("runs", "steps")
        yield from self.steps(runs, inner, where, step.condition, depth + 1)

    def _keep(self, run: Written) -> None:
        if _FOR_LATER in run.text:
            for name, value in _ASSIGNED.findall(run.text):
                self._set[name] = Written(value, run.line)


def _step(node: YamlNode, scope: NameScope, where: Where, condition: str) -> Step:
    given = {key: scope.resolve(one) for key, one in node.get("with").entries.items()}
    return Step(
        where=where,
        uses=node.get("uses").text.strip(),
        run=scope.resolve(node.get("run")),
        inputs=given,
        env=scope.env,
        condition=f"{condition} {node.get('if').text}".strip(),
    )
