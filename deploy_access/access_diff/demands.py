"""
A demand of a statement on one part of a request: on its resource, or on one condition key.

A demand on a text becomes clauses over patterns, which match as the evaluator does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.access_diff.pattern_search import Clause
from deploy_access.access_diff.pattern_set import Texts
from deploy_access.iam.arn_comparison import within_parts
from deploy_access.iam.arns import ARN_PARTS
from deploy_access.iam.context import Context
from deploy_access.iam.operators import read_operator
from deploy_access.iam.pattern_machine import Wild
from deploy_access.iam.patterns import WILDCARDS
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.references import (
    PolicyVariable,
    Reference,
    has_wildcard,
    is_plain,
    split_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.iam.operators import Operator
    from deploy_access.iam.pattern_machine import Pattern, Token
    from deploy_access.terraform.certainty import Premise


RESOURCE = ""
"""The part of a request that is its resource; every other one is a condition key."""
OPAQUE = "opaque"
"""The operator of a demand that cannot be decided; two equal demands have the same answer."""
_PREMISE = "Premise "
# No condition key begins so: keys are compared in lower case.
_ARNS = {"arnequals", "arnlike"}


ANY_ARN: Pattern = (*((Wild.ANY_IN_PART, ":") * (ARN_PARTS - 1)), Wild.ANY)
"""Whatever the ARN operators take for an ARN."""


@dataclass(frozen=True, slots=True)
class Demand:
    """
    One demand.

    Attributes:
        part: `RESOURCE`, or a condition key in lower case.
        operator: The condition operator in lower case; `resource` or `notresource`; `OPAQUE`.
        values: The values of the policy, sorted, each once.
        variables: Whether `${aws:...}` in a value is a variable.
    """

    part: str
    operator: str
    values: tuple[str, ...]
    variables: bool = True
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.part, self.operator, self.values)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_negated(self) -> bool:
        """Whether none of the values may be equal."""
        return self.operator == "notresource" or (
            self.condition is not None and self.condition.negated
        )

    @property
    def condition(self) -> Operator | None:
        """The parsed condition operator; None for a resource and for `OPAQUE`."""
        return _operator(self.operator)

    @property
    def base(self) -> str:
        """The operator without its set operator, `IfExists` and `Not`."""
        found = self.condition
        return found.base if found else self.operator.removeprefix("not")

    @property
    def is_textual(self) -> bool:
        """Whether it compares texts, so that patterns decide it."""
        return self.condition is not None and self.condition.is_textual

    @property
    def is_open(self) -> bool:
        """Whether it depends on a reference of Terraform, or on a variable."""
        return any("${" in value for value in self.values)


def demand(part: str, operator: str, values: Iterable[str], *, variables: bool = True) -> Demand:
    """Return a demand in its normal form, so that equal demands are equal values."""
    listed = tuple(sorted(set(values)))
    has_some = any("${" in value for value in listed)
    # IAM does not look at the case of a key; what is opaque has a name of its own.
    name = part if operator == OPAQUE else part.lower()
    return Demand(name, operator.lower(), listed, variables or not has_some)


def demand_of(premise: Premise) -> Demand:
    """
    Return the demand that a premise is true.

    What is not known is a key of the request that no policy can name. So the search for a request
    finds the answers too under which the request is gained.
    """
    operator = "stringnotequals" if premise.is_other else "stringequals"
    return Demand(f"{_PREMISE}{premise.unknown}", operator, premise.answers)


def is_premise(asked: Demand) -> bool:
    """Whether it is the demand that a premise is true."""
    return asked.part.startswith(_PREMISE)


def implied(asked: Demand) -> Iterator[Demand]:
    """List what is true as well when a demand is met: the keys of its variables have values."""
    if not asked.variables or not asked.is_open:
        return
    found = asked.condition
    # These are met without the key, so they say nothing about their variables.
    is_loose = found is not None and (found.if_exists or found.is_for_all)
    # One equal value is enough, so only a variable that stands in all values must have one. For
    # `NotResource` it is the opposite: none may be equal, so every variable must have a value.
    first, *others = [frozenset(_variables(value)) for value in asked.values]
    keys = first.intersection(*others)
    if asked.operator == "notresource":
        keys = first.union(*others)
    elif asked.is_negated or is_loose:
        return
    for key in sorted(keys):
        yield demand(key, "null", ["false"])


def _variables(text: str) -> Iterator[str]:
    """List the keys of the variables that have no value to fall back on."""
    for piece in split_text(text):
        if isinstance(piece, PolicyVariable) and ":" in piece.name and "," not in piece.name:
            yield piece.name


@lru_cache(maxsize=1024)
def _operator(name: str) -> Operator | None:
    return None if name in {OPAQUE, "resource", "notresource"} else read_operator(name)


@lru_cache(maxsize=16384)
def alternatives(asked: Demand, *, met: bool) -> tuple[tuple[Clause, ...], ...]:
    """
    List the ways in which one text meets a demand, or fails to.

    Args:
        asked: A demand on a resource, or a textual one.
        met: Whether it is to be met.
    """
    if asked.base in _ARNS:
        return _of_arns(asked, met=met)
    ignore_case = asked.base == "stringequalsignorecase"
    plain = {v for v in asked.values if not ignore_case and _is_plain(v, asked)}
    texts = Texts(
        plain=frozenset(plain),
        patterns=tuple(_pattern(v, asked) for v in asked.values if v not in plain),
        ignore_case=ignore_case,
    )
    return ((Clause(texts, wanted=met != asked.is_negated),),)


def _of_arns(asked: Demand, *, met: bool) -> tuple[tuple[Clause, ...], ...]:
    """List the ways for an ARN operator; a text that is no ARN fails it and its negation."""
    read = [arn_pattern(value, variables=asked.variables) for value in asked.values]
    patterns = Texts(patterns=tuple(pattern for pattern in read if pattern))
    if not asked.is_negated:
        return ((Clause(patterns, wanted=met),),)
    if not read:
        return ((),) if met else ()
    if None in read:
        return () if met else ((),)
    is_arn = Texts(patterns=(ANY_ARN,))
    if met:
        return ((Clause(patterns, wanted=False), Clause(is_arn)),)
    return (Clause(patterns),), (Clause(is_arn, wanted=False),)


def _is_plain(value: str, asked: Demand) -> bool:
    has_wildcards = asked.part == RESOURCE or asked.base == "stringlike"
    return is_plain(value) and not (has_wildcards and has_wildcard(value))


def _pattern(value: str, asked: Demand) -> Pattern:
    if asked.part == RESOURCE:
        return resource_pattern(value, variables=asked.variables)
    wildcards = WILDCARDS if asked.base == "stringlike" else None
    return text_pattern(value, wildcards, variables=asked.variables)


@lru_cache(maxsize=16384)
def resource_pattern(text: str, *, variables: bool = True) -> Pattern:
    """
    Return the pattern of a resource.

    A `*` at the end of a part matches further `:` too, any other wildcard does not. In the last
    part, the name of the resource, every wildcard does.
    """
    return tuple(within_parts(text_pattern(text, WILDCARDS, variables=variables)))


def arn_pattern(text: str, *, variables: bool = True) -> Pattern | None:
    """Return the pattern of an ARN, whose wildcards stay in their part; None for another text."""
    if "${" in text and not variables:
        return (Reference(text),)
    tokens = text_pattern(text, WILDCARDS, variables=variables)
    found: list[Token] = []
    part = 1
    for item in tokens:
        part += item == ":"
        found.append(_in_part(item) if part < ARN_PARTS else item)
    is_whole = part >= ARN_PARTS or any(isinstance(item, Reference) for item in tokens)
    return tuple(found) if is_whole else None


def text_pattern(text: str, wildcards: Mapping[str, Wild] | None, *, variables: bool) -> Pattern:
    """Return the pattern of a text, in which only the characters of *wildcards* are wildcards."""
    reader = Reader(Context(unknown=("*",)), variables)
    return tuple(reader.pattern(text, wildcards) or ())


def _in_part(item: Token) -> Token:
    if item is Wild.ANY:
        return Wild.ANY_IN_PART
    return Wild.ONE_IN_PART if item is Wild.ONE else item
