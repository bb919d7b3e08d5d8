"""
The purpose of a role, guessed from its policies: the repositories and services that they name.

An action counts however it is written: `ecr:putimage`, `ecr:Put*` and `ecr:*` may push. Only what a
statement names can be planned, so a resource with a wildcard is none. A guess is enough: whether
the policies together allow each call of the job that comes of it is proved afterwards.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.actions import matches
from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard
from deploy_access.json_shape import texts
from deploy_access.workflow.deployer import CodeDeployGroup, EcsService, EcsTarget, ImageRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.iam.policy import PolicyStatement
    from deploy_access.terraform.estate import NamedPolicy, Role

_LAYERS = "ecr:GetDownloadUrlForLayer"
_READ = "ecs:DescribeTaskDefinition"
# Without one of them a role only looks at services.
_DEPLOYING = ("ecs:RegisterTaskDefinition", "ecs:UpdateService")


def read_images(role: Role) -> Iterator[ImageRepository]:
    """Return the repositories that the role pushes to."""
    statements = [s for policy in role.policies for s in _statements(policy)]
    layers = _resources(statements, _LAYERS)
    for arn in _named(statements, "ecr:PutImage", "repository/"):
        yield ImageRepository(
            arn=str(arn),
            account=arn.account,
            region=arn.region,
            name=arn.resource_id,
            reads_layers=any(matches_plain(one, str(arn)) for one in layers),
        )


def read_targets(role: Role, metadata: Mapping[str, Mapping[str, object]]) -> Iterator[EcsTarget]:
    """
    Return the services that the role deploys, cluster by cluster; first what it only runs once.

    Args:
        role: The role.
        metadata: The metadata of each policy, by its name: the order of the services,
            and which family each of them runs.
    """
    found = [
        target
        for policy in role.policies
        for target in _targets(list(_statements(policy)), metadata.get(policy.name, {}))
    ]
    yield from sorted(found, key=lambda one: bool(one.services))


def _targets(
    statements: list[PolicyStatement], metadata: Mapping[str, object]
) -> Iterator[EcsTarget]:
    if not any(_resources(statements, action) for action in _DEPLOYING):
        return
    clusters: dict[str, list[Arn]] = {}
    for arn in _services(statements):
        clusters.setdefault(_cluster(arn), []).append(arn)
    for cluster, services in clusters.items():
        yield _target(cluster, services[0], services, statements, metadata)
    if not clusters and any(_one_off(statements)):
        for arn in _clusters_of_tasks(statements):
            yield _target(arn.resource_id, arn, [], statements, metadata)


def _clusters_of_tasks(statements: list[PolicyStatement]) -> list[Arn]:
    """List the clusters in which tasks are run: by the condition, or by the tasks to watch."""
    asked = [
        value
        for statement in statements
        if _allows(statement, "ecs:RunTask")
        for condition in statement.conditions
        if condition.key == "ecs:cluster"
        for value in condition.values
    ]
    watched = _resources(statements, "ecs:DescribeTasks")
    of_tasks = [re.sub(r":task/([^/]+)/[^/]+$", r":cluster/\1", text) for text in watched]
    known = (text for text in dict.fromkeys(asked or of_tasks) if not has_wildcard(text))
    arns = (Arn.parse(text) for text in known)
    return [arn for arn in arns if arn is not None and arn.resource.startswith("cluster/")]


def _target(
    cluster: str,
    place: Arn,
    arns: list[Arn],
    statements: list[PolicyStatement],
    metadata: Mapping[str, object],
) -> EcsTarget:
    names = _in_order([arn.name for arn in arns], metadata.get("services"))
    families = _families(names, statements, metadata)
    groups = _groups(cluster, names, statements)
    bound = bool(_bound_families(statements))
    return EcsTarget(
        partition=place.partition,
        account=place.account,
        region=place.region,
        cluster=cluster,
        services=tuple(
            EcsService(name=name, family=family, codedeploy=groups.get(name), is_bound=bound)
            for name, family in zip(names, families, strict=True)
        ),
        reads_definition=_reads_definition(statements),
        one_off=tuple(_one_off(statements)),
        passed=tuple(str(arn) for arn in _named(statements, "iam:PassRole", "role/")),
        tags=_tags(statements, "task/") or _tags(statements, "task-definition/"),
        tags_tasks=_tags(statements, "task/"),
    )


def _services(statements: list[PolicyStatement]) -> list[Arn]:
    """List the services; their ARNs name the cluster too: `service/CLUSTER/SERVICE`."""
    found = [
        arn
        for action in ("ecs:DescribeServices", "ecs:UpdateService")
        for arn in _named(statements, action, "service/")
        if arn.name != arn.resource_id
    ]
    return list(dict.fromkeys(found))


def _reads_definition(statements: list[PolicyStatement]) -> bool:
    """
    Whether definitions are to be read, which has no resource of its own but `*`.

    A pattern that happens to match under a condition does not ask for it: a file would do.
    """
    named = {action.lower() for statement in statements for action in statement.actions or ()}
    always = [statement for statement in statements if not statement.conditions]
    return _READ.lower() in named or "*" in _resources(always, _READ)


def _one_off(statements: list[PolicyStatement]) -> Iterator[str]:
    """List the families that are named to be run: `task-definition/FAMILY:*`."""
    for text in _resources(statements, "ecs:RunTask"):
        family = _family(text)
        if family and not has_wildcard(family):
            yield family


def _tags(statements: list[PolicyStatement], kind: str) -> bool:
    """Whether what is made may have tags: definitions, or tasks."""
    found = _resources(statements, "ecs:TagResource")
    return any(text == "*" or f":{kind}" in text for text in found)


def _families(
    names: list[str], statements: list[PolicyStatement], metadata: Mapping[str, object]
) -> list[str]:
    """Pair services with families: as they were given, or by name, or the only one."""
    given = texts(metadata.get("families"))
    if texts(metadata.get("services")) == names and len(given) == len(names):
        return given
    allowed = _bound_families(statements) or given
    return [n if n in allowed or len(allowed) != 1 else allowed[0] for n in names]


def _bound_families(statements: list[PolicyStatement]) -> list[str]:
    """List the families that a condition names: services run no others."""
    return [
        _family(value)
        for statement in statements
        for condition in statement.conditions
        if condition.key == "ecs:task-definition"
        for value in condition.values
    ]


def _groups(
    cluster: str, names: list[str], statements: list[PolicyStatement]
) -> dict[str, CodeDeployGroup]:
    readable = _resources(statements, "codedeploy:GetDeploymentConfig")
    configurations = [text.rpartition(":")[2] for text in readable if ":deploymentconfig:" in text]
    found = [
        CodeDeployGroup(
            application=arn.resource_id.removesuffix(f"/{arn.name}"),
            group=arn.name,
            configuration=next(iter(configurations), "*"),
        )
        for arn in _named(statements, "codedeploy:CreateDeployment", "deploymentgroup:")
        if arn.name != arn.resource
    ]
    if len(found) == len(names) == 1:
        return {names[0]: found[0]}
    by_name = {one.application: one for one in found}
    return {n: by_name[a] for n in names if (a := f"AppECS-{cluster}-{n}") in by_name}


def _statements(policy: NamedPolicy) -> Iterator[PolicyStatement]:
    if policy.document is None or policy.document.content is None:
        return
    try:
        found, _ = read_policy(policy.document.content)
    except InvalidValue:
        return
    yield from (s for s in found.statements if s.effect == "Allow")


def _allows(statement: PolicyStatement, action: str) -> bool:
    if statement.not_actions is not None:
        return not any(matches(one, action) for one in statement.not_actions)
    return any(matches(one, action) for one in statement.actions or ())


def _resources(statements: Sequence[PolicyStatement], action: str) -> list[str]:
    """List the resources on which statements allow an action, as they are written."""
    allowing = (statement for statement in statements if _allows(statement, action))
    return [resource for statement in allowing for resource in statement.resources or ()]


def _named(statements: Sequence[PolicyStatement], action: str, kind: str) -> list[Arn]:
    """List the resources of a kind on which an action is allowed, but for patterns."""
    found = dict.fromkeys(_resources(statements, action))
    arns = [Arn.parse(text) for text in found if not has_wildcard(text)]
    return [arn for arn in arns if arn is not None and arn.resource.startswith(kind)]


def _cluster(arn: Arn) -> str:
    return arn.resource_id.removesuffix(f"/{arn.name}")


def _family(text: str) -> str:
    """Read the family off a definition's ARN: without its revision, or any."""
    return re.sub(r":(\*|\d+)$", "", text.partition("task-definition/")[2])


def _in_order(names: list[str], wanted: object) -> list[str]:
    order = texts(wanted)
    return order if sorted(order) == sorted(names) else names
