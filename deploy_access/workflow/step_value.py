"""A value of a step: a literal where synthesis knows it, an expression of GitHub's elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.references import has_reference

# What ends a line in YAML, or cannot stand in it: https://yaml.org/spec/1.2.2/#51-character-set.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
LONGEST = 2_000
"""
The longest text that is written into a workflow, in characters.

It is more than a person reads in one line, so that a longer text of the stacks is taken for a
mistake before it fills the file.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """
    The value of an input of a step.

    Attributes:
        text: What it is for AWS, with `${...}` where Terraform fills it in.
        template: What the workflow has, with expressions of GitHub's in it; nothing for a literal.
    """

    text: str
    template: str = ""

    @property
    def shown(self) -> str:
        """What the workflow has."""
        return self.template or safe(self.text)


def is_known(text: str | None) -> bool:
    """Whether nothing of *text* is left to Terraform."""
    return bool(text) and not has_reference(text or "")


def expression(text: str) -> str:
    """Write an expression of GitHub's."""
    return f"${{{{ {text} }}}}"


def is_safe(text: str) -> bool:
    """Whether GitHub takes *text* as it is: no expression is in it, and one line holds it."""
    return "${{" not in text and not _CONTROL.search(text) and len(text) <= LONGEST


def safe(text: str) -> str:
    """
    Return *text* as it is.

    Raises:
        InvalidValue: GitHub would evaluate a part of it, or no line can hold it.
    """
    if not is_safe(text):
        raise InvalidValue(
            Problem(
                what="A value cannot stand in a workflow.",
                given=text[:100],
                why="GitHub evaluates `${{`, wherever it stands, and a workflow takes one line of "
                f"at most {LONGEST} characters for it.",
                fix="Rename what is called so.",
            )
        )
    return text


def slug(text: str, *, longest: int = 60) -> str:
    """Make an id of a job, a step or a file from *text*: letters, digits and hyphens."""
    found = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower()[:longest].strip("-")
    return found if found[:1].isalpha() else f"x-{found}".rstrip("-")
