"""The review of a change: access, resources, findings, stacks and notices of two sides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.clauses import read_document
from deploy_access.activity import ACTIVITY
from deploy_access.audit.estate_audit import about_file, audit_estate
from deploy_access.iam.arns import arns_in, is_cut_off
from deploy_access.resource_diff.compare_resources import compare_resources, in_order
from deploy_access.resource_diff.stack_pairs import pairs, says_what_changes
from deploy_access.review.model import ChangedStacks, Review
from deploy_access.review.notices import find_notices
from deploy_access.review.planned_values import fill_base, fill_head, tell_apart
from deploy_access.review.plans import match_plans, of_plans, read_plans
from deploy_access.terraform.changed_stacks import is_changed, state_of
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.plan_sides import is_partial
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading, same_stack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy_access.audit.report_model import Audit, PlacedFinding
    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.estate import Estate, Role
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

    Key = tuple[str, str, str, str]

_CUT_OFF = "A resource has fewer than the six parts of an ARN, so AWS refuses the policy."


def review(
    base: str | Path | None = None,
    head: str | Path | None = None,
    plans: Sequence[str | Path] = (),
) -> Review:
    """
    Review what changes from one side to the other.

    Args:
        base: A folder of synthesized stacks, a single file, or `none` for an empty side.
        head: The same.
        plans: Plans of stacks of the head, from `terraform show -json`. Without *base* and *head*
            they are compared with the states that they were made for.

    Raises:
        InvalidValue: A file is missing or was not written by CDKTF or Terraform, or a plan belongs
            to no stack of the head.
    """
    files = read_plans(plans)
    if base is None or head is None:
        return compare(*of_plans(files))
    reading = Reading()
    before, after = same_stack(reading.sources(base), reading.sources(head))
    if not files:
        return compare(read_snapshot(before, tell_apart(before, after)), read_snapshot(after))
    matched = match_plans(files, read_snapshot(after).stacks)
    return compare(
        read_snapshot(before, fill_base(matched)),
        read_snapshot(after, fill_head(matched)),
        matched,
    )


def compare(base: Snapshot, head: Snapshot, plans: Mapping[str, JsonFile] | None = None) -> Review:
    """Compare two sides; all lists of the result have a fixed order."""
    ACTIVITY.what = "comparing the resources"
    resources = in_order(compare_resources(base.stacks, head.stacks, plans))
    before, after = _audited(base.estate, head.estate), _audited(head.estate, base.estate)
    # Of two plans only what gives access or guards data is told: neither leads to the other.
    uncompared = {
        name for name, *sides in pairs(base.stacks, head.stacks) if not says_what_changes(*sides)
    }
    # Two single files are two versions of one stack, whatever they are called.
    alone = len(base.stacks) <= 1 and len(head.stacks) <= 1
    moved = tuple(_moved_states(base, head))
    here = (*after.problems, *_cut_off(head.estate))
    there = (*before.problems, *_cut_off(base.estate))
    unread = only_here(here, there, alone=alone)
    gone = only_here(there, here, alone=alone)
    return Review(
        access=compare_access(base.estate, head.estate),
        resources=tuple(change for change in resources if change.stack not in uncompared),
        has_resources=not uncompared,
        new_findings=_only(after.findings, before.findings, alone=alone),
        fixed_findings=_only(before.findings, after.findings, alone=alone),
        new_acceptances=_newly_accepted(after.accepted, before.accepted, alone=alone),
        stacks=_stacks(base, head, {change.stack for change in resources}, plans or {}),
        problems=(*dict.fromkeys(here), *gone, *moved),
        new_problems=(*unread, *moved),
        notices=find_notices(base, head, resources, plans),
        sides=(base.estate, head.estate),
    )


def _audited(estate: Estate, other: Estate) -> Audit:
    """
    Audit the roles that are not equal on both sides, as the audit finds the same in the others.

    A rule looks at a role and at the OIDC providers: where the providers differ, all are audited.
    """
    if estate.providers != other.providers:
        return audit_estate(estate)
    here, there = _by_name(estate.roles), _by_name(other.roles)
    differing = {key for key, roles in here.items() if there.get(key) != roles}
    audited = [role for role in estate.roles if (role.account, role.name) in differing]
    # What differs may contradict what stays.
    equal = [role for role in estate.roles if (role.account, role.name) not in differing]
    return audit_estate(replace(estate, roles=tuple(audited)), beside=equal if audited else ())


def _by_name(roles: Iterable[Role]) -> dict[tuple[str | None, str], list[Role]]:
    found: dict[tuple[str | None, str], list[Role]] = {}
    for role in roles:
        found.setdefault((role.account, role.name), []).append(role)
    return found


def _only(
    found: Iterable[PlacedFinding], other: Iterable[PlacedFinding], *, alone: bool
) -> tuple[PlacedFinding, ...]:
    """Return the findings that only one side has; a finding that only moved is on both."""
    known = {_key(placed, alone=alone) for placed in other}
    return tuple(placed for placed in found if _key(placed, alone=alone) not in known)


def _newly_accepted(
    found: Iterable[PlacedFinding], other: Iterable[PlacedFinding], *, alone: bool
) -> tuple[PlacedFinding, ...]:
    """Return what only one side accepts, or accepts until that day."""
    known = {(_key(placed, alone=alone), placed.until) for placed in other}
    return tuple(p for p in found if (_key(p, alone=alone), p.until) not in known)


def _key(placed: PlacedFinding, *, alone: bool) -> Key:
    """Return what makes two findings the same; a file counts as its stack, not by its name."""
    rule, evidence, where = placed.finding.rule, placed.finding.evidence, placed.where
    if placed.subject != about_file(where):
        return (rule, placed.subject, evidence, "")
    return (rule, "" if alone else where.stack or where.whole, evidence, where.address)


def _stacks(
    base: Snapshot, head: Snapshot, touched: Collection[str], plans: Mapping[str, JsonFile]
) -> ChangedStacks:
    old, new = base.stacks, head.stacks
    planned = {name: plan.content for name, plan in plans.items()}
    planned |= {name: stack.content for name, stack in new.items() if stack.has_changes}
    return ChangedStacks(
        added=_shown(new, new.keys() - old.keys()),
        changed=tuple(
            name
            for name in sorted(old.keys() & new.keys())
            # A plan differs from its state in form; it changes the stack if it changes a resource.
            if (name in touched if new[name].is_plan else _is_changed(old[name], new[name]))
        ),
        removed=_shown(old, old.keys() - new.keys()),
        partial=_shown(new, (name for name, plan in planned.items() if is_partial(plan))),
    )


def _shown(stacks: Mapping[str, ScopedStack], names: Iterable[str]) -> tuple[str, ...]:
    """Sort the names of stacks; one without a name has that of its file."""
    found = (name or PurePath(stacks[name].source.file.name).name for name in names)
    return tuple(sorted(found))


def _is_changed(before: ScopedStack, after: ScopedStack) -> bool:
    return is_changed(before.source, after.source)


def _moved_states(base: Snapshot, head: Snapshot) -> Iterator[Unread]:
    """List the stacks whose state moves to a place where it may be empty."""
    for name in sorted(base.stacks.keys() & head.stacks.keys()):
        before, after = (state_of(side.stacks[name].source) for side in (base, head))
        if before and after and before != after:
            yield Unread(
                kind="unresolved",
                what="The stack keeps its state in another place than before; unless somebody "
                "takes the state there, Terraform makes everything in it anew.",
                given=f"{before[1]} -> {after[1]}",
                where=Where(head.stacks[name].source.file.name, "terraform.backend", name),
            )


def _cut_off(estate: Estate) -> Iterator[Unread]:
    """Name the resources of policies that begin as an ARN and are none, as no request has one."""
    holders = (*estate.roles, *estate.identities)
    of_roles = (policy.document for one in holders for policy in one.policies)
    for document in (*of_roles, *(policy.document for policy in estate.resource_policies)):
        # A glance at the text spares nearly every policy from being read for this.
        if document and any(map(is_cut_off, arns_in(str(document.content)))):
            policy = read_document(document)
            for statement in policy.statements if policy else ():
                for text in (*(statement.resources or ()), *(statement.not_resources or ())):
                    if is_cut_off(text):
                        where = document.where
                        yield Unread(kind="malformed", what=_CUT_OFF, given=text, where=where)


def only_here(
    problems: Iterable[Unread], other: Iterable[Unread], *, alone: bool
) -> tuple[Unread, ...]:
    """
    List the unread parts of this side that are not unread on the other one.

    They are the same at the same address of the same stack for the same reason, whatever the file
    is called.

    Args:
        problems: The unread parts of this side.
        other: The unread parts of the other side.
        alone: Whether each side has one file at most: the two are then versions of one stack.
    """
    known = {_problem_key(problem, alone=alone) for problem in other}
    once = dict.fromkeys(problems)
    return tuple(problem for problem in once if _problem_key(problem, alone=alone) not in known)


def _problem_key(problem: Unread, *, alone: bool) -> tuple[str, ...]:
    where = problem.where
    stack = "" if alone else where.stack or where.whole
    return (stack, where.address, problem.kind, problem.what, problem.given)
