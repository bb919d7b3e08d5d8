"""
The texts of a policy as patterns for one request: variables replaced, wildcards marked.

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

# `${*}`, `${?}` and `${$}` are the characters themselves.
_ESCAPED = {"*", "?", "$"}
# `${aws:PrincipalTag/team, 'none'}` has a value for a request without the key.
_DEFAULT = re.compile(r"(?P<key>[^,]*), '(?P<default>[^']*)'")


@dataclass(frozen=True, slots=True)
class Reader:
    """
    The reader of one policy's texts, for one request.

    Attributes:
        context: The values of the variables.
        has_variables: Whether the policy has the version with variables; in the older one they
            are plain text.

    """

    context: Context
    has_variables: bool = True

    def pattern(
        self, text: str, wildcards: Mapping[str, Wild] | None = None
    ) -> Sequence[Token] | None:
        """
        Return the pattern of *text*; None when a variable in it has no value: it matches nothing.

        Args:
            text: As it stands in the policy.
            wildcards: The characters that are wildcards; none when left out.

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
        """Return a value of the request as symbols."""
        plain = not self.context.references and len(text) <= LONGEST
        return text if plain else symbols(text)

    def _value(self, variable: PolicyVariable) -> Sequence[str | Reference] | None:
        """
        Return the value of a variable; of a key that is not known it is an opaque symbol.

        A key with several values cannot be used as a variable, and an empty value counts as none.
        """
        # AWS says the first (the page of variables, above), and nothing about the second.
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
