"""
Reading a text of a policy for one request: variables filled in, wildcards set apart.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.references import (
    LONGEST,
    PolicyVariable,
    Reference,
    is_plain,
    split_text,
    symbols,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.iam.context import Context
    from deploy_access.iam.pattern_machine import Token, Wild

_ESCAPED = {"*", "?", "$"}
_DEFAULT = re.compile(r"(?P<key>[^,]*), '(?P<default>[^']*)'")


@dataclass(frozen=True, slots=True)
class Reader:
    """
    How the texts of one policy are read.

    Attributes:
        context: Where the variables get their values from.
        has_variables: Whether the policy has the version in which there are variables; in an
            older one they are plain text.

    """

    context: Context
    has_variables: bool = True

    def pattern(
        self, text: str, wildcards: Mapping[str, Wild] | None = None
    ) -> Sequence[Token] | None:
        """
        Read *text*; None when it has a variable without a value, so that nothing matches it.

        Args:
            text: As it stands in the policy.
            wildcards: Which characters mean more than themselves; none when left out.

        """
        special = wildcards or {}
        if is_plain(text):
            if not any(character in text for character in special):
                return text
            return [special.get(character, character) for character in text]
        tokens: list[Token] = []
        for piece in split_text(text):
            if isinstance(piece, Reference):
                tokens.append(piece)
            elif isinstance(piece, str):
                tokens.extend(special.get(character, character) for character in piece)
            elif (value := self._value(piece)) is not None:
                tokens.extend(value)
            else:
                return None
        return tokens

    def held(self, text: str) -> Sequence[str | Reference]:
        """Read a value of the request."""
        plain = not self.context.references and len(text) <= LONGEST
        return text if plain else symbols(text)

    def _value(self, variable: PolicyVariable) -> Sequence[str | Reference] | None:
        """
        Look a variable up; of an unknown key it becomes an opaque symbol.

        A key with many values is none that a variable can have, and an empty one counts as
        missing. AWS says the first and is silent about the second.
        """
        if not self.has_variables:
            return f"${{{variable.name}}}"
        if variable.name in _ESCAPED:
            return variable.name
        default = _DEFAULT.fullmatch(variable.name)
        key = default["key"] if default else variable.name
        if self.context.is_unknown(key):
            return [Reference(f"${{{variable.name}}}")]
        values = self.context.held(key) or ()
        if len(values) == 1 and values[0]:
            return self.held(values[0])
        return default["default"] if default else None
