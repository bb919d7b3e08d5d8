"""The tables of a service in `environments.toml`, and of its deployments."""

from typing import Annotated

from pydantic import Field

from .ecr_tables import EcrSettings, EcrTable
from .ecs_tables import EcsTable
from .existing_parts import ForgottenPart, ServicePart
from .field_types import Name, Text, Tuple
from .github_tables import GithubEnvironmentTable
from .role_settings import RolePath, RoleSettings
from .subject_entry import Subjects
from .table import GithubRepositoryTable
from .table_reference import EnvironmentName
from .trusted_role_table import TrustedRoles, TrustedUsers
from .workflow_table import WorkflowTable


class ServiceEnvironmentTable(RoleSettings):
    """
    `[services.X.environments.Y]`: the deployment of X to Y.

    Attributes:
        subjects: The subjects that may deploy, in place of the environment's list.
        role_name: In place of the service's.
        role_path: In place of the service's.
        trusted_roles: Roles of people who may assume the role beside its workflows.
        trusted_users: Users who may too, always with MFA.
        import_existing: What is there already, and is taken over by Terraform.
        forget: What another stack has from now on, or none: it stays in AWS, and the role pushes
            to it.
        ecr: Merged key by key into the service's.
        ecs: Merged key by key into the service's.
        workflow: Merged key by key into the service's.
        github: How the GitHub environments that its subjects name are protected.
    """

    subjects: Subjects | None = None
    role_name: Name | None = None
    role_path: RolePath | None = None
    trusted_roles: TrustedRoles = ()
    trusted_users: TrustedUsers = ()
    import_existing: Annotated[tuple[ServicePart, ...], Tuple] = ()
    forget: Annotated[tuple[ForgottenPart, ...], Tuple] = ()
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
        role_path: Its path in IAM, `/ci/`; `/` when left out.
        subject_template: Whether Terraform sets the template of `sub` of its repository on GitHub.
    """

    repository: Text = Field(
        description="It is the GitHub repository whose workflows deploy: `name` or `owner/name`.",
        examples=["web"],
    )
    role_name: Name | None = None
    role_path: RolePath | None = None
    subject_template: bool = False
    ecr: EcrTable | None = None
    ecs: EcsTable | None = None
    workflow: WorkflowTable | None = None
    environments: dict[EnvironmentName, ServiceEnvironmentTable] = Field(default_factory=dict)
