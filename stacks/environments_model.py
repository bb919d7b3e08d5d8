"""
The model of `environments.toml`, schema 1: one class a table, one attribute a key.

The description of a required key is shown when the key is missing. Checks that need more than one
table (defaults, placeholders, names of stacks) are in `estate_resolver.py`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from deploy_access.audit.finding import check_accept
from deploy_access.errors import Problem, reject
from deploy_access.github.issuer import Issuer
from deploy_access.github.repository_checks import SubjectFormat
from deploy_access.iam.capabilities import EcsCapability
from deploy_access.iam.limits import (
    MANAGED_POLICIES_QUOTA,
    TRUST_POLICY_QUOTA,
    check_session,
)
from stacks.aws_field_types import (
    BucketName,
    KeyArn,
    KeyOrAliasArn,
    KeyPrefix,
    ManagedPoliciesQuota,
    RoleArn,
    RoleOfAccount,
    Tags,
    TrustPolicyQuota,
)
from stacks.existing_parts import AccountPart, ServicePart
from stacks.field_types import (
    AccountId,
    BoundaryArn,
    IssuerUrl,
    Key,
    Name,
    Names,
    PolicyArns,
    Region,
    Text,
    Texts,
    Tuple,
)
from stacks.github_tables import GithubEnvironmentTable
from stacks.registry_tables import RegistryTable
from stacks.subject_entry import SubjectEntry
from stacks.table import GithubRepositoryTable, Table
from stacks.table_reference import AccountName, AccountNameOrId, EnvironmentName, StateName
from stacks.trusted_role_table import TrustedRoles
from stacks.workflow_table import (
    EstateWorkflowTable,
    LaunchType,
    Schedule,
    ServerVersion,
    WorkflowTable,
)


def _check_accept(accept: dict[str, str]) -> dict[str, str]:
    reject(check_accept(accept))
    return accept


def _check_session(seconds: int) -> int:
    reject(check_session(seconds))
    return seconds


def _check_server(github: "GithubTable") -> Iterator[Problem]:
    is_server = github.issuer is not None and Issuer(github.issuer).is_server
    if github.server_version is not None and not is_server:
        yield Problem(
            what="`server_version` is of a GitHub Enterprise Server.",
            given={"issuer": github.issuer, "server_version": github.server_version},
            why="github.com has no releases, and nobody would read it.",
            fix='Remove it, or give the server as `issuer = "https://HOST/_services/token"`.',
        )


Accept = Annotated[dict[str, str], AfterValidator(_check_accept)]
Seconds = Annotated[int, AfterValidator(_check_session)]
Subjects = Annotated[tuple[SubjectEntry, ...], Tuple]


class GithubTable(Table):
    """
    `[github]`: defaults of all repositories.

    Attributes:
        server_version: The release of the GitHub Enterprise Server; the oldest that GitHub supports
            when left out.
        state: Where the stacks of GitHub's side keep theirs; needed when there are several.
    """

    owner: Text | None = None
    owner_id: int | None = Field(default=None, ge=1)
    subject_format: SubjectFormat | None = None
    issuer: IssuerUrl | None = None
    server_version: ServerVersion | None = None
    state: StateName | None = None

    @model_validator(mode="after")
    def _check_server(self) -> Self:
        reject(_check_server(self))
        return self


class S3StateTable(Table):
    """
    `[states.X]` with `type = "s3"`.

    Attributes:
        key_prefix: A state's key is this and `<stack>.tfstate`; empty, or `.../`.
        kms_key: The ARN of the key that encrypts it, when that is not the bucket's own.
        role_arn: The role that reads and writes it, when that is not the caller.
    """

    type: Literal["s3"]
    bucket: BucketName = Field(
        description="It is the bucket that holds Terraform's state.",
        examples=["acme-terraform-state"],
    )
    region: Region = Field(
        description="It is where the bucket is; S3 answers in no other region.",
        examples=["eu-central-1"],
    )
    # A contract like the names of stacks: a new default would lose every state.
    key_prefix: KeyPrefix = "deploy-access/"
    kms_key: KeyArn | None = None
    role_arn: RoleArn | None = None


class LocalStateTable(Table):
    """`[states.X]` with `type = "local"`: beside `cdktf.out`, for trying things out."""

    type: Literal["local"]


StateTable = Annotated[S3StateTable | LocalStateTable, Field(discriminator="type")]


class RoleSettings(Table):
    """
    Settings of a role; the nearest table that has a key decides.

    Attributes:
        managed_policies: ARNs; the list replaces, it never adds.
        accept: Findings about the lists beside it that are meant: rule and reason.
    """

    max_session_duration: Seconds | None = None
    permissions_boundary: BoundaryArn | None = None
    managed_policies: PolicyArns | None = None
    accept: Accept = Field(default_factory=dict)


class AccountTable(Table):
    """
    `[accounts.X]`: an AWS account.

    Attributes:
        assume_role: The role that Terraform takes on there: a name, `path/name` or an ARN.
        permissions_boundary: For every role that is made there, unless a nearer table says more.
        trust_policy_quota: Characters of a trust policy that AWS allows there, up to 8192.
        managed_policies_quota: Managed policies that AWS lets a role have there, up to 25.
        import_existing: What is there already, and is taken over by Terraform.
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


class EcrSettings(Table):
    """
    Settings of a repository of images.

    Attributes:
        name: `{service}-{environment}` when left out; `{service}` for a shared one.
        tag_exclusions: Tags to which the opposite of `tag_mutability` applies, with up to two `*`
            each.
        kms_key: The ARN of the key that encrypts it, in place of AES256.
        pull_accounts: Accounts that may pull: names of `[accounts]`, or ids.
        scan_on_push: Whether ECR looks for known vulnerabilities in each image.
        force_delete: Whether Terraform may delete it with the images in it; not in production.
        push_cache: Whether the role that pushes may read layers too, for a cache in the registry.
        push_policy_name: The policy with which a role pushes; `ecr-push-REPOSITORY` when left out.
    """

    name: Name | None = None
    tag_mutability: Literal["immutable", "mutable"] | None = None
    tag_exclusions: Texts = ()
    kms_key: KeyOrAliasArn | None = None
    pull_accounts: Annotated[tuple[AccountNameOrId, ...], Tuple] | None = None
    scan_on_push: bool = True
    force_delete: bool = False
    push_cache: bool = False
    push_policy_name: Name | None = None


class EcrTable(EcrSettings):
    """
    `[services.X.ecr]`.

    Attributes:
        account: With it there is one repository, made once in that account, with its own push
            role; without it, one for each environment.
        subjects: The subjects that may push to the shared repository.
        accept: Findings about them that are meant: rule and reason.
        push_role_name: The role that pushes to it; `{service}-images-push` when left out.
    """

    account: AccountName | None = None
    push_role_name: Name | None = None
    subjects: Subjects | None = None
    accept: Accept = Field(default_factory=dict)


class CodeDeployTable(Table):
    """`ecs.codedeploy`: blue/green deployments, with the ECS console's names when left out."""

    application: Name | None = None
    deployment_group: Name | None = None
    deployment_config: Name | None = None


class TaskTable(Table):
    """
    `ecs.task`: how the tasks of `one_off_tasks` run.

    Attributes:
        launch_type: `FARGATE`, `EC2` or `EXTERNAL`.
        capacity_provider: Whose capacity they take, in place of a launch type.
        public_ip: Whether they have a public address.
        schedule: When they run, as cron has it; without services only.
    """

    launch_type: LaunchType | None = None
    capacity_provider: Name | None = None
    public_ip: bool | None = None
    schedule: Schedule | None = None


class EcsTable(Table):
    """
    `[services.X.ecs]`, or the keys that one environment overrides.

    Attributes:
        families: The task families, when they are not named like the services.
        task_roles: Roles that the tasks take on: a name, `path/name` or an ARN.
        one_off_tasks: Families that may be run once, for example migrations.
        policy_name: `ROLE-ecs-CLUSTER` when left out.
    """

    cluster: Name | None = None
    services: Names | None = None
    families: Names | None = None
    task_roles: Names | None = None
    execution_role: Name | None = None
    read_task_definition: bool = False
    one_off_tasks: Names = ()
    codedeploy: CodeDeployTable | None = None
    tag_on_create: bool | None = None
    also: Annotated[tuple[EcsCapability, ...], Tuple] = ()
    task: TaskTable | None = None
    policy_name: Name | None = None


class ServiceEnvironmentTable(RoleSettings):
    """
    `[services.X.environments.Y]`: the deployment of X to Y.

    Attributes:
        subjects: The subjects that may deploy, in place of the environment's list.
        role_name: In place of the service's.
        trusted_roles: Roles of people who may assume the role beside its workflows.
        import_existing: What is there already, and is taken over by Terraform.
        ecr: Merged key by key into the service's.
        ecs: Merged key by key into the service's.
        workflow: Merged key by key into the service's.
        github: How the GitHub environments that its subjects name are protected.
    """

    subjects: Subjects | None = None
    role_name: Name | None = None
    trusted_roles: TrustedRoles = ()
    import_existing: Annotated[tuple[ServicePart, ...], Tuple] = ()
    ecr: EcrSettings | None = None
    ecs: EcsTable | None = None
    workflow: WorkflowTable | None = None
    github: GithubEnvironmentTable | None = None


class ServiceTable(GithubRepositoryTable, RoleSettings):
    """
    `[services.X]`: a service that one GitHub repository builds and deploys.

    Attributes:
        role_name: What the role that deploys is called; `{service}-{environment}-deploy` when left
            out.
    """

    repository: Text = Field(
        description="It is the GitHub repository whose workflows deploy: `name` or `owner/name`.",
        examples=["web"],
    )
    role_name: Name | None = None
    ecr: EcrTable | None = None
    ecs: EcsTable | None = None
    workflow: WorkflowTable | None = None
    environments: dict[EnvironmentName, ServiceEnvironmentTable] = Field(default_factory=dict)


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
