"""
The claims that a `sub` is put together from, and how GitHub writes each.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from deploy_access.iam.references import has_wildcard


@dataclass(frozen=True, slots=True)
class Segment:
    """
    One `key:value` of a `sub`.

    Attributes:
        key: The name in the repository's template, for example `repo` or `context`.
        text: What `sub` holds for it, or None while nobody has said the value.
    """

    key: str
    text: str | None

    @property
    def is_pattern(self) -> bool:
        """Whether the text holds wildcards."""
        return self.text is not None and has_wildcard(self.text)

    def filled(self, value: str) -> Segment:
        """Give the value, encoded as GitHub encodes it."""
        return replace(self, text=f"{self.key}:{encode(value)}")


def encode(value: str) -> str:
    """Write *value* as GitHub writes it into `sub`: only `:` is changed, to `%3A`."""
    return value.replace(":", "%3A")


def decode(text: str) -> str:
    """Read back what `encode` wrote."""
    return text.replace("%3A", ":")
