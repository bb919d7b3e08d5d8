"""
The tables of `[accounts.X.registry]` in `environments.toml`, one attribute a key.

What ECR refuses is checked where the values are made, in `registry_plan.py`.
"""

from typing import Annotated, Literal

from pydantic import Field

from .aws_field_types import KeyOrAliasArn, Tags
from .field_types import Region, Text, Texts, Tuple
from .lifecycle_tables import Lifecycle
from .table import Table
from .table_reference import AccountNameOrId

Accounts = Annotated[tuple[AccountNameOrId, ...], Tuple]


class ScanningTable(Table):
    """
    `registry.scanning`: what is scanned for known vulnerabilities.

    Attributes:
        on_push: Repositories whose images are scanned when they are pushed; all of them when both
            keys are left out of a basic scan.
        continuous: Repositories whose images are scanned again and again; `enhanced` only.
    """

    type: Literal["basic", "enhanced"] = Field(
        description="`enhanced` is Amazon Inspector's and costs money, `basic` is free.",
        examples=["basic"],
    )
    on_push: Texts | None = None
    continuous: Texts = ()


class ReplicationTable(Table):
    """
    An entry of `registry.replication`: copies in other regions, or in another account.

    Attributes:
        account: The name of an account, or the id of one that is not in this file.
    """

    regions: Annotated[tuple[Region, ...], Tuple] = Field(
        description="They get a copy of each image.", examples=[["eu-west-1"]]
    )
    prefixes: Texts = Field(
        description='The names of the repositories begin with them; `["*"]` is all of them.',
        examples=[["web"]],
    )
    account: AccountNameOrId | None = None


class PullThroughTable(Table):
    """
    An entry of `registry.pull_through`: a registry of which copies are kept.

    Attributes:
        credential: The ARN of the secret with the password for it.
        role: The ARN of the role that reads the registry of another AWS account.
        upstream_prefix: The part of it that is kept.
        pulled_by: Roles that may pull what is not there yet.
    """

    prefix: Text = Field(
        description="The names of the copies begin with it.", examples=["docker-hub"]
    )
    upstream: Text = Field(
        description="It is the host of the registry.", examples=["registry-1.docker.io"]
    )
    credential: Text | None = None
    role: Text | None = None
    upstream_prefix: Text | None = None
    pulled_by: Texts = ()


class CreationTemplateTable(Table):
    """
    An entry of `registry.creation_templates`: settings of the repositories that ECR makes.

    Attributes:
        kms_key: The ARN of the key that encrypts them, in place of AES256; needs `role`.
        lifecycle: What is deleted when; left out, untagged images after 14 days, and `[]` nothing.
        pull_accounts: Accounts that may pull: names of `[accounts]`, or ids.
        role: The ARN of the role with which ECR uses the key and sets tags.
    """

    prefix: Text = Field(
        description="The names of the repositories begin with it; `ROOT` is all others.",
        examples=["docker-hub"],
    )
    applied_for: Annotated[tuple[Literal["pull_through_cache", "replication"], ...], Tuple] = Field(
        description="It says when ECR makes them.", examples=[["pull_through_cache"]]
    )
    tag_mutability: Literal["immutable", "mutable"] | None = None
    tag_exclusions: Texts = ()
    kms_key: KeyOrAliasArn | None = None
    lifecycle: Lifecycle | None = None
    pull_accounts: Accounts = ()
    role: Text | None = None
    description: Text | None = None
    tags: Tags = Field(default_factory=dict)


class RegistryTable(Table):
    """
    `[accounts.X.registry]`: the ECR registry of the account, in the account's own region.

    Attributes:
        allow_replication_from: Accounts that may copy images into it.
    """

    scanning: ScanningTable | None = None
    replication: Annotated[tuple[ReplicationTable, ...], Tuple] = ()
    pull_through: Annotated[tuple[PullThroughTable, ...], Tuple] = ()
    allow_replication_from: Accounts = ()
    creation_templates: Annotated[tuple[CreationTemplateTable, ...], Tuple] = ()
