"""The names that Terraform has for CloudFormation's types and attributes."""

from __future__ import annotations

import re

# The types whose names in Terraform do not follow from those in CloudFormation.
_TYPES = {
    "AWS::IAM::ManagedPolicy": "aws_iam_policy",
    "AWS::IAM::OIDCProvider": "aws_iam_openid_connect_provider",
    "AWS::IAM::Policy": "aws_iam_role_policy",
    # The CDK's own, which a function makes: `OpenIdConnectProvider`.
    "Custom::AWSCDKOpenIdConnectProvider": "aws_iam_openid_connect_provider",
}
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")
_TYPE = re.compile(r"AWS::([A-Za-z0-9]+)::([A-Za-z0-9]+)")
# What `Ref` is of a type, where it is not its `id`, which is how Terraform names it in most types.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
_REFS = {
    "aws_ecr_repository": "name",
    "aws_iam_group": "name",
    "aws_iam_openid_connect_provider": "arn",
    "aws_iam_policy": "arn",
    "aws_iam_role": "name",
    "aws_iam_user": "name",
    "aws_s3_bucket": "bucket",
    "aws_sns_topic": "arn",
}
_ATTRIBUTES = {
    ("aws_ecr_repository", "RepositoryUri"): "repository_url",
    ("aws_iam_policy", "PolicyArn"): "arn",
    ("aws_iam_role", "RoleId"): "unique_id",
}


def terraform_type(name: str) -> str:
    """Return Terraform's name of a type, for example `aws_iam_role`; empty where it has none."""
    if name in _TYPES:
        return _TYPES[name]
    found = _TYPE.fullmatch(name)
    return f"aws_{found[1].lower()}_{_snake(found[2])}" if found else ""


def attribute_name(kind: str, attribute: str) -> str:
    """Return Terraform's name of an attribute, or of what `Ref` is; empty where it has none."""
    if attribute == "Ref":
        return _REFS.get(kind, "id")
    if (kind, attribute) in _ATTRIBUTES:
        return _ATTRIBUTES[kind, attribute]
    return ".".join(map(_snake, attribute.split("."))) if attribute.isascii() else ""


def _snake(name: str) -> str:
    return "_".join(_PART.findall(name)).lower()
