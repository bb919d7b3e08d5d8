"""What a change does that no comparison of access or resources shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NoticeKind = Literal["steering", "access", "guard"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Notice:
    """
    Something that somebody has to read.

    Attributes:
        kind: `steering` for code that runs with what Terraform may do and for what decides how
            Terraform runs; `access` for what gives access and is not compared; `guard` for what
            kept data and no longer does.
        address: Where it stands in the stack, for example `data.external.Version`.
        what: What it is, in a sentence.
        given: How it changed, in a few words, or an empty text.
        stacks: The stacks that have it, sorted.
    """

    kind: NoticeKind
    address: str
    what: str
    given: str = ""
    stacks: tuple[str, ...] = ()
