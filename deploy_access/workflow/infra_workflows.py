"""The workflows of the repository that holds the stacks: they review, deploy and look for drift."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.terraform.stacks import read_stacks
from deploy_access.terraform.type_actions import TYPE_ACTIONS
from deploy_access.workflow.infra_deploy import deploy_workflow, wave_workflow
from deploy_access.workflow.infra_drift import drift_workflow
from deploy_access.workflow.infra_pair import find_pairs
from deploy_access.workflow.infra_review import review_workflow
from deploy_access.workflow.infra_settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy_access.terraform.stacks import Stack
    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.infra_job import InfraWorkflow
    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.options import Options


def plan_infra(
    read: DeployerEstate, stacks: Mapping[str, Stack], options: Options
) -> tuple[tuple[InfraWorkflow, ...], tuple[str, ...]]:
    """
    Plan the workflows of the repository that plans and applies *stacks*.

    Returns:
        The workflows, and what a person should know of them.

    Raises:
        InvalidValue: No pair of roles is found, or what there is could be meant in several ways.
    """
    pairs = find_pairs(read, stacks, options.repo)
    reject(problem for pair in pairs for problem in _check(pair))
    settings = read_settings(pairs, options)
    reviews = all(any(t.kind == "pull_request" for t in one.plan.trusted) for one in pairs)
    made = (
        *([review_workflow(pairs, settings)] if reviews else []),
        deploy_workflow(pairs, settings),
        wave_workflow(pairs, settings),
        drift_workflow(pairs, settings),
    )
    return made, tuple(_notes(pairs, stacks, reviews=reviews))


def without_pairs(
    read: DeployerEstate, out: Path, options: Options
) -> tuple[DeployerEstate, tuple[str, ...]]:
    """
    Leave out the roles that plan and apply: they are no service's, and have workflows of their own.

    Roles that are asked for by name stay, and so do all where no other role is left.
    """
    try:
        pairs = find_pairs(read, read_stacks(out), options.repo)
    except InvalidValue:  # what there is, is no pair for certain
        return read, ()
    names = {one.deployer.name for pair in pairs for one in (pair.plan, pair.apply)}
    kept = tuple(one for one in read.deployers if one.name not in names - {*options.roles})
    if not kept or names <= {*options.roles}:
        return read, ()
    note = f"No workflow here for {_some(sorted(names))}: `--infra` writes theirs."
    return replace(read, deployers=kept), (note,)


def _check(pair: InfraPair) -> Iterator[Problem]:
    """Refuse what these jobs cannot work with, whatever the roles allow."""
    if any(one.issuer.is_server for one in (*pair.plan.trusted, *pair.apply.trusted)):
        yield Problem(
            what="These workflows are for github.com.",
            given=pair.repository,
            why="A GitHub Enterprise Server has no artifacts of the kind that the jobs hand over.",
            fix="Run the steps of docs/infra.md there in workflows of your own.",
        )
    kept = sorted(stack.name for stack in pair.stacks if stack.backend is None)
    if kept:
        yield Problem(
            what=f"Stacks of account {pair.account} keep their state in a local file.",
            given=", ".join(kept),
            why="The machine of a job is thrown away, so the next run would make everything anew.",
            fix="Keep it in S3: `state` of the account in `environments.toml`.",
        )


def _notes(
    pairs: Sequence[InfraPair], stacks: Mapping[str, Stack], *, reviews: bool
) -> Iterator[str]:
    accounts = {one.account for one in pairs}
    others = sorted(one.name for one in stacks.values() if one.account not in accounts)
    if others:
        yield f"Not deployed by these workflows, as no role is theirs: {_some(others)}."
    types = {t for one in pairs for stack in one.stacks for t in stack.resource_types}
    if unknown := sorted(types - TYPE_ACTIONS.keys()):
        yield f"What a plan reads of these is not known, so it is not proved: {_some(unknown)}."
    if not reviews:
        yield "No review of pull requests: not every role that plans trusts them."
    yield f"{pairs[0].repository} needs the lock file .terraform.lock.hcl: docs/infra.md."


def _some(names: Sequence[str]) -> str:
    most = 10
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
