"""The tables `[states.X]` of `environments.toml`: where Terraform keeps its states."""

from typing import Annotated, Literal

from pydantic import Field

from .aws_field_types import BucketName, KeyArn, KeyPrefix, RoleArn
from .field_types import Region
from .table import Table


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
