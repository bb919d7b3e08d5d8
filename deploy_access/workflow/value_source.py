"""The source of the values of a job's steps: literals, GitHub's variables, or inputs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from deploy_access.workflow.step_value import Value, expression, is_known, safe


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubVariable:
    """
    A GitHub variable that a job reads.

    Attributes:
        name: Its name.
        kind: Its name without what tells jobs, clusters and services apart.
        text: What it holds, or an item of what it holds.
    """

    name: str
    kind: str
    text: str


class ValueSource(Protocol):
    """Gives each value of a job its form."""

    def fill(
        self, name: str, text: str, variable: str | None, *, index: int | None = None
    ) -> Value:
        """
        Give a value its form.

        Args:
            name: What it is called among the inputs of an action.
            text: What it is for AWS; `${...}` where Terraform fills it in.
            variable: The GitHub variable that has it; None for what a person says.
            index: Its place, where the variable has a list.
        """
        ...

    def pass_on(self, name: str, value: Value) -> Value:
        """Give a value that has its form already, for example an image of another job."""
        ...


@dataclass(slots=True, kw_only=True)
class FromStacks:
    """
    Literals where they are known, GitHub's variables elsewhere.

    Attributes:
        always: Whether they are variables even where they are known.
        suffix: What the names of the variables end in, where a job has no GitHub environment.
        variables: The variables that were made, with what they hold.
    """

    always: bool = False
    suffix: str = ""
    variables: dict[str, GithubVariable] = field(default_factory=dict[str, "GithubVariable"])

    def fill(
        self, name: str, text: str, variable: str | None, *, index: int | None = None
    ) -> Value:
        """Give a value its form."""
        del name
        if variable is None or (is_known(text) and not self.always):
            return Value(text=safe(text))
        own = f"{variable}{self.suffix}"
        kind = re.sub(r"_\d+$", "", variable)
        self.variables[own] = GithubVariable(name=own, kind=kind, text=text)
        found = f"vars.{own}" if index is None else f"fromJSON(vars.{own})[{index}]"
        return Value(text=text, template=expression(found))

    def pass_on(self, name: str, value: Value) -> Value:
        """Leave it as it is."""
        del name
        return value


@dataclass(slots=True, kw_only=True)
class Inputs:
    """
    Inputs of an action or a called workflow; what is put into them is kept.

    Attributes:
        inner: Where the values come from.
        variables: Whether GitHub's variables can be handed over; a job that calls a workflow is in
            no environment, so it does not see those of one.
        given: What is put in, by name.
    """

    inner: ValueSource
    variables: bool
    given: dict[str, Value] = field(default_factory=dict[str, Value])

    def fill(
        self, name: str, text: str, variable: str | None, *, index: int | None = None
    ) -> Value:
        """Make an input of it."""
        return self.pass_on(name, self.inner.fill(name, text, variable, index=index))

    def pass_on(self, name: str, value: Value) -> Value:
        """Make an input of it."""
        if "vars." in value.template and not self.variables:
            return value
        self.given[name] = value
        return Value(text=value.text, template=expression(f"inputs.{name}"))
