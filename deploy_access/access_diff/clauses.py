"""A statement of a policy as it is compared: its actions, its principals and its demands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from deploy_access.access_diff.demands import OPAQUE, RESOURCE, demand, demand_of, implied
from deploy_access.errors import InvalidValue
from deploy_access.iam.actions import is_everything
from deploy_access.iam.documents import read_policy
from deploy_access.iam.operators import read_operator
from deploy_access.iam.references import has_reference, has_wildcard, split_text
from deploy_access.terraform.certainty import Premise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.demands import Demand
    from deploy_access.access_diff.requests import Box
    from deploy_access.iam.policy import Condition, Effect, Policy, PolicyStatement, Principal
    from deploy_access.terraform.estate import Document

LONGEST = 200_000
"""Longer than any policy that AWS takes, white space included: its API takes 131,072 characters."""
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyClause:
    """
    One statement.

    Attributes:
        effect: `Allow` or `Deny`.
        actions: As they are written.
        named: The same in lower case, each once.
        all_but: Whether it is about all actions but these.
        resources: As they are written; `*` where the statement names none.
        but_resources: Whether it is about all resources but these.
        on: Its demands on the resource; nothing where it is about all resources.
        conditions: As they are written.
        when: Its demands on the condition keys.
        principals: The principals, or None where the statement has none.
        but_principals: Whether it is about all but these.
        variables: Whether the policy has variables.
        hidden: The name of a policy whose content is not known; else empty.
        premises: What must be true for the statement to be there; nothing where it is there.
        perhaps: The demands that the premises are true.
    """

    effect: Effect
    actions: tuple[str, ...] = field(compare=False)
    named: frozenset[str]
    all_but: bool = False
    resources: tuple[str, ...] = field(default=("*",), compare=False)
    but_resources: bool = False
    on: Box = ()
    conditions: tuple[Condition, ...] = field(default=(), compare=False)
    when: Box = ()
    principals: frozenset[Principal] | None = None
    but_principals: bool = False
    variables: bool = True
    hidden: str = ""
    premises: tuple[Premise, ...] = field(default=(), compare=False)
    perhaps: Box = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A clause is looked up in sets thousands of times: its hash is computed once.
        principals = (self.principals, self.but_principals)
        demands = (self.on, self.when, self.perhaps)
        value = hash((self.effect, self.named, self.all_but, demands, principals))
        object.__setattr__(self, "_hash", value)

    def __hash__(self) -> int:
        return self._hash

    @property
    def box(self) -> Box:
        """All its demands."""
        return (*self.known_box, *self.perhaps)

    @property
    def known_box(self) -> Box:
        """All its demands but those that it is there."""
        return _whole((*self.on, *self.when))

    def parts(self) -> Iterator[tuple[str, Box]]:
        """List its resources as they are written, each with all demands of the statement on it."""
        if self.but_resources:
            yield f"all but {', '.join(self.resources)}", self.box
            return
        for resource in dict.fromkeys(self.resources):
            on = _on(resource, variables=self.variables)
            yield resource, (*_whole((*on, *self.when)), *self.perhaps)


def resting(rule: PolicyClause, premises: Iterable[Premise]) -> PolicyClause:
    """Return a clause that is there only if *premises* are true."""
    # The default of a variable counts for what adds, and never for what subtracts.
    known = [one for one in premises if rule.effect == "Deny" or not one.by_default]
    if not known:
        return rule
    listed = tuple(dict.fromkeys((*rule.premises, *known)))
    perhaps = tuple(dict.fromkeys(map(demand_of, listed)))
    return replace(rule, premises=listed, perhaps=perhaps)


def _whole(box: Box) -> Box:
    if not any(one.is_open for one in box):
        return box
    return tuple(dict.fromkeys([*box, *(more for one in box for more in implied(one))]))


def _on(resource: str, *, variables: bool) -> Box:
    if resource == "*":
        return ()
    return (demand(RESOURCE, "resource", [resource], variables=variables),)


def rules_of(policy: Policy) -> Iterator[PolicyClause]:
    """List the clauses of a policy; a statement that can never apply is left out."""
    for statement in policy.statements:
        # A condition with an operator that IAM does not have is never met.
        if all(read_operator(one.operator) for one in statement.conditions):
            for one, premises in _by_action(statement):
                rule = _rule(one, variables=policy.has_variables)
                yield from _by_variable(resting(rule, premises))


def _by_action(
    statement: PolicyStatement,
) -> Iterator[tuple[PolicyStatement, tuple[Premise, ...]]]:
    """Split a statement by its actions of which it is not known what they mean."""
    actions = statement.actions or ()
    premises = {one: premise for one in actions if (premise := _premise(one))}
    if not premises:
        yield statement, ()
        return
    rest = tuple(one for one in actions if one not in premises)
    if rest:
        yield replace(statement, actions=rest), ()
    for one, premise in premises.items():
        yield replace(statement, actions=(_pattern(one),)), (premise,)


def _premise(action: str) -> Premise | None:
    """Return what an action rests on by itself."""
    if has_reference(action):
        return Premise(unknown=action, why=f"it depends on what {action} stands for")
    if _has_open_service(action):
        why = f"AWS does not say what a wildcard in the service means, as in {action}"
        return Premise(unknown=action.lower(), why=why)
    return None


def _pattern(action: str) -> str:
    """Return an action with a wildcard for what only Terraform knows, as it may be anything."""
    return "".join(one if isinstance(one, str) else "*" for one in split_text(action))


def _has_open_service(action: str) -> bool:
    service, colon, _ = action.partition(":")
    return bool(colon) and has_wildcard(service) and not is_everything(action)


def _by_variable(rule: PolicyClause) -> Iterator[PolicyClause]:
    """Make a clause of each resource with variables: it demands that the variables have values."""
    # In one clause, a resource with a variable would demand its key for the other resources too.
    is_apart = {one: "${" in one for one in dict.fromkeys(rule.resources)}
    if rule.but_resources or "*" in is_apart or not any(is_apart.values()):
        yield rule
        return
    plain = tuple(one for one, apart in is_apart.items() if not apart)
    for some in (plain, *((one,) for one, apart in is_apart.items() if apart)):
        if some:
            on = _on_all(some, but=False, variables=rule.variables)
            yield replace(rule, resources=some, on=on)


def _rule(statement: PolicyStatement, *, variables: bool) -> PolicyClause:
    all_but = statement.not_actions is not None
    actions = (statement.not_actions if all_but else statement.actions) or ()
    resources = statement.not_resources
    but_resources = resources is not None
    if resources is None:
        resources = statement.resources if statement.resources is not None else ("*",)
    principals = statement.not_principals
    but_principals = principals is not None
    if principals is None:
        principals = statement.principals
    return PolicyClause(
        effect=statement.effect,
        actions=actions,
        named=frozenset(action.lower() for action in actions),
        all_but=all_but,
        resources=resources,
        but_resources=but_resources,
        on=_on_all(resources, but=but_resources, variables=variables),
        conditions=statement.conditions,
        when=_when(statement.conditions, variables=variables),
        principals=None if principals is None else frozenset(principals),
        but_principals=but_principals,
        variables=variables,
    )


def _on_all(resources: Iterable[str], *, but: bool, variables: bool) -> Box:
    if but:
        return (demand(RESOURCE, "notresource", resources, variables=variables),)
    if "*" in resources:
        return ()
    return (demand(RESOURCE, "resource", resources, variables=variables),)


def _when(conditions: Iterable[Condition], *, variables: bool) -> Box:
    found: set[Demand] = {
        demand(one.key, one.operator, one.values, variables=variables) for one in conditions
    }
    return tuple(sorted(found, key=lambda one: (one.part, one.operator, one.values)))


def hidden_rule(name: str, effect: Effect = "Allow") -> PolicyClause:
    """Return a clause for a policy whose content is not known; the same policy always is equal."""
    return PolicyClause(
        effect=effect,
        actions=("*",),
        named=frozenset("*"),
        when=(demand(f"policy {name}", OPAQUE, [effect]),),
        hidden=name,
    )


def read_document(document: Document) -> Policy | None:
    """Read a document; None when its content is not known."""
    content = document.content
    if content is None:
        return None
    if isinstance(content, str):
        return _read_text(content) if len(content) <= LONGEST else None
    return _read(cast("dict[str, object]", content))


@lru_cache(maxsize=1024)
def _read_text(content: str) -> Policy | None:
    return _read(content)


def _read(content: str | dict[str, object]) -> Policy | None:
    """Read a document; None for one with a key twice, as AWS does not say which one counts."""
    try:
        policy, problems = read_policy(content)
    except (InvalidValue, RecursionError):
        return None
    return None if any(one.kind == "duplicate-key" for one in problems) else policy
