"""The role that a workflow on GitHub assumes: its trust policy, its session, its own statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from constructs_lib.aws_target import AwsTarget
from constructs_lib.deploy_role_base import DeployRoleBase
from constructs_lib.duplicate_resources import claim, find_made, refer
from constructs_lib.element import Attribute, Element
from constructs_lib.github_names import mention
from constructs_lib.inline_policy import put_inline_policy
from constructs_lib.keyword_types import checked
from constructs_lib.managed_policies import attach_managed_policies
from constructs_lib.provider import AwsProvider, IamRole
from constructs_lib.role_access import RoleAccess
from constructs_lib.role_arguments import check_notes, check_place, check_quotas, check_trusted
from constructs_lib.role_by_name import RoleByName
from constructs_lib.role_checks import (
    check_earlier_names,
    check_policies,
    check_role,
    check_statements,
    not_an_arn,
    other_account,
)
from constructs_lib.role_order import made_before
from constructs_lib.role_totals import RoleTotals
from constructs_lib.role_trust import describe_role
from constructs_lib.role_validation import validate_at_synthesis
from constructs_lib.tree import add_metadata, existing_parts, tags_or_none, warn
from deploy_access.acceptance import Acceptance, written
from deploy_access.errors import InvalidValue, reject
from deploy_access.github.enterprise_server import warnings_of
from deploy_access.iam import limits
from deploy_access.iam.arns import Arn
from deploy_access.iam.people import TrustedRole, trust_people
from deploy_access.iam.statement import PolicyDocument, Statement
from deploy_access.workflow.setting_checks import plain_hints

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from constructs import Construct

    from constructs_lib.oidc_provider import OidcProviderBase
    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject


RolePart = Literal["role", "managed_policies", "statements"]
"""What may be there before Terraform knows it."""


class GithubDeployRole(DeployRoleBase):
    """A role that workflows on GitHub may assume, and that this app makes."""

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        name: str,
        oidc_provider: OidcProviderBase,
        subjects: Sequence[Subject],
        audience: str | None = None,
        path: str = "/",
        description: str | None = None,
        max_session_duration: int = limits.SESSION_SECONDS[0],
        permissions_boundary: str | None = None,
        managed_policies: Sequence[str] = (),
        statements: Sequence[Statement] = (),
        statements_name: str = "statements",
        trusted_roles: Sequence[str | TrustedRole] = (),
        trusted_users: Sequence[str] = (),
        trust_policy_quota: int = limits.TRUST_POLICY_QUOTA,
        managed_policies_quota: int = limits.MANAGED_POLICIES_QUOTA,
        accept: Mapping[str, str | Acceptance] | None = None,
        import_existing: bool | Collection[RolePart] = False,
        workflow: Mapping[str, object] | None = None,
        provider: AwsProvider | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make the role.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of its address in Terraform's state.
            name: 1 to 64 letters, digits or `_+=,.@-`.
            oidc_provider: The provider of the same account that reads the tokens.
            subjects: Who may assume it; any one of them is enough.
            audience: The value of `aud` that its tokens have: one of the provider's, which is
                needed when the provider has several.
            path: `/`, or `/.../`.
            description: Left out, a sentence that names the repositories.
            max_session_duration: The longest session that a workflow may ask for, 3600 to 43200
                seconds.
            permissions_boundary: The ARN of a policy that bounds what the role may do.
            managed_policies: Policies to attach, each of which replaces a narrower grant: an ARN,
                or the name of one of AWS's own.
            statements: What no other construct covers.
            statements_name: The inline policy that holds them.
            trusted_roles: Roles of people who may assume it too, by ARN; in a `TrustedRole` with
                the source identity that they have to give.
            trusted_users: ARNs of users who may assume it too, always with MFA.
            trust_policy_quota: Characters of a trust policy that the account allows, up to 8192.
            managed_policies_quota: Policies that the account lets a role have, up to 25.
            accept: Rule to reason, or to an `Acceptance` that ends, for what is wide on purpose.
                Every review prints it.
            import_existing: Whether Terraform takes over what is there: the role of this name, or
                of `role`, `managed_policies` and `statements` those that are named: the attachments
                of all *managed_policies*, the policy *statements_name*. Other policies have a
                keyword of their own.
            workflow: Hints for `deploy-access workflow`; docs/workflows.md has the keys.
            provider: An aliased AWS provider.
            tags: Tags beside the provider's default ones.

        Raises:
            InvalidValue: Something that IAM would refuse.
            AccessRefused: A subject, statement or policy that the audit would warn of, and that is
                not accepted.
            DuplicateResource: The app makes a role of this name in this account already.
            TargetUnknown: The stack has no AWS provider yet.
        """
        # Values are checked before the construct is in the tree: a refused id can be used again.
        accepted = dict(accept or {})
        issuer = oidc_provider.issuer
        reject(
            [
                *check_role(name, path, description, max_session_duration, tags),
                *check_policies(permissions_boundary, managed_policies),
                *check_statements(statements),
                *limits.check_policy_name(statements_name),
                *check_quotas(trust_policy_quota, managed_policies_quota),
                *check_notes(accepted, workflow),
                *check_trusted(oidc_provider, subjects, audience, trusted_roles, trusted_users),
            ]
        )
        self._access = RoleAccess(
            scope=scope, name=name, issuer=issuer, subjects=tuple(subjects), accept=accepted
        )
        target = AwsTarget.of(scope, provider)
        attached = [target.managed_policy(policy) for policy in managed_policies]
        people = trust_people(trusted_roles, trusted_users)
        reject(check_place(target, permissions_boundary, attached, people))
        self._access.refuse(statements, attached)
        super().__init__(scope, id, name=name, path=path, target=target, provider=provider)
        claim(self, "role", name, target)
        mention(self, issuer, subjects)
        reject(check_earlier_names(name, target))
        self._trust_policy = self._trust(oidc_provider, audience, people)
        self._make(oidc_provider, description, max_session_duration, permissions_boundary, tags)
        self._add_metadata(workflow, issuer)
        existing = existing_parts(import_existing, ("role",))
        if "role" in existing:
            self._resource.take_over(name, provider)
        taken = "managed_policies" in existing
        attach_managed_policies(self, attached, import_existing=taken)
        self._statements: tuple[Statement, ...] = ()
        self._statements_name = statements_name
        self._takes_statements = "statements" in existing
        if statements:
            self._put_statements(tuple(statements))
        self._totals = self._count(trust_policy_quota, managed_policies_quota)

    @classmethod
    @checked
    def from_name(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        name: str,
        path: str = "/",
        account: str | None = None,
        provider: AwsProvider | None = None,
    ) -> DeployRoleBase:
        """
        Refer to a role that is made elsewhere.

        When a stack of this app has made it by now, that stack is deployed first, and what the
        role may not be given is refused here too.

        Args:
            scope: Where it is in the tree.
            id: Its name there.
            name: The role's name.
            path: The role's path, which is part of its ARN.
            account: Its account; that of this stack when left out.
            provider: The aliased AWS provider to attach policies with.
        """
        checks = limits.check_account(account) if account is not None else ()
        reject([*limits.check_role_name(name), *limits.check_path(path), *checks])
        target = AwsTarget.of(scope, provider).elsewhere(account=account)
        made = find_made("role", name, target)
        if isinstance(made, GithubDeployRole):
            # The role is in this app: its trust and its quotas count for what is given by name.
            role = RoleByName(scope, id, made=made, target=target, provider=provider)
            made.note_name(role)
            return role
        role = DeployRoleBase(scope, id, name=name, path=path, target=target, provider=provider)
        refer(role, "role", name, target)
        return role

    @classmethod
    @checked
    def from_arn(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        arn: str,
        provider: AwsProvider | None = None,
    ) -> DeployRoleBase:
        """
        Refer to a role that is made elsewhere, by its ARN as text.

        Raises:
            InvalidValue: It is not the ARN of a role, or a reference that is known at apply only.
        """
        parsed = Arn.parse(arn)
        if parsed is None or parsed.account_id is None or not parsed.is_iam("role"):
            raise InvalidValue(not_an_arn(arn))
        reject(AwsTarget.of(scope, provider).check_partition(arn))
        return cls.from_name(
            scope,
            id,
            name=parsed.name,
            path=parsed.resource.removeprefix("role").removesuffix(parsed.name),
            account=parsed.account_id,
            provider=provider,
        )

    @property
    def resource(self) -> IamRole:
        """The Terraform resource; its `.arn` is Terraform's reference."""
        return self._resource.resource

    @property
    def _own_name(self) -> Attribute:
        return self._resource.attribute("name")

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The subjects that may assume it."""
        return self._access.subjects

    @property
    def trust_policy(self) -> PolicyDocument:
        """The trust policy, as IAM gets it."""
        return self._trust_policy

    def check_totals(self) -> list[str]:
        """Return a message for each total that IAM would refuse; synthesis refuses them too."""
        return self._totals.check_sizes()

    def note_name(self, role: DeployRoleBase) -> None:
        """Count what *role* is given, which refers to this role by its name."""
        self._totals.add_name(role)

    @checked
    def add_statement(self, statement: Statement) -> None:
        """
        Allow something that no other construct covers.

        Raises:
            InvalidValue: It has a principal, or the `sid` of an earlier one.
            AccessRefused: The audit would warn of it, or it writes and the role trusts pull
                requests, and that is not accepted.
        """
        reject(check_statements([statement]))
        self._access.refuse([statement])
        self._put_statements((*self._statements, statement))

    def check_may_write(self, what: str) -> None:
        """
        Refuse *what* when the role trusts pull requests.

        Raises:
            AccessRefused: It does, and `pull-request-write` is not accepted.
        """
        self._access.refuse_writing(what)

    def _count(self, trust_policy_quota: int, managed_policies_quota: int) -> RoleTotals:
        """Hold the sums of all that the role is given to its quotas, at the end of synthesis."""
        totals = RoleTotals(
            self,
            trust_policy=self._trust_policy,
            subjects=self.subjects,
            trust_policy_quota=trust_policy_quota,
            managed_policies_quota=managed_policies_quota,
        )
        validate_at_synthesis(self, totals)
        return totals

    def _make(
        self,
        oidc_provider: OidcProviderBase,
        description: str | None,
        max_session_duration: int,
        permissions_boundary: str | None,
        tags: Mapping[str, str] | None,
    ) -> None:
        self._resource = Element(
            IamRole,
            self,
            "Resource",
            name=self.name,
            path=self.path,
            description=description or describe_role(self.subjects, oidc_provider.issuer),
            assume_role_policy=self._trust_policy.to_json(),
            max_session_duration=max_session_duration,
            permissions_boundary=permissions_boundary,
            depends_on=made_before(self.stack, oidc_provider),
            provider=self.provider,
            tags=tags_or_none(tags),
        )

    def _add_metadata(self, workflow: Mapping[str, object] | None, issuer: Issuer) -> None:
        hints = plain_hints(workflow)
        accept = written(self._access.accept)
        add_metadata(self._resource, "GithubDeployRole", accept=accept, workflow=hints)
        warn(self, dict.fromkeys(w for s in self.subjects for w in warnings_of(s, issuer)))

    def _put_statements(self, statements: tuple[Statement, ...]) -> None:
        document = PolicyDocument(statements)
        put_inline_policy(
            self,
            "Statements",
            self._statements_name,
            document,
            construct="GithubDeployRole",
            import_existing=self._takes_statements,
        )
        self._statements = statements

    def _trust(
        self, oidc_provider: OidcProviderBase, audience: str | None, people: Sequence[Statement]
    ) -> PolicyDocument:
        if not self.target.same_account(oidc_provider.target):
            raise InvalidValue(other_account(self.name, self.target, oidc_provider.target))
        oidc_provider.target.readable_in(self.stack)
        workflows = oidc_provider.trust(self.subjects, audience)
        return PolicyDocument((*workflows.statements, *people))
