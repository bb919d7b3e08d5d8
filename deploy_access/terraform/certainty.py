"""
What a part of a policy rests on, where no file says whether the part is there.

What is uncertain never subtracts: a `Deny`, a condition or a boundary that may not be there counts
as absent, an `Allow` that may be there counts as present. A comparison of two sides must know more:
the same part that is uncertain for the same reason on both sides is no difference. So each part has
its premises, and a premise has a name that is the same on both sides while its answer is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """
    What must be true for something to be there, and what nothing that was read tells.

    Attributes:
        unknown: The name of the question; two premises of one name have the same answer.
        why: The reason why it is not known, as a phrase.
        answers: The answers with which the premise is true.
        is_other: Whether it is true with every answer but these.
        by_default: Whether it is true by the default of a variable, which counts for what adds.
    """

    unknown: str
    why: str
    answers: tuple[str, ...] = ("yes",)
    is_other: bool = False
    by_default: bool = False

    @property
    def opposite(self) -> Premise:
        """The premise that is true when this one is not."""
        return replace(self, is_other=not self.is_other, by_default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """
    One way in which a statement may stand in a document.

    Attributes:
        statement: The statement.
        premises: What must be true for it to stand there so.
        is_narrower: Whether another variant is about more requests.
    """

    statement: object
    premises: tuple[Premise, ...] = ()
    is_narrower: bool = False

    def resting(self, *premises: Premise) -> Variant:
        """Return the variant with more premises."""
        return replace(self, premises=(*self.premises, *premises))


Variants: TypeAlias = tuple[Variant, ...]


def one_of(unknown: str, why: str, names: Iterable[str]) -> dict[str, Premise]:
    """Return a premise for each of *names*: of several that exclude each other, this one counts."""
    first, *others = dict.fromkeys(names)
    # One of them counts in any case, so the first one does with every answer that names no other.
    found = {first: Premise(unknown=unknown, why=why, answers=tuple(others), is_other=True)}
    return found | {name: Premise(unknown=unknown, why=why, answers=(name,)) for name in others}
