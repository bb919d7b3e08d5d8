"""The cause of a refusal: the most specific one first, the others after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.causes import OTHER_CAUSES
from deploy_access.explain.check_causes import check_causes, rank
from deploy_access.explain.finding import Cause, ProposedChange
from deploy_access.explain.other_principals import ways_in
from deploy_access.explain.resource_element import has_resource
from deploy_access.explain.undecided import unknown_parts, ways_to_know
from deploy_access.github.run import parse_provider
from deploy_access.iam.decision import Verdict
from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.iam.evaluation import StatementResult

_MOST = 20
"""The conditions whose causes are named; AWS has fifteen keys for GitHub's tokens."""


def diagnose(case: Case) -> tuple[Cause, ...]:
    """List the causes why the role does not let the run in; there is at least one."""
    result = case.nearest
    # In the order in which they hide each other: IAM refuses a policy with `Resource` as a whole.
    if result and has_resource(result):
        return (cause_of("resource-element"), *_causes(case, result))
    if case.decision.verdict is Verdict.UNKNOWN and result:
        return (_undecided(case, result),)
    if case.decision.verdict is Verdict.DENIED_EXPLICITLY and result:
        return (_denied(result),)
    ways = ways_in(case)
    if result is None or ways or not _trusts_providers(case):
        return (cause_of("no-statement", *ways),)
    return tuple(_causes(case, result))


def cause_of(cause: str, *changes: ProposedChange, **fields: object) -> Cause:
    """Return a cause that is not about `sub`."""
    return Cause(id=cause, text=OTHER_CAUSES[cause].format(**fields), changes=changes)


def _causes(case: Case, result: StatementResult) -> Iterator[Cause]:
    if result.principal is Outcome.FAIL:
        yield _principal(case, result)
    if result.action is Outcome.FAIL:
        yield _action(result)
    fails = [check for check in result.checks if check.outcome is Outcome.FAIL]
    for check in sorted(fails, key=lambda check: rank(case, check))[:_MOST]:
        yield from check_causes(case, check)


def _trusts_providers(case: Case) -> bool:
    """Whether a statement names an OIDC provider, or has one as its kind of principal."""
    allowing = [r for r in case.decision.statements if r.statement.effect == "Allow"]
    return any(
        result.principal is not Outcome.FAIL
        or any(one.kind == "Federated" for one in result.statement.principals or ())
        for result in allowing
    )


def _principal(case: Case, result: StatementResult) -> Cause:
    values = [one.value for one in result.statement.principals or ()][:_MOST]
    # The most specific cause: the right issuer of another account, another issuer, no provider.
    known = [parts for parts in map(parse_provider, values) if parts]
    for parts in known:
        if parts["host"] == case.run.provider:
            token = parse_provider(case.provider_arn).get("account", "?")
            given = parts["account"]
            return cause_of("other-provider-account", given=given, wanted=token)
    if known:
        host = known[0]["host"]
        given = f"{host}, of which no token is any more" if host.startswith("vstoken.") else host
        return cause_of("other-provider", given=given, wanted=case.run.provider)
    return cause_of("principal", given=", ".join(values))


def _action(result: StatementResult) -> Cause:
    actions = result.statement.actions
    excepted = f"everything but {', '.join((result.statement.not_actions or ())[:_MOST])}"
    given = ", ".join(f"`{action}`" for action in actions[:_MOST]) if actions else excepted
    return cause_of("wrong-action", given=given)


def _denied(result: StatementResult) -> Cause:
    name = result.statement.sid or str(result.statement.index + 1)
    text = f"In the policy, narrow the statement {name!r} so that it spares this run."
    return cause_of("explicit-deny", ProposedChange(side="policy", text=text))


def _undecided(case: Case, result: StatementResult) -> Cause:
    given = "; ".join(unknown_parts(case, result))
    return cause_of("undecided", *ways_to_know(case, result), given=given)
