"""The names that a deployment to ECS is about, and their checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import Problem, did_you_mean
from deploy_access.iam import limits
from deploy_access.iam.capabilities import ALSO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.codedeploy import CodeDeploy
    from deploy_access.iam.capabilities import EcsCapability

# Any printable character but `*` and `?`: `iam:PassRole` on a pattern would pass many roles.
_ROLE_ARN = re.compile(r"arn:[a-z0-9-]+:iam::\d{12}:role/[\x21-\x29\x2b-\x3e\x40-\x7e]+")
_ROLE = re.compile(r"([\x21-\x29\x2b-\x3e\x40-\x7e]+/)?[A-Za-z0-9_+=,.@-]{1,64}")
# Attributes that AWS decides when it makes the role. `.name` is known at plan.
_UNKNOWN_AT_PLAN = re.compile(r"\$\{[^}]*([._]arn|\.id|\.unique_id)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsDeploymentPlan:
    """
    The keywords of `EcsDeployPolicy` that decide what the policy says.

    Attributes:
        cluster: The cluster's name.
        services: The services' names; none where tasks are only run once.
        families: The families that the services run.
        roles: The task and execution roles: name, `path/name` or ARN, references written out.
        read_task_definition: Whether a definition is read from AWS.
        one_off_tasks: Families that may be run once.
        codedeploy: The deployments to start, in place of updating the services.
        tag_on_create: Whether definitions and tasks are made with tags; None for definitions alone,
            where they are read from AWS.
        also: What other deployers call.
    """

    cluster: str
    services: Sequence[str]
    families: Sequence[str]
    roles: Sequence[str]
    read_task_definition: bool
    one_off_tasks: Sequence[str]
    codedeploy: CodeDeploy | None
    tag_on_create: bool | None
    also: Sequence[EcsCapability]

    @property
    def tags_definitions(self) -> bool:
        """
        Whether definitions are made with tags.

        The action that renders a definition from AWS also reads its tags, and the new one has them
        too: the default tags of Terraform's provider are enough.
        """
        # https://github.com/aws-actions/amazon-ecs-render-task-definition: `include: ['TAGS']`
        return self.read_task_definition if self.tag_on_create is None else self.tag_on_create

    @property
    def tags_tasks(self) -> bool:
        """Whether tasks are made with tags, which only a workflow asks for by name."""
        return bool(self.tag_on_create and self.one_off_tasks)

    def problems(self) -> Iterator[Problem]:
        """Check every name."""
        yield from limits.check_ecs_name("cluster", self.cluster)
        # Tasks that are run once need no service.
        empty = bool(self.one_off_tasks)
        yield from _check_names("services", "service", self.services, empty=empty)
        # By default they are one list, whose mistakes would be reported twice.
        if self.families is not self.services:
            yield from _check_names("families", "family", self.families, empty=empty)
        yield from _check_names("one_off_tasks", "family", self.one_off_tasks, empty=True)
        for role in self.roles:
            yield from _check_role(role)
        yield from _check_also(self.also)
        if self.codedeploy is not None and len(self.services) > 1 and self.codedeploy.is_named:
            yield _one_name_for_many(self.services)
        yield from _check_without_services(self)


def _check_without_services(plan: EcsDeploymentPlan) -> Iterator[Problem]:
    """Find what is about services where there are none."""
    about = {"codedeploy": plan.codedeploy is not None, "families": bool(plan.families)}
    if not plan.services and plan.one_off_tasks and any(about.values()):
        keys = [key for key, given in about.items() if given]
        yield Problem(
            what=f"`{'` and `'.join(keys)}` {'is' if len(keys) == 1 else 'are'} about services.",
            given={"services": list(plan.services), "one_off_tasks": list(plan.one_off_tasks)},
            why="A role that only runs tasks once deploys none.",
            fix="Leave it out, or name the services.",
        )


def _check_names(
    keyword: str, kind: str, names: Sequence[str], *, empty: bool
) -> Iterator[Problem]:
    yield from limits.check_many(keyword, names, empty=empty)
    if not isinstance(names, str):
        for name in names:
            # How cdktf writes a list that Terraform fills in; `check_many` has refused it whole.
            if not name.startswith("#{"):
                yield from limits.check_ecs_name(kind, name)


def _check_also(also: Sequence[str]) -> Iterator[Problem]:
    yield from limits.check_many("also", also, empty=True)
    unknown = [] if isinstance(also, str) else [one for one in also if one not in ALSO]
    for one in unknown:
        yield Problem(
            what=f"`also` takes {', '.join(map(repr, ALSO))}.",
            given=one,
            why="Each is a statement of its own; no other call is known here.",
            fix=did_you_mean(one, ALSO)
            or "Give any other permission to the role: `role.add_statement(...)`.",
        )


def _check_role(role: str) -> Iterator[Problem]:
    if _UNKNOWN_AT_PLAN.search(role):
        yield Problem(
            what="A role is passed by its name.",
            given=role,
            why="Its ARN or id is known after apply, so a plan could not show the policy.",
            fix="Pass `role.name`, or the path and the name as text.",
        )
    elif not (_ROLE_ARN.fullmatch(limits.without_references(role)) or _is_name(role)):
        yield Problem(
            what="A role is given by `name`, `path/name` or ARN.",
            given=role,
            why="`iam:PassRole` on any other text matches nothing, or every role.",
            fix="For example 'web-task', 'service/web-task' or "
            "'arn:aws:iam::111122223333:role/web-task'.",
        )


def _is_name(role: str) -> bool:
    known = limits.without_references(role)
    return _ROLE.fullmatch(known) is not None and not role.startswith(("arn:", "/"))


def _one_name_for_many(services: Sequence[str]) -> Problem:
    return Problem(
        what="One CodeDeploy application and group deploy one service.",
        given=list(services),
        why="With names of their own the policy would cover one of these services only.",
        fix="Make one EcsDeployPolicy a service, or leave the names out.",
    )
