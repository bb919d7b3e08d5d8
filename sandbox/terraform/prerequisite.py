"""
The resources that the stacks expect in their accounts and do not make.

Read from the synthesized JSON alone: state buckets, the roles that Terraform assumes, ECS clusters
and services, the roles that tasks run as, OIDC providers that a data source looks up or a role
trusts, roles and policies that something is attached to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.github.oidc_trust import oidc_statements
from deploy_access.github.run import parse_provider
from deploy_access.iam.actions import matches
from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_text, texts
from deploy_access.partition import partition_of

from .default_target import AccountRegion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.policy import PolicyStatement

    from .sandbox_estate import SandboxEstate
    from .sandbox_stack import SandboxStack
    from .stack_resource import StackResource

STS_AUDIENCE = "sts.amazonaws.com"

# The signs of a wildcard and of an expression: an ARN with one names no one thing to be made.
_OPEN = frozenset("*?$")


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """
    The resources that have to exist before the stacks are applied.

    Roles are `(account, path and name)`, such as `("111122223333", "/ci/terraform")`; OIDC
    providers are `(account, URL)` with the audiences that they accept.
    """

    buckets: dict[str, AccountRegion] = field(default_factory=dict[str, AccountRegion])
    lock_tables: set[tuple[AccountRegion, str]] = field(
        default_factory=set[tuple[AccountRegion, str]]
    )
    roles: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    policies: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    providers: dict[tuple[str, str], set[str]] = field(
        default_factory=dict[tuple[str, str], set[str]]
    )
    services: set[tuple[AccountRegion, str, str]] = field(
        default_factory=set[tuple[AccountRegion, str, str]]
    )
    clusters: set[tuple[AccountRegion, str]] = field(default_factory=set[tuple[AccountRegion, str]])


def read_prerequisites(estate: SandboxEstate) -> Prerequisites:
    """
    Return the resources that *estate* names and does not make.
    """
    found = Prerequisites()
    for stack in estate:
        _add_state(found, stack)
        _add_assumed_roles(found, stack)
    for resource in estate.resources():
        _add_policies(found, resource)
        _add_named(found, resource)
        _add_cluster(found, resource)
    _add_roles_elsewhere(found, estate)
    for data in estate.data("aws_iam_openid_connect_provider"):
        url = data.known("url")
        if url:
            found.providers[data.place.account, url] = _audiences(estate, data)
    for role in estate.resources("aws_iam_role"):
        _add_trusted(found, estate, role)
    # Last, when everything that is named is known.
    _remove_made(found, estate)
    return found


def _add_state(found: Prerequisites, stack: SandboxStack) -> None:
    backend = stack.backend
    bucket = as_text(backend.body.get("bucket"))
    if backend.type != "s3" or not bucket:
        return
    role = _named(backend.role_arn or "")
    region = as_text(backend.body.get("region")) or stack.place.region
    place = AccountRegion(role.account if role else stack.account, region)
    # Only a role says for certain whose bucket it is; a stack may use one of another account.
    if role or bucket not in found.buckets:
        found.buckets[bucket] = place
    table = as_text(backend.body.get("dynamodb_table"))
    if table:
        found.lock_tables.add((place, table))


def _add_assumed_roles(found: Prerequisites, stack: SandboxStack) -> None:
    assumed = [arn for provider in stack.providers for arn in provider.roles]
    _add_roles(found, [stack.backend.role_arn or "", *assumed])


def _add_roles(found: Prerequisites, arns: Iterable[str]) -> None:
    for arn in filter(None, map(_named, arns)):
        if arn.is_iam("role"):
            found.roles.add((arn.account, arn.resource.removeprefix("role")))


def _named(text: str) -> Arn | None:
    """
    Return the ARN of one thing of one account, or None.
    """
    arn = None if _OPEN & set(text) else Arn.parse(text)
    return arn if arn and arn.account_id else None


def _add_policies(found: Prerequisites, resource: StackResource) -> None:
    """
    Add a managed policy that is attached by its ARN.
    """
    for key in ("policy_arn", "permissions_boundary"):
        arn = _named(resource.known(key) or "")
        if arn and arn.is_iam("policy"):
            found.policies.add((arn.account, str(arn)))


def _add_named(found: Prerequisites, resource: StackResource) -> None:
    """
    Add the services and the roles that the policy of a resource names.
    """
    policy = resource.policy("policy")
    for statement in policy.statements if policy else ():
        named = statement.resources or ()
        for arn in filter(None, map(_named, named)):
            _add_service(found, arn)
        if _passes_roles(statement):
            _add_roles(found, named)


def _add_service(found: Prerequisites, arn: Arn) -> None:
    kind, *names = arn.resource.split("/")
    # The older form without the cluster says of no cluster where the service is.
    if (arn.service, kind, len(names)) == ("ecs", "service", 2):
        found.services.add((AccountRegion(arn.account, arn.region), names[0], names[1]))


def _passes_roles(statement: PolicyStatement) -> bool:
    return any(matches(action, "iam:PassRole") for action in statement.actions or ())


def _add_cluster(found: Prerequisites, resource: StackResource) -> None:
    """
    Add the cluster and the services that a construct's metadata names.
    """
    cluster = as_text(resource.metadata.get("cluster"))
    if not cluster or "${" in cluster:
        return
    found.clusters.add((resource.place, cluster))
    for service in texts(resource.metadata.get("services")):
        found.services.add((resource.place, cluster, service))


def _add_roles_elsewhere(found: Prerequisites, estate: SandboxEstate) -> None:
    """
    Add the roles that a stack gives a policy to and no stack makes.
    """
    for role in estate.roles:
        if role.trust is None and role.account and "${" not in role.name:
            found.roles.add((role.account, f"/{role.name}"))


def _add_trusted(found: Prerequisites, estate: SandboxEstate, role: StackResource) -> None:
    """
    Add the OIDC providers that a role trusts by their ARN, without looking them up.
    """
    policy = role.policy("assume_role_policy")
    for statement in oidc_statements(policy) if policy else ():
        provider = parse_provider(statement.principal)
        if provider and "${" not in statement.principal:
            key = provider["account"], f"https://{provider['host']}"
            found.providers.setdefault(key, _audiences(estate, role))


def _audiences(estate: SandboxEstate, asking: StackResource) -> set[str]:
    """
    Return the audiences that a provider accepts which exists already: those its roles ask for.
    """
    place = asking.place
    partition = partition_of(place.region)
    found = {partition.audience if partition else STS_AUDIENCE}
    for role in estate.resources("aws_iam_role"):
        if role.place.account == place.account:
            policy = role.policy("assume_role_policy")
            for statement in oidc_statements(policy) if policy else ():
                found.update(value for claim in statement.of("aud") for value in claim.values)
    return found


def _remove_made(found: Prerequisites, estate: SandboxEstate) -> None:
    """
    Remove the resources that the stacks make themselves.
    """
    # By name without the path: IAM takes a name once in an account, whatever its path.
    made = {(role.account, role.name) for role in estate.roles if role.trust is not None}
    named = {(account, path): path.rpartition("/")[2] for account, path in found.roles}
    found.roles.difference_update(key for key, name in named.items() if (key[0], name) in made)
    for bucket in estate.resources("aws_s3_bucket"):
        found.buckets.pop(bucket.known("bucket") or "", None)
    for policy in estate.resources("aws_iam_policy"):
        found.policies.discard((policy.place.account, policy.attribute("arn") or ""))
    for provider in estate.resources("aws_iam_openid_connect_provider"):
        host = (provider.known("url") or "").removeprefix("https://")
        for url in (host, f"https://{host}"):
            found.providers.pop((provider.place.account, url), None)
