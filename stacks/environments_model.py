"""
The model of `environments.toml`, schema 1: one class a table, one attribute a key.

The description of a required key is shown when the key is missing. Checks that need more than one
table (defaults, placeholders, names of stacks) are in `estate_resolver.py`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from deploy_access.errors import Problem
from deploy_access.iam.limits import MANAGED_POLICIES_QUOTA, TRUST_POLICY_QUOTA, check_many

from .aws_field_types import ManagedPoliciesQuota, RoleOfAccount, Tags, TrustPolicyQuota
from .existing_parts import AccountPart
from .field_types import AccountId, BoundaryArn, Key, Region, Texts, Tuple, checked
from .github_tables import GithubTable
from .infra_table import InfraTable
from .registry_tables import RegistryTable
from .role_settings import RoleSettings
from .service_tables import ServiceTable
from .state_tables import StateTable
from .subject_entry import Subjects
from .table import Table
from .table_reference import AccountName, StateName
from .workflow_table import EstateWorkflowTable


def _check_audiences(audiences: tuple[str, ...]) -> Iterator[Problem]:
    yield from check_many("audiences", audiences, empty=False)


Audiences = Annotated[Texts, checked(_check_audiences)]


class AccountTable(Table):
    """
    `[accounts.X]`: an AWS account.

    Attributes:
        audiences: The values of `aud` that the provider takes; what the AWS action asks for when
            left out.
        assume_role: The role that Terraform takes on there: a name, `path/name` or an ARN.
        permissions_boundary: For every role that is made there, unless a nearer table says more.
        trust_policy_quota: Characters of a trust policy that AWS allows there, up to 8192.
        managed_policies_quota: Managed policies that AWS lets a role have there, up to 25.
        import_existing: What is there already, and is taken over by Terraform.
        forget: What another stack has from now on: it stays in AWS.
    """

    id: AccountId = Field(
        description="Terraform refuses to touch any other account.",
        examples=["111122223333"],
    )
    region: Region = Field(
        description="It is where this account's stacks deploy, unless an environment says more.",
        examples=["eu-central-1"],
    )
    oidc_provider: Literal["create", "existing"] = "create"
    audiences: Audiences | None = None
    assume_role: RoleOfAccount | None = None
    state: StateName = Field(
        description="It names the `[states]` table that says where Terraform keeps its state.",
        examples=["main"],
    )
    tags: Tags = Field(default_factory=dict)
    permissions_boundary: BoundaryArn | None = None
    trust_policy_quota: TrustPolicyQuota = TRUST_POLICY_QUOTA
    managed_policies_quota: ManagedPoliciesQuota = MANAGED_POLICIES_QUOTA
    registry: RegistryTable | None = None
    import_existing: Annotated[tuple[AccountPart, ...], Tuple] = ()
    forget: Annotated[tuple[AccountPart, ...], Tuple] = ()


class EnvironmentTable(RoleSettings):
    """
    `[environments.X]`: an environment that services are deployed to.

    Attributes:
        subjects: The subjects that may deploy there, unless a service has a list of its own.
        production: Repositories there are protected from `terraform destroy`.
    """

    account: AccountName = Field(
        description="It names the `[accounts]` table that this environment deploys to.",
        examples=["nonprod"],
    )
    subjects: Subjects | None = None
    production: bool = False
    tags: Tags = Field(default_factory=dict)
    region: Region | None = None
    state: StateName | None = None
    assume_role: RoleOfAccount | None = None


class EnvironmentsModel(Table):
    """The whole file."""

    # Not `schema`: pydantic's base class has a method of that name.
    schema_version: Literal[1] = Field(
        alias="schema",
        description="It says how to read this file.",
        examples=[1],
    )
    github: GithubTable = Field(default_factory=GithubTable)
    states: dict[Key, StateTable] = Field(default_factory=dict)
    accounts: dict[Key, AccountTable] = Field(default_factory=dict)
    environments: dict[Key, EnvironmentTable] = Field(default_factory=dict)
    services: dict[Key, ServiceTable] = Field(default_factory=dict)
    workflow: EstateWorkflowTable | None = None
    infra: InfraTable | None = None
