"""
The second judge of containment: a solver that is not ours decides it, as AWS's own analyser does.

A policy becomes a formula over patterns that the parts of a request match or do not: its action,
its resource, and the values of its condition keys, each of which may be absent. A request that only
the head allows satisfies `allowed(head) and not allowed(base)`. The solver looks for patterns that
satisfy it, and then for texts that match just these. Nothing here is shared with `deploy_access`.

Sources: https://doi.org/10.23919/FMCAD.2018.8602994 (Zelkova) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

# The package has no types.
z3 = cast("Any", import_module("z3"))

Json = dict[str, Any]
Demands = frozenset[tuple[str, bool, bool]]
"""Patterns, whether their wildcards count, and whether they match."""

KEYS = ("aws:PrincipalTag/team", "aws:RequestTag/stage")
ACTION, RESOURCE = "action", "resource"


def gains(base: Json, head: Json) -> bool:
    """Whether the head allows a request that the base does not."""
    request = _Request()
    solver = z3.Solver()
    solver.add(request.allowed(head), z3.Not(request.allowed(base)))
    while _is_satisfied(solver):
        impossible = list(request.impossible(solver.model()))
        if not impossible:
            return True
        # No text makes this choice of patterns, so the next choice is another one.
        solver.add(*impossible)
    return False


def _is_satisfied(solver: Any) -> bool:
    answer = str(solver.check())
    assert answer in {"sat", "unsat"}, answer
    return answer == "sat"


class _Request:
    def __init__(self) -> None:
        self._asked: dict[str, dict[tuple[str, bool], Any]] = {}

    def allowed(self, policy: Json) -> Any:
        """An Allow applies, and no Deny does."""
        by_effect: dict[str, list[Any]] = {"Allow": [], "Deny": []}
        for statement in policy["Statement"]:
            by_effect[statement["Effect"]].append(self._applies(statement))
        return z3.And(z3.Or(*by_effect["Allow"]), z3.Not(z3.Or(*by_effect["Deny"])))

    def impossible(self, model: Any) -> Iterator[Any]:
        """List clauses that forbid what a model says of a part that no text has."""
        for part, asked in self._asked.items():
            # What the model leaves open does not matter.
            said = {one: model[atom] for one, atom in asked.items() if model[atom] is not None}
            demands = frozenset((*one, bool(is_met)) for one, is_met in said.items())
            if not _has_text(demands, is_action=part == ACTION):
                yield z3.Or(*(asked[one] != is_met for one, is_met in said.items()))

    def _applies(self, statement: Json) -> Any:
        return z3.And(
            # The case of an action does not matter.
            self._matches(ACTION, [one.lower() for one in statement["Action"]]),
            self._matches(RESOURCE, statement["Resource"]),
            *(
                self._holds(operator, key, values)
                for operator, asked in statement.get("Condition", {}).items()
                for key, values in asked.items()
            ),
        )

    def _holds(self, operator: str, key: str, values: list[str]) -> Any:
        """An absent key meets `…IfExists` and what is negated, and nothing else."""
        name = operator.removesuffix("IfExists")
        equal = self._matches(key, values, is_wild=name.endswith("Like"))
        there = z3.Bool(f"has {key}")
        if "Not" in name:
            return z3.Or(z3.Not(there), z3.Not(equal))
        return z3.Or(z3.Not(there), equal) if name != operator else z3.And(there, equal)

    def _matches(self, part: str, patterns: list[str], *, is_wild: bool = True) -> Any:
        asked = self._asked.setdefault(part, {})
        for pattern in patterns:
            asked.setdefault((pattern, is_wild), z3.Bool(f"{part} {is_wild} {pattern}"))
        return z3.Or(*(asked[pattern, is_wild] for pattern in patterns))


@cache
def _has_text(demands: Demands, *, is_action: bool) -> bool:
    """Whether a text matches some patterns and not the others."""
    found = _any_action() if is_action else z3.Full(z3.ReSort(z3.StringSort()))
    for pattern, is_wild, is_met in sorted(demands):
        one = _expression(pattern, is_wild=is_wild)
        found = z3.Intersect(found, one if is_met else z3.Complement(one))
    solver = z3.Solver()
    solver.add(z3.InRe(z3.String("text"), found))
    return _is_satisfied(solver)


def _any_action() -> Any:
    """A name of an action, of any service."""
    letters = z3.Plus(z3.Range("a", "z"))
    return z3.Concat(z3.Union(z3.Re("s3"), letters), z3.Re(":"), letters)


def _expression(pattern: str, *, is_wild: bool) -> Any:
    """Write `*` as any text and `?` as any character."""
    any_char = z3.AllChar(z3.ReSort(z3.StringSort()))
    wild = {"*": z3.Star(any_char), "?": any_char} if is_wild else {}
    pieces = [wild[letter] if letter in wild else z3.Re(letter) for letter in pattern]
    # An empty one at either end, as two at least are joined.
    return z3.Concat(z3.Re(""), *pieces, z3.Re(""))
