"""
What the estate expects to find in its accounts, because somebody else owns it.

Read from the synthesized JSON alone: state buckets, the roles that Terraform assumes, ECS clusters
and services, the roles that tasks run as, OIDC providers that a data source looks up or a role
trusts, roles and policies that something is attached to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from deploy_access.github.run import parse_provider
from sandbox.terraform.blocks import Json, blocks, first, strings
from sandbox.terraform.stack import literal, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.terraform.estate import Estate
    from sandbox.terraform.stack import Backend, Resource, Stack

STS_AUDIENCE = "sts.amazonaws.com"

_ROLE = re.compile(r"^arn:[\w-]+:iam::(\d{12}):role(/[^*$]*)$")
_SERVICE = re.compile(r"^arn:[\w-]+:ecs:([\w-]+):(\d{12}):service/([^/*$]+)/([^/*$]+)$")
_POLICY = re.compile(r"^arn:[\w-]+:iam::(\d{12}):policy/")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """
    One region of one account.
    """

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What has to be there before the estate is applied.

    Roles are `(account, path and name)`, such as `("111122223333", "/ci/terraform")`; OIDC
    providers are `(account, URL)` with the audiences that they accept.
    """

    buckets: dict[str, Place] = field(default_factory=dict[str, Place])
    lock_tables: set[tuple[Place, str]] = field(default_factory=set[tuple[Place, str]])
    roles: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    policies: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    providers: dict[tuple[str, str], set[str]] = field(
        default_factory=dict[tuple[str, str], set[str]]
    )
    services: set[tuple[Place, str, str]] = field(default_factory=set[tuple[Place, str, str]])
    clusters: set[tuple[Place, str]] = field(default_factory=set[tuple[Place, str]])


def read_surroundings(estate: Estate) -> Surroundings:
    """
    Return what *estate* names and does not make.
    """
    found = Surroundings()
    for stack in estate:
        _add_state(found, stack)
        _add_assumed_roles(found, stack)
    for resource in estate.resources():
        _add_attached(found, resource)
        for statement in statements(resource):
            _add_named(found, statement)
        _add_cluster(found, resource)
    for data in estate.data("aws_iam_openid_connect_provider"):
        url = literal(data.body.get("url"))
        if url:
            found.providers[data.provider.account, url] = _audiences(estate, data)
    for role in estate.resources("aws_iam_role"):
        _add_trusted(found, estate, role)
    _remove_made(found, estate)
    return found


def _add_state(found: Surroundings, stack: Stack) -> None:
    backend = stack.backend
    bucket = literal(backend.body.get("bucket"))
    if backend.type != "s3" or not bucket:
        return
    owner = _account_of(backend)
    place = Place(owner or stack.account, str(backend.body.get("region") or stack.region))
    if owner or bucket not in found.buckets:
        found.buckets[bucket] = place
    table = literal(backend.body.get("dynamodb_table"))
    if table:
        found.lock_tables.add((place, table))


def _account_of(backend: Backend) -> str | None:
    role = _ROLE.match(backend.role_arn or "")
    return role[1] if role else None


def _add_assumed_roles(found: Surroundings, stack: Stack) -> None:
    for arn in (stack.backend.role_arn, *(provider.role_arn for provider in stack.providers)):
        _add_role(found, arn)


def _add_role(found: Surroundings, arn: object) -> None:
    role = _ROLE.match(str(arn))
    if role:
        found.roles.add((role[1], role[2]))


def _add_attached(found: Surroundings, resource: Resource) -> None:
    """
    Add a role and a policy that something is attached to by name.
    """
    account = resource.provider.account
    if resource.type in {"aws_iam_role_policy", "aws_iam_role_policy_attachment"}:
        name = literal(resource.body.get("role"))
        if name:
            found.roles.add((account, f"/{name}"))
    for key in ("policy_arn", "permissions_boundary"):
        arn = literal(resource.body.get(key)) or ""
        policy = _POLICY.match(arn)
        if policy:
            found.policies.add((policy[1], arn))


def statements(resource: Resource, key: str = "policy") -> Iterator[Json]:
    """
    Yield the statements of a resource's policy, as far as it is JSON without expressions.
    """
    try:
        document: Any = json.loads(str(resource.body.get(key) or "{}"))
    except ValueError:
        return
    if isinstance(document, dict):
        yield from blocks(cast("Json", document).get("Statement"))


def conditions(statement: Json) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Return each condition as operator, claim and values: the key without the issuer before it.
    """
    return [
        (operator, key.rpartition(":")[2], strings(value))
        for operator, tests in first(statement.get("Condition")).items()
        for key, value in first(tests).items()
    ]


def _add_named(found: Surroundings, statement: Json) -> None:
    actions = strings(statement.get("Action"))
    for arn in strings(statement.get("Resource")):
        service = _SERVICE.match(arn)
        if service:
            place = Place(service[2], service[1])
            found.services.add((place, service[3], service[4]))
        if "iam:PassRole" in actions:
            _add_role(found, arn)


def _add_cluster(found: Surroundings, resource: Resource) -> None:
    """
    Add the cluster and the services that a construct's metadata names.
    """
    cluster = literal(resource.metadata.get("cluster"))
    if not cluster:
        return
    place = Place(resource.provider.account, resource.provider.region)
    found.clusters.add((place, cluster))
    for service in strings(resource.metadata.get("services")):
        found.services.add((place, cluster, service))


def _add_trusted(found: Surroundings, estate: Estate, role: Resource) -> None:
    """
    Add the OIDC providers that a role trusts by their ARN, without looking them up.
    """
    for statement in statements(role, "assume_role_policy"):
        for arn in strings(first(statement.get("Principal")).get("Federated")):
            provider = parse_provider(arn)
            if provider and literal(arn):
                key = provider["account"], f"https://{provider['host']}"
                found.providers.setdefault(key, _audiences(estate, role))


def _audiences(estate: Estate, asking: Resource) -> set[str]:
    """
    Return the audiences that a provider accepts which exists already: those its roles ask for.
    """
    place = asking.provider
    found = {"sts.amazonaws.com.cn" if partition_of(place.region) == "aws-cn" else STS_AUDIENCE}
    for role in estate.resources("aws_iam_role"):
        if role.provider.account == place.account:
            for statement in statements(role, "assume_role_policy"):
                for _, claim, values in conditions(statement):
                    found.update(values if claim == "aud" else ())
    return found


def _remove_made(found: Surroundings, estate: Estate) -> None:
    """
    Take out what the estate makes itself.
    """
    for role in estate.resources("aws_iam_role"):
        name = role.body.get("name")
        same = {key for key in found.roles if key[1].rpartition("/")[2] == name}
        found.roles.difference_update({key for key in same if key[0] == role.provider.account})
    for policy in estate.resources("aws_iam_policy"):
        suffix = f"{policy.body.get('path') or '/'}{policy.body.get('name')}"
        account = policy.provider.account
        same = {key for key in found.policies if key[1].endswith(f":policy{suffix}")}
        found.policies.difference_update({key for key in same if key[0] == account})
    for provider in estate.resources("aws_iam_openid_connect_provider"):
        host = str(provider.body.get("url")).removeprefix("https://")
        for url in (host, f"https://{host}"):
            found.providers.pop((provider.provider.account, url), None)
