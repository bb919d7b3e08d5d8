"""The constructs that several kinds of stacks make: the role, the repository, their outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib import (
    EcrRegistry,
    EcrRepo,
    Encryption,
    GithubDeployRole,
    OidcProvider,
)
from constructs_lib.aws_target import AwsTarget
from constructs_lib.ecr_settings import tag_mutability
from constructs_lib.role_access import RoleAccess
from constructs_lib.state_moves import forget, former_address
from deploy_access.iam.limits import check_role_name

from .part_plans import NamedRepository, RepositoryPlan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from constructs_lib import EcrRepoBase
    from constructs_lib.deploy_role_base import DeployRoleBase
    from constructs_lib.ecr_repo import Part
    from constructs_lib.github_deploy_role import RolePart
    from deploy_access.github.issuer import Issuer

    from .base_stack import BaseStack
    from .error_collector import ErrorCollector
    from .part_plans import RegistryPlan, RolePlan, SharedRepository, Target


# The keys of the file, whose roles have policies as well, and the construct's words.
_ROLE_PARTS: Mapping[str, RolePart] = {"role": "role", "managed_policies": "managed_policies"}
_PARTS: Mapping[str, Part] = {
    "repository": "repository",
    "lifecycle": "lifecycle",
    "repository_policy": "policy",
}
_IMAGE = {
    "repository": "Image/Resource",
    "lifecycle_policy": "Image/Lifecycle",
    "repository_policy": "Image/Policy",
}


def make_role(
    stack: BaseStack,
    role: RolePlan,
    issuer: Issuer,
    workflow: Mapping[str, object],
    *,
    import_existing: Collection[str] = (),
) -> GithubDeployRole:
    """Make a role that trusts GitHub through the account's own OIDC provider."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name=role.name,
        path=role.path,
        oidc_provider=OidcProvider.from_account(
            stack, "Github", issuer=issuer, audiences=role.audiences
        ),
        audience=role.audience,
        subjects=role.subjects,
        trusted_roles=role.trusted_roles,
        trusted_users=role.trusted_users,
        max_session_duration=role.max_session_duration,
        permissions_boundary=role.permissions_boundary,
        managed_policies=role.managed_policies,
        trust_policy_quota=role.trust_policy_quota,
        managed_policies_quota=role.managed_policies_quota,
        accept=role.accept,
        import_existing=[part for key, part in _ROLE_PARTS.items() if key in import_existing],
        workflow=workflow,
    )


def stand_in_role(
    stack: BaseStack, role: RolePlan, issuer: Issuer, errors: ErrorCollector, by: str
) -> DeployRoleBase:
    """Refer to a role in place of one that is refused, so that what it is given is checked too."""
    # A value that is refused hides what is wrong with its access.
    policies = [AwsTarget.of(stack).managed_policy(policy) for policy in role.managed_policies]
    access = RoleAccess(
        scope=stack, name=role.name, issuer=issuer, subjects=role.subjects, accept=role.accept
    )
    with errors.about(by, role):
        access.refuse((), policies)
    # The name is part of others. One that is wrong has a stand-in of its own for each stack.
    wrong = any(check_role_name(role.name))
    name = f"refused-{stack.node.addr[:8]}" if wrong else role.name
    return GithubDeployRole.from_name(stack, "Refused", name=name)


def make_repository(
    stack: BaseStack,
    repository: RepositoryPlan | NamedRepository,
    errors: ErrorCollector,
    by: str,
    *,
    import_existing: Collection[str] = (),
    forgotten: bool = False,
) -> EcrRepoBase | None:
    """
    Make a repository, and let other accounts pull from it; None when it is refused.

    One that another makes, or has from now on, is only referred to.
    """
    if forgotten:
        forget_repository(stack)
    if forgotten or isinstance(repository, NamedRepository):
        return errors.attempt(
            by, lambda: EcrRepo.from_name(stack, "Image", name=repository.name), repository
        )
    mutable, exclusions = repository.mutable_tags, repository.tag_exclusions
    mutability = errors.attempt(
        by, lambda: tag_mutability(mutable=mutable, exclusions=exclusions), repository
    )

    def make() -> EcrRepo:
        return EcrRepo(
            stack,
            "Image",
            name=repository.name,
            tag_mutability=mutability,
            encryption=Encryption.kms(repository.kms_key) if repository.kms_key else None,
            scan_on_push=repository.scan_on_push,
            force_delete=repository.force_delete,
            prevent_destroy=repository.prevent_destroy,
            lifecycle=repository.lifecycle,
            accept=repository.accept,
            import_existing=[part for key, part in _PARTS.items() if key in import_existing],
        )

    image = errors.attempt(by, make, repository)
    if image is not None and repository.pull_accounts:
        with errors.about(by, repository):
            image.allow_pull_from(*repository.pull_accounts)
    return image


def let_push(
    image: EcrRepoBase,
    role: DeployRoleBase,
    repository: RepositoryPlan | NamedRepository | SharedRepository,
    *,
    import_existing: bool = False,
) -> None:
    """Let a role push to a repository, and to those that it has taken the place of."""
    image.grant_push(
        role,
        cache=repository.push_cache,
        policy_name=repository.push_policy_name,
        import_existing=import_existing,
    )
    for name in repository.former_names if isinstance(repository, RepositoryPlan) else ():
        former = EcrRepo.from_name(role, f"Former-{name.replace('/', '+')}", name=name)
        former.grant_push(role, cache=repository.push_cache)


def forget_provider(stack: BaseStack) -> None:
    """Let Terraform forget the OIDC provider that the stack made, and leave it in AWS."""
    forget(stack, former_address("aws_iam_openid_connect_provider", "Github/Resource"))


def forget_repository(stack: BaseStack) -> None:
    """Let Terraform forget the repository that the stack made, with its policies."""
    # One of them that the stack never had is nothing to Terraform.
    forget(stack, *(former_address(f"aws_ecr_{kind}", path) for kind, path in _IMAGE.items()))


def make_registry(stack: BaseStack, registry: RegistryPlan) -> EcrRegistry:
    """Set up the ECR registry of the stack's account and region."""
    return EcrRegistry(
        stack,
        "Registry",
        scanning=registry.scanning,
        replication=registry.replication,
        pull_through=registry.pull_through,
        allow_replication_from=registry.allow_replication_from,
        creation_templates=registry.creation_templates,
    )


def role_outputs(
    role: GithubDeployRole, target: Target, image: EcrRepoBase | None
) -> dict[str, str]:
    """Return the outputs that a workflow reads; all are text that is known before an apply."""
    images = {"repository_url": image.url, "repository_name": image.name} if image else {}
    return {
        "role_arn": role.arn,
        "role_name": role.name,
        "account_id": target.account,
        "region": target.region,
        **images,
    }
