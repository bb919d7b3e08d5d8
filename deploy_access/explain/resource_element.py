"""
A trust policy with `Resource` or `NotResource`, which IAM refuses as a whole.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
(a trust policy has no such element: the role itself is the resource)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange, alternatives
from deploy_access.explain.policy_change import PolicyChange, WrittenPolicy
from deploy_access.explain.policy_forms import element_forms
from deploy_access.explain.snippets import lower_first
from deploy_access.iam.documents import read_policy
from deploy_access.json_shape import as_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.explain.case import Case
    from deploy_access.iam.evaluation import StatementResult

_ELEMENTS = {"Resource", "NotResource"}


def has_resource(result: StatementResult | None) -> bool:
    """Whether the statement has a `Resource`, with which IAM refuses the whole trust policy."""
    statement = result.statement if result else None
    # An element without any value that can be read is one all the same.
    return statement is not None and not (
        statement.resources is None and statement.not_resources is None
    )


def without_resource(written: WrittenPolicy) -> WrittenPolicy:
    """Return the policy without these elements."""
    document = written.having(*map(_bare, written.statements))
    return WrittenPolicy(document=document, policy=read_policy(document).policy)


def _bare(statement: object) -> object:
    found = as_object(statement)
    return {key: value for key, value in found.items() if key not in _ELEMENTS} or statement


def take_out(case: Case, bare: WrittenPolicy) -> ProposedChange:
    """Return the change of a policy that lets the run in without the element."""
    number = case.nearest.statement.index if case.nearest else 0
    statement = as_object(bare.statements[number])
    change = PolicyChange(
        document=bare.document, statement=statement, number=number + 1, is_of_condition=False
    )
    return ProposedChange(
        side="policy",
        text="In the policy, take out `Resource`, as the role itself is meant. "
        f"Statement {number + 1} is then:",
        forms=element_forms(change, case.role),
        policy=bare.document,
    )


def take_out_too(
    changes: Iterable[ProposedChange], bare: WrittenPolicy
) -> tuple[ProposedChange, ...]:
    """Return changes of the policy without the element, which has to go with each of them."""
    return tuple(alternatives(_with_removal(one, bare) for one in changes))


def _with_removal(change: ProposedChange, bare: WrittenPolicy) -> ProposedChange:
    doing = change.text.removeprefix("Or ")
    text = f"In the policy, take out `Resource`; then {lower_first(doing)}"
    return replace(change, side="policy", text=text, policy=change.policy or bare.document)
