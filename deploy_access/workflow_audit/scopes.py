"""What names stand for in a job: variables, inputs, and each row of a matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from deploy_access.workflow_audit.expressions import resolve
from deploy_access.workflow_audit.model import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.workflow_audit.yaml_file import YamlNode

_MOST = 50
"""The rows of a matrix, or the choices of inputs, that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameScope:
    """
    The names of one place.

    Attributes:
        known: What each name is, in small letters, for example `vars.role`.
        env: The variables of the environment, with their lines.
    """

    known: Mapping[str, str]
    env: Mapping[str, Written]

    def resolve(self, node: YamlNode) -> Written:
        """Put into a value what is known."""
        return Written(resolve(node.text, self.known), node.line)

    def with_env(self, node: YamlNode) -> NameScope:
        """Add an `env:` block."""
        return self.with_variables({key: self.resolve(one) for key, one in node.entries.items()})

    def with_variables(self, found: Mapping[str, Written]) -> NameScope:
        """Add variables of the environment."""
        known = {f"env.{key}".lower(): one.text for key, one in found.items()}
        return replace(self, known={**self.known, **known}, env={**self.env, **found})

    def with_names(self, context: str, found: Mapping[str, str]) -> NameScope:
        """Add the names of a context, for example `inputs`."""
        return replace(
            self,
            known={**self.known, **{f"{context}.{k}".lower(): text for k, text in found.items()}},
        )

    def only_settings(self) -> NameScope:
        """Leave what the user says of variables and secrets: the rest ends at a called workflow."""
        kept = {key: text for key, text in self.known.items() if key[:5] in {"vars.", "secre"}}
        return NameScope(known=kept, env={})


def settings_scope(variables: Mapping[str, str]) -> NameScope:
    """Make the scope of a repository, whose variables and secrets *variables* are."""
    contexts = ("vars", "secrets", "inputs")
    known = {f"{one}.{name}".lower(): v for one in contexts for name, v in variables.items()}
    return NameScope(known=known, env={})


def choices_of(on: YamlNode, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """List the choices of inputs with which a run can be started by hand."""
    inputs = on.get("workflow_dispatch", "inputs").entries
    options = {
        name: _options(node)
        for name, node in inputs.items()
        if f"inputs.{name}".lower() not in known
    }
    return _rows({name: values for name, values in options.items() if values})


def _options(node: YamlNode) -> tuple[str, ...]:
    return node.get("options").texts if node.get("type").text == "choice" else ()


def rows_of(strategy: YamlNode, scope: NameScope) -> Iterator[dict[str, str]]:
    """
    List the rows of a matrix.

    `exclude` is left out, so that there may be rows more than there are.
    """
    matrix = strategy.get("matrix").entries
    lists = {
        name: tuple(scope.resolve(one).text for one in node.items)
        for name, node in matrix.items()
        if name not in {"include", "exclude"} and node.items and all(o.text for o in node.items)
    }
    included = matrix["include"].items if "include" in matrix else ()
    more = [{key: scope.resolve(one).text for key, one in row.entries.items()} for row in included]
    rows = list(_rows(lists)) if lists or not more else []
    yield from rows
    yield from more[: _MOST - len(rows)]


def _rows(lists: Mapping[str, Iterable[str]]) -> Iterator[dict[str, str]]:
    for row in islice(product(*lists.values()), _MOST):
        yield dict(zip(lists, row, strict=True))
