"""
The two roles of an account with which a repository plans and applies the stacks themselves.

They are told by what they may do, never by their names: the role that may assume what Terraform
assumes applies, and its partner trusts the same repository, and only reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.apply_roles import only_applies
from deploy_access.audit.permission_rules import writes
from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.run import AUDIENCE
from deploy_access.iam.decision import Verdict
from deploy_access.terraform.role_policies import read_repository_policies, read_role_policies
from deploy_access.workflow.audience import asked_audience
from deploy_access.workflow.call_decision import decide
from deploy_access.workflow.infra_calls import may_assume
from deploy_access.workflow.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.terraform.role_policies import RepositoryPolicies
    from deploy_access.terraform.stacks import Stack
    from deploy_access.workflow.deployer import Deployer, Trusted
    from deploy_access.workflow.deployer_reader import DeployerEstate


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraPair:
    """
    The roles of one account.

    Attributes:
        account: The account.
        repository: The repository that both trust, `owner/name`.
        plan: The role that only reads, for pull requests and a branch.
        apply: The role that may become Terraform's, for one GitHub environment.
        stacks: The stacks of the account.
    """

    account: str
    repository: str
    plan: Stage
    apply: Stage
    stacks: tuple[Stack, ...]

    @property
    def environment(self) -> str:
        """The GitHub environment of the account, which has the reviewers."""
        return self.apply.label

    @property
    def region(self) -> str:
        """The region of a session; each stack says its own."""
        return self.plan.deployer.role.region or next(s.region or "" for s in self.stacks)


def find_pairs(
    read: DeployerEstate, stacks: Mapping[str, Stack], repository: str | None
) -> tuple[InfraPair, ...]:
    """
    Find the pair of each account that has one, in the order of the accounts' environments.

    Args:
        read: The roles that trust GitHub.
        stacks: All stacks, by name.
        repository: The one repository, `owner/name`; None for any.

    Raises:
        InvalidValue: There is none, or what there is could be meant in several ways.
    """
    repositories = read_repository_policies(read.estate)
    accounts = dict.fromkeys(one.account for one in stacks.values() if one.account)
    found: list[InfraPair] = []
    problems: list[Problem] = []
    for account in accounts:
        own = tuple(one for one in stacks.values() if one.account == account)
        deployers = [one for one in read.deployers if one.role.account == account]
        try:
            found += _pairs(deployers, account, own, repository, repositories)
        except InvalidValue as error:
            problems += error.problems
    reject(problems)
    if not found:
        raise InvalidValue(_no_pair(stacks.values(), repository))
    reject(_check_pairs(found))
    return tuple(sorted(found, key=lambda one: one.environment))


def _pairs(
    own: Sequence[Deployer],
    account: str,
    stacks: tuple[Stack, ...],
    repository: str | None,
    repositories: RepositoryPolicies,
) -> Iterator[InfraPair]:
    roles = sorted({one.role_arn for one in stacks if one.role_arn})
    appliers = _appliers(own, roles, repositories)
    for name in dict.fromkeys(n for one in appliers for n in _repositories(one, repository)):
        (apply,) = _one_of([o for o in appliers if name in _repositories(o, name)], account, name)
        partners = [
            one
            for one in own
            if one is not apply
            and name in _repositories(one, name)
            and _only_reads(one, repositories)
        ]
        if not partners:
            raise InvalidValue(_no_partner(apply, name))
        (plan,) = _one_of(partners, account, name)
        yield InfraPair(
            account=account,
            repository=name,
            plan=_stage(plan, name, [t for t in _trusted(plan, name) if t.kind != "environment"]),
            apply=_in_environment(apply, name),
            stacks=stacks,
        )


def _appliers(
    own: Sequence[Deployer], roles: Sequence[str], repositories: RepositoryPolicies
) -> list[Deployer]:
    """List the roles that may become Terraform's; only those that do nothing else, if any."""
    found = [one for one in own if any(_may_become(one, role, repositories) for role in roles)]
    identity = {one.name: read_role_policies(one.role, repositories).identity for one in found}
    return [o for o in found if only_applies(o.role, identity[o.name], roles)] or found


def _may_become(deployer: Deployer, role_arn: str, repositories: RepositoryPolicies) -> bool:
    """Whether it may become that role, and deploys nothing by itself."""
    if deployer.images or deployer.targets:
        return False
    policies = read_role_policies(deployer.role, repositories)
    return decide(may_assume(role_arn), deployer, policies).verdict is Verdict.ALLOWED


def _only_reads(deployer: Deployer, repositories: RepositoryPolicies) -> bool:
    policies = read_role_policies(deployer.role, repositories)
    return not policies.unread and not any(map(writes, policies.identity))


def _trusted(deployer: Deployer, repository: str) -> list[Trusted]:
    return [one for one in deployer.trusted if f"{one.owner}/{one.name}" == repository]


def _repositories(deployer: Deployer, repository: str | None) -> list[str]:
    """Name the repositories that a role trusts, or only the one that is asked for."""
    names = dict.fromkeys(f"{one.owner}/{one.name}" for one in deployer.trusted)
    return [name for name in names if "*" not in name and repository in {None, name}]


def _one_of(found: Sequence[Deployer], account: str, repository: str) -> tuple[Deployer]:
    if len(found) > 1:
        raise InvalidValue(
            Problem(
                what=f"Several roles of account {account} could be the one that is meant.",
                given=", ".join(sorted(one.name for one in found)),
                why=f"All of them trust {repository}, and may do the same for its workflows.",
                fix="Leave one of them, or let the others trust another repository.",
            )
        )
    return (found[0],)


def _stage(
    deployer: Deployer, repository: str, trusted: Sequence[Trusted], environment: str | None = None
) -> Stage:
    return Stage(
        deployer=deployer,
        repository=repository,
        environment=environment,
        label=environment or "",
        refs=None,
        trusted=tuple(trusted),
    )


def _in_environment(apply: Deployer, repository: str) -> Stage:
    trusted = [one for one in _trusted(apply, repository) if one.kind == "environment"]
    names = sorted({one.value for one in trusted if not one.is_pattern})
    if len(names) != 1:
        raise InvalidValue(
            Problem(
                what=f"The role {apply.name!r} trusts {len(names)} GitHub environments.",
                given=", ".join(names) or str(apply.role.where),
                why="What is applied waits for the reviewers of one environment.",
                fix='Trust one: `apply = [{ environment = "{account}" }]`.',
            )
        )
    return _stage(apply, repository, trusted, names[0])


def _check_pairs(pairs: Sequence[InfraPair]) -> Iterator[Problem]:
    repositories = sorted({one.repository for one in pairs})
    if len(repositories) > 1:
        yield Problem(
            what="Several repositories plan and apply these stacks.",
            given=", ".join(repositories),
            why="Workflows are written for one of them.",
            fix=f"Name it: `--repo {repositories[0]}`.",
        )
    environments = [one.environment for one in pairs]
    for name in sorted({one for one in environments if environments.count(one) > 1}):
        yield Problem(
            what="Two accounts are applied in one GitHub environment.",
            given=name,
            why="Who approves a run could not tell them apart, and jobs are called after it.",
            fix='Give each account its own: `apply = [{ environment = "{account}" }]`.',
        )
    asked = {
        asked_audience(stage.trusted, one.region) or AUDIENCE
        for one in pairs
        for stage in (one.plan, one.apply)
    }
    if len(asked) > 1:
        yield Problem(
            what="The roles that plan and apply take tokens for different audiences.",
            given=", ".join(sorted(asked)),
            why="A job is repeated for the stacks of every account, and asks for one audience.",
            fix="Give all of them one `audience`.",
        )


def _no_partner(apply: Deployer, repository: str) -> Problem:
    return Problem(
        what=f"The role {apply.name!r} applies, and no role of its account plans.",
        given=str(apply.role.where),
        why=f"A pull request is planned by a role that trusts {repository} too, and only reads.",
        fix="Make both with `InfraRoles`, or with `[infra]` of `environments.toml`.",
    )


def _no_pair(stacks: Iterable[Stack], repository: str | None) -> Problem:
    roles = sorted({one.role_arn for one in stacks if one.role_arn})
    return Problem(
        what="No role that trusts GitHub may become the role that Terraform assumes.",
        given=", ".join(roles) or "stacks without `assume_role`",
        why="The repository of the stacks applies them by that, and by nothing else"
        + (f"; only {repository} was looked for." if repository else "."),
        fix="Make the roles with `InfraRoles`, or with `[infra]` of `environments.toml`.",
    )
