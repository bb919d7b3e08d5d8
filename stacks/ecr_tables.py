"""The tables `ecr` of a service in `environments.toml`: its repositories of images."""

from typing import Annotated, Literal

from pydantic import Field

from .aws_field_types import KeyOrAliasArn
from .existing_parts import ForgottenPart, SharedPart
from .field_types import Accept, Name, Names, Text, Texts, Tuple
from .lifecycle_tables import Lifecycle
from .subject_entry import Subjects
from .table import Table
from .table_reference import AccountName, AccountNameOrId


class EcrSettings(Table):
    """
    Settings of a repository of images.

    Attributes:
        repository: Whether the stack makes it, pushes to one that another makes, or has none.
        name: `{service}-{environment}` when left out; `{service}` for a shared one.
        tag_exclusions: Tags to which the opposite of `tag_mutability` applies, with up to two `*`
            each.
        kms_key: The ARN of the key that encrypts it, in place of AES256.
        pull_accounts: Accounts that may pull: names of `[accounts]`, or ids.
        scan_on_push: Whether ECR looks for known vulnerabilities in each image.
        force_delete: Whether Terraform may delete it with the images in it; not in production.
        push_cache: Whether the role that pushes may read layers too, for a cache in the registry.
        push_policy_name: The policy with which a role pushes; `ecr-push-REPOSITORY` when left out.
        former_names: What the repository before it was called: the role still pushes there.
        lifecycle: What is deleted when; left out, untagged images after 14 days, and `[]` nothing.
        accept: Findings about the lifecycle that are meant, and about the `subjects` of a shared
            one: rule and reason.
    """

    repository: Literal["create", "existing", "none"] = "create"
    name: Name | None = None
    tag_mutability: Literal["immutable", "mutable"] | None = None
    tag_exclusions: Texts = ()
    kms_key: KeyOrAliasArn | None = None
    pull_accounts: Annotated[tuple[AccountNameOrId, ...], Tuple] | None = None
    scan_on_push: bool = True
    force_delete: bool = False
    push_cache: bool = False
    push_policy_name: Name | None = None
    former_names: Names = ()
    lifecycle: Lifecycle | None = None
    accept: Accept = Field(default_factory=dict)


class EcrTable(EcrSettings):
    """
    `[services.X.ecr]`.

    Attributes:
        account: With it there is one repository, made once in that account, with its own push
            role; without it, one for each environment.
        subjects: The subjects that may push to the shared repository.
        push_role_name: The role that pushes to it; `{service}-images-push` when left out.
        audience: The `aud` of its tokens; needed where the account's provider takes several.
        import_existing: What of the shared repository's stack is there already, and is taken over.
        forget: What of it another stack has from now on, or none.
    """

    account: AccountName | None = None
    push_role_name: Name | None = None
    audience: Text | None = None
    subjects: Subjects | None = None
    import_existing: Annotated[tuple[SharedPart, ...], Tuple] = ()
    forget: Annotated[tuple[ForgottenPart, ...], Tuple] = ()
