"""
What a role may do, read off its policies: the repositories, clusters and services by their names.

The policies are what AWS will get, so a workflow that is made from them fits them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.documents import read_policy
from deploy_access.json_shape import texts
from deploy_access.workflow.deployer import CodeDeployGroup, EcsService, EcsTarget, ImageRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.iam.policy import PolicyStatement
    from deploy_access.terraform.estate import NamedPolicy, Role

# A reference of Terraform's may hold `:` and `/`.
_FIELD = r"((?:\$\{[^}]*\}|[^:/])*)"
_ARN = re.compile(rf"arn:{_FIELD}:{_FIELD}:{_FIELD}:{_FIELD}:(.*)", re.DOTALL)
_LAYERS = "ecr:GetDownloadUrlForLayer"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arn:
    text: str
    partition: str
    region: str
    account: str
    rest: str

    @property
    def path(self) -> str:
        """What follows the type: `service/CLUSTER/NAME` gives `CLUSTER/NAME`."""
        return re.split(r"[/:]", self.rest, maxsplit=1)[-1]


def read_images(role: Role) -> Iterator[ImageRepository]:
    """Read which repositories the role pushes to."""
    statements = [s for policy in role.policies for s in _statements(policy)]
    layers = set(_resources(statements, _LAYERS))
    for text in dict.fromkeys(_resources(statements, "ecr:PutImage")):
        arn = _parse(text)
        if arn and "*" not in text:
            yield ImageRepository(
                arn=text,
                account=arn.account,
                region=arn.region,
                name=arn.path,
                reads_layers=text in layers,
            )


def read_targets(role: Role, metadata: Mapping[str, Mapping[str, object]]) -> Iterator[EcsTarget]:
    """
    Read which services the role deploys.

    Args:
        role: The role.
        metadata: What the constructs left at each policy, by its name: the order of the services,
            and which family each of them runs.
    """
    for policy in role.policies:
        statements = list(_statements(policy))
        clusters: dict[str, list[_Arn]] = {}
        for text in _resources(statements, "ecs:DescribeServices"):
            arn = _parse(text)
            if arn and "*" not in text and "/" in arn.path:
                clusters.setdefault(_cluster(arn), []).append(arn)
        for cluster, services in clusters.items():
            yield _target(cluster, services, statements, metadata.get(policy.name, {}))


def _target(
    cluster: str,
    arns: list[_Arn],
    statements: list[PolicyStatement],
    metadata: Mapping[str, object],
) -> EcsTarget:
    names = _in_order([_last(arn) for arn in arns], metadata.get("services"))
    families = _families(names, statements, metadata)
    groups = _groups(cluster, names, statements)
    return EcsTarget(
        partition=arns[0].partition,
        account=arns[0].account,
        region=arns[0].region,
        cluster=cluster,
        services=tuple(
            EcsService(name=name, family=family, codedeploy=groups.get(name))
            for name, family in zip(names, families, strict=True)
        ),
        reads_definition=bool(_resources(statements, "ecs:DescribeTaskDefinition")),
        one_off=tuple(map(_family, _resources(statements, "ecs:RunTask"))),
        passed=tuple(_resources(statements, "iam:PassRole")),
        tags=bool(_resources(statements, "ecs:TagResource")),
    )


def _families(
    names: list[str], statements: list[PolicyStatement], metadata: Mapping[str, object]
) -> list[str]:
    """Pair services with families: as they were given, or by name, or the only one."""
    given = texts(metadata.get("families"))
    if texts(metadata.get("services")) == names and len(given) == len(names):
        return given
    allowed = [
        _family(value)
        for statement in statements
        for condition in statement.conditions
        if condition.key == "ecs:task-definition"
        for value in condition.values
    ] or given
    return [n if n in allowed or len(allowed) != 1 else allowed[0] for n in names]


def _groups(
    cluster: str, names: list[str], statements: list[PolicyStatement]
) -> dict[str, CodeDeployGroup]:
    found: list[CodeDeployGroup] = []
    configurations = [*_resources(statements, "codedeploy:GetDeploymentConfig"), ":*"]
    configuration = configurations[0].rpartition(":")[2]
    for text in _resources(statements, "codedeploy:CreateDeployment"):
        arn = _parse(text)
        name, slash, group = (arn.path if arn else "").partition("/")
        if slash:
            one = CodeDeployGroup(application=name, group=group, configuration=configuration)
            found.append(one)
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


def _resources(statements: Sequence[PolicyStatement], action: str) -> list[str]:
    return [
        resource
        for statement in statements
        if action in (statement.actions or ())
        for resource in statement.resources or ()
    ]


def _parse(text: str) -> _Arn | None:
    found = _ARN.fullmatch(text)
    if not found:
        return None
    partition, _service, region, account, rest = found.groups()
    return _Arn(text=text, partition=partition, region=region, account=account, rest=rest)


def _cluster(arn: _Arn) -> str:
    return re.sub(rf"^{_FIELD}/.*", r"\1", arn.path)


def _last(arn: _Arn) -> str:
    return arn.path.removeprefix(f"{_cluster(arn)}/")


def _family(text: str) -> str:
    return text.partition("task-definition/")[2].removesuffix(":*")


def _in_order(names: list[str], wanted: object) -> list[str]:
    order = texts(wanted)
    return order if sorted(order) == sorted(names) else names
