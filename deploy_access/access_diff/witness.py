"""The proof of a gain: the evaluator denies a request in the base and allows it in the head."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.access_diff.changed_expressions import BEFORE
from deploy_access.access_diff.demands import demand_of, is_premise
from deploy_access.access_diff.effective_policy import EffectivePolicy
from deploy_access.access_diff.plausible import plausible
from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.aws_managed_policies import least_of
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.policy import (
    WITH_VARIABLES,
    WITHOUT_VARIABLES,
    Policy,
    PolicyStatement,
    Principal,
)
from deploy_access.iam.references import PolicyVariable, Reference, split_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.compare_policies import Gain
    from deploy_access.access_diff.pattern_search import Text
    from deploy_access.access_diff.requests import FoundRequest
    from deploy_access.iam.policy import Effect

# The policies of a role do not name it, so any role serves.
_ACCOUNT = "000000000000"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/role"
_FORBIDDEN = {Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY}
# As many as names are shown of what is not known.
_MOST_REASONS = 3
# The own policy of a KMS key or a role that leaves the decision to the caller's policies.
_NOTHING = Policy(statements=())
_DELEGATING = Policy(
    statements=(
        PolicyStatement(
            index=0,
            effect="Allow",
            principals=(Principal(kind="AWS", value=_ACCOUNT),),
            actions=("*",),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GainProof:
    """
    The verdict of the evaluator on a gain.

    Attributes:
        is_certain: Whether the base denies the request and the head allows it.
        resource: The resource of the request.
        context: Its condition keys, as the policies spell them.
        why: Why it cannot be decided; empty when it is certain.
    """

    is_certain: bool
    resource: str = "*"
    context: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    why: str = ""


def certify(gain: Gain, base: EffectivePolicy, head: EffectivePolicy) -> GainProof:
    """Prove that only *head* allows the gained request, or say why that cannot be proven."""
    found = gain.request
    if not found.is_known:
        return GainProof(is_certain=False, why="the statements are too entangled to tell")
    if found.hidden:
        return GainProof(is_certain=False, why=_of_hidden(gain, base, head))
    resource, context = _fill_in(found)
    allowing = [r for r in head.allows if r in gain.group.about]
    nicer = plausible(resource, context, allowing)
    # The nicer example first: where it proves nothing, the one that was found counts.
    tries = [(resource, context)] if nicer == (resource, context) else [nicer, (resource, context)]
    for where, keys in tries:
        if _is_proven(where, keys, gain, base, head):
            return GainProof(is_certain=True, resource=where, context=_spelled(keys, gain))
    return GainProof(is_certain=False, why=_reason(gain, base, head))


def _of_hidden(gain: Gain, base: EffectivePolicy, head: EffectivePolicy) -> str:
    """Say what is not known of the policies on which the request depends, and of their presence."""
    hidden = gain.request.hidden
    names = sorted({o.demand.part.partition(" ")[2] for o in hidden if not is_premise(o.demand)})
    more = " else" if all(map(least_of, names)) else ""
    unread = f"nobody can tell what{more} is in {_shown(names)}" if names else ""
    parts = {one.demand.part for one in hidden if is_premise(one.demand)}
    rules = (*head.everything, *base.everything)
    premises = {premise.why for rule in rules for premise in rule.premises
                if demand_of(premise).part in parts}  # fmt: skip
    return "; ".join(filter(None, [*sorted(premises)[:_MOST_REASONS], unread]))


def _is_proven(
    resource: str,
    context: Mapping[str, tuple[str, ...]],
    gain: Gain,
    base: EffectivePolicy,
    head: EffectivePolicy,
) -> bool:
    request = AccessRequest(
        role_arn=_ROLE,
        action=gain.group.example,
        resource=resource,
        resource_account=_ACCOUNT,
        context=Context(values=context),
    )
    # Whatever may or may not be there has to change nothing.
    before, after = _least(base, "Deny"), _least(head, "Allow")
    is_forbidden = _verdict(request, before, gain) in _FORBIDDEN
    return is_forbidden and _verdict(request, after, gain) is Verdict.ALLOWED


def _least(side: EffectivePolicy, effect: Effect) -> EffectivePolicy:
    """Leave out of a side the statements of one effect that may not be there."""
    if not any(rule.perhaps for rule in side.everything):
        return side
    rules = tuple(rule for rule in side.rules if not rule.perhaps or rule.effect != effect)
    bounds = side.bounds
    if bounds is not None and effect == "Allow":
        bounds = tuple(rule for rule in bounds if not rule.perhaps)
    return EffectivePolicy(rules=rules, bounds=bounds)


def _spelled(context: Mapping[str, tuple[str, ...]], gain: Gain) -> Mapping[str, tuple[str, ...]]:
    spelled = sorted({c.key for rule in gain.group.about for c in rule.conditions})
    keys = {key.lower(): key for key in spelled}
    return {keys.get(key, key): values for key, values in sorted(context.items())}


def _verdict(request: AccessRequest, side: EffectivePolicy, gain: Gain) -> Verdict:
    # Without an Allow there is nothing to evaluate.
    about = gain.group.about
    if not any(rule.effect == "Allow" and rule in about for rule in side.rules):
        return Verdict.DENIED_IMPLICITLY
    bounds = None if side.bounds is None else _policies(side.bounds, gain)
    is_delegated = request.action.lower().startswith(("kms:", "sts:"))
    decision = evaluate_access(
        request,
        identity=_policies(side.rules, gain),
        # A boundary is one document, so all of it has variables or none.
        boundary=None if bounds is None else (bounds or [_NOTHING])[0],
        resource_policy=_DELEGATING if is_delegated else None,
    )
    return decision.verdict


def _policies(rules: Iterable[PolicyClause], gain: Gain) -> list[Policy]:
    """Return the statements about the gain as two policies: with variables, and without."""
    found: dict[bool, list[PolicyStatement]] = {}
    for rule in rules:
        if rule in gain.group.about:
            found.setdefault(rule.variables, []).append(_statement(rule))
    return [
        Policy(
            statements=tuple(statements),
            version=WITH_VARIABLES if variables else WITHOUT_VARIABLES,
        )
        for variables, statements in found.items()
    ]


def _statement(rule: PolicyClause) -> PolicyStatement:
    return PolicyStatement(
        index=0,
        effect=rule.effect,
        actions=None if rule.all_but else rule.actions,
        not_actions=rule.actions if rule.all_but else None,
        resources=None if rule.but_resources else rule.resources,
        not_resources=rule.resources if rule.but_resources else None,
        conditions=rule.conditions,
    )


def _reason(gain: Gain, base: EffectivePolicy, head: EffectivePolicy) -> str:
    """Name the references and variables on which the request depends."""
    rules = [rule for rule in (*head.everything, *base.everything) if rule in gain.group.about]
    texts = {value for rule in rules for one in rule.box if one.is_open for value in one.values}
    pieces = {
        piece.text if isinstance(piece, Reference) else f"${{{piece.name}}}"
        for text in texts
        for piece in split_text(text)
        if not isinstance(piece, str)
    }
    if pieces:
        return f"it depends on what {_shown(sorted(pieces))} stands for"
    return "no request could be found that proves it"


def _shown(listed: Iterable[str]) -> str:
    """Name what is not known, once where only its definition differs between the sides."""
    names = sorted({name.replace(f"{BEFORE}}}", "}") for name in listed})
    changed = ", whose definition changed" if any(BEFORE in name for name in listed) else ""
    short = [name if len(name) <= 100 else f"{name[:100]}..." for name in names[:3]]  # noqa: PLR2004
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004
    return f"{', '.join(short)}{more}{changed}"


def _fill_in(found: FoundRequest) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Give every variable of IAM a value, the same in the resource and in the context."""
    texts = [found.resource or (), *(v for values in found.context.values() for v in values)]
    context = {key: values for key, values in found.context.items() if values}
    known: dict[str, str] = {}
    added: dict[str, tuple[str, ...]] = {}
    opened = (text for text in texts if not isinstance(text, str))
    for symbol in (s for text in opened for s in text if isinstance(s, Reference)):
        key = _variable(symbol)
        if key:
            held = context.get(key, ())
            known[symbol.text] = _write(held[0], {}) if len(held) == 1 else key.rpartition(":")[2]
            added.setdefault(key, (known[symbol.text],))
    written = {k: tuple(_write(text, known) for text in values) for k, values in context.items()}
    resource = "*" if found.resource is None else _write(found.resource, known)
    return resource, {**added, **written}


def _variable(symbol: Reference) -> str | None:
    piece = next(split_text(symbol.text))
    return piece.name.partition(",")[0].lower() if isinstance(piece, PolicyVariable) else None


def _write(text: Text, known: Mapping[str, str]) -> str:
    if isinstance(text, str):
        return text
    return "".join(s if isinstance(s, str) else known.get(s.text, s.text) for s in text)
