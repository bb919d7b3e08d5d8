"""The two roles with which a repository deploys the estate itself: one plans, one applies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from constructs_lib.aws_target import AwsTarget
from constructs_lib.github_deploy_role import GithubDeployRole
from constructs_lib.infra_role_checks import (
    check_account,
    check_terraform_role,
    share_out,
)
from constructs_lib.inline_policy import put_inline_policy
from constructs_lib.keyword_types import checked
from constructs_lib.node_calls import Part
from constructs_lib.provider import AwsProvider  # noqa: TC001 - `checked` reads it
from constructs_lib.role_access import RoleAccess
from constructs_lib.role_checks import (
    check_audience,
    check_policies,
    check_policies_of,
    check_role,
    check_subjects,
)
from constructs_lib.role_trust import describe_role
from constructs_lib.tree import remember_stack
from deploy_access.audit.finding import check_accept
from deploy_access.bootstrap.infra_permissions import (
    assume_terraform_role,
    check_apply,
    read_resources,
    read_states,
)
from deploy_access.bootstrap.terraform_state import TerraformState  # noqa: TC001 - as above
from deploy_access.errors import reject
from deploy_access.iam import limits
from deploy_access.iam.statement import PolicyDocument
from deploy_access.terraform.type_actions import LIBRARY_TYPES, check_types
from deploy_access.workflow.setting_checks import check_hints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from constructs_lib.oidc_provider import OidcProviderBase
    from deploy_access.acceptance import Acceptance
    from deploy_access.github.subject import Subject
    from deploy_access.iam.statement import Statement


# What the description of each role says that it does.
_DOES = {"Plan": "Plans", "Apply": "Applies"}


class InfraRoles(Part):
    """A role that may read what Terraform manages, and one that may run as Terraform's role."""

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        oidc_provider: OidcProviderBase,
        plan_subjects: Sequence[Subject],
        apply_subjects: Sequence[Subject],
        terraform_role: str,
        state: TerraformState | None = None,
        manages: Sequence[str] = LIBRARY_TYPES,
        name: str = "infra",
        path: str = "/",
        permissions_boundary: str | None = None,
        max_session_duration: int = limits.SESSION_SECONDS[0],
        audience: str | None = None,
        accept: Mapping[str, str | Acceptance] | None = None,
        workflow: Mapping[str, object] | None = None,
        provider: AwsProvider | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make both roles: `NAME-plan` and `NAME-apply`.

        Args:
            scope: Where it is in the tree.
            id: Its name there; the roles are `ID/Plan` and `ID/Apply`.
            oidc_provider: The provider of the same account that reads the tokens.
            plan_subjects: The runs that may plan: pull requests, and the default branch.
            apply_subjects: The runs that may apply: best a GitHub environment with reviewers.
                Never pull requests.
            terraform_role: The role that Terraform assumes in this account, and the only one that
                apply may assume: its name, `path/name` or ARN.
            state: Where the states are that a plan reads; left out, they are local files.
            manages: Terraform's types of the resources that a plan reads; left out, all that the
                constructs make. For others, add statements to `plan`.
            name: What the names of both roles begin with.
            path: `/`, or `/.../`.
            permissions_boundary: The ARN of a policy that bounds what both may do.
            max_session_duration: The longest session, 3600 to 43200 seconds. AWS ends a session
                that goes on to another role after an hour.
            audience: The value of `aud` that the tokens of both have: one of the provider's, which
                is needed when it takes several.
            accept: Rule to reason, or to an `Acceptance` that ends, for what is wide on purpose.
                Every review prints it.
            workflow: Hints for `deploy-access workflow --infra`, of the role that plans: `runs_on`,
                `setup`, `synth` and `drift`.
            provider: An aliased AWS provider.
            tags: Tags beside the provider's default ones.

        Raises:
            InvalidValue: Something that IAM would refuse, a role of Terraform that is not one
                role of this account, a type that is not known, or an apply for pull requests.
            AccessRefused: A subject that the audit would warn of, and that is not accepted.
            DuplicateResource: The app makes a role of one of the names in this account already.
            TargetUnknown: The stack has no AWS provider yet.

        The permissions and their sources: `deploy_access/bootstrap/infra_permissions.py`.
        """
        # Values are checked before the construct is in the tree: a refused id can be used again.
        issuer, accepted = oidc_provider.issuer, dict(accept or {})
        reject(
            [
                # The longer of the two names.
                *check_role(f"{name}-apply", path, None, max_session_duration, tags),
                *check_policies(permissions_boundary, ()),
                *check_audience(audience, oidc_provider.audiences),
                *check_accept(accepted),
                *check_hints(workflow),
                *check_subjects(plan_subjects, issuer, "plan_subjects"),
                *check_subjects(apply_subjects, issuer, "apply_subjects"),
                *check_apply("apply_subjects", apply_subjects),
                *check_terraform_role(terraform_role),
                *limits.check_many("manages", manages, empty=False),
                *check_types(manages),
            ]
        )
        target = AwsTarget.of(scope, provider)
        reject(
            [
                *check_account(terraform_role, target),
                *check_policies_of(target, permissions_boundary, ()),
            ]
        )
        to_plan, to_apply = share_out(accepted, issuer, plan_subjects, apply_subjects)
        planning = RoleAccess(
            scope=scope,
            name=f"{name}-plan",
            issuer=issuer,
            subjects=tuple(plan_subjects),
            accept=to_plan,
        )
        applying = replace(
            planning, name=f"{name}-apply", subjects=tuple(apply_subjects), accept=to_apply
        )
        for access in (planning, applying):
            access.refuse()
        super().__init__(scope, id)
        remember_stack(self, scope)
        settings: dict[str, Any] = {
            "oidc_provider": oidc_provider,
            "path": path,
            "permissions_boundary": permissions_boundary,
            "max_session_duration": max_session_duration,
            "audience": audience,
            "provider": provider,
            "tags": tags,
        }
        self._plan = self._role("Plan", planning, {**settings, "workflow": workflow})
        self._apply = self._role("Apply", applying, settings)
        self._allow(target, terraform_role, state, manages)

    @property
    def plan(self) -> GithubDeployRole:
        """The role that plans."""
        return self._plan

    @property
    def apply(self) -> GithubDeployRole:
        """The role that applies."""
        return self._apply

    def _role(
        self, construct_id: str, access: RoleAccess, settings: Mapping[str, Any]
    ) -> GithubDeployRole:
        return GithubDeployRole(
            self,
            construct_id,
            name=access.name,
            subjects=access.subjects,
            description=describe_role(access.subjects, access.issuer, _DOES[construct_id]),
            accept=access.accept,
            **settings,
        )

    def _allow(
        self,
        target: AwsTarget,
        terraform_role: str,
        state: TerraformState | None,
        manages: Sequence[str],
    ) -> None:
        iam_arn = target.iam_arn("").removesuffix(":")
        # Its stacks may be in any region.
        ecr_arn = f"arn:{target.partition}:ecr:*:{target.account}"
        reading = [
            *read_resources(manages, iam_arn=iam_arn, ecr_arn=ecr_arn),
            *(read_states(target.partition, state) if state else ()),
        ]
        is_arn = terraform_role.startswith("arn:")
        arn = terraform_role if is_arn else target.iam_arn(f"role/{terraform_role}")
        _put(self._plan, "terraform-plan", reading)
        _put(self._apply, "terraform-apply", [assume_terraform_role(arn)])


def _put(role: GithubDeployRole, name: str, statements: Sequence[Statement]) -> None:
    # Not as statements of the role: the audit would warn of its going on to another one, unless it
    # knows that Terraform runs as that one. Here it is said.
    document = PolicyDocument(tuple(statements))
    put_inline_policy(role, "Policy", name, document, construct="InfraRoles")
