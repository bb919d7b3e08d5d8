"""The list of the AWS provider's types, as it is shipped."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any, get_args

import pytest

from deploy_access.terraform.aws_types import (
    ABSENT,
    WHOLE,
    Mark,
    MarkClass,
    marks_of,
    secrets_of,
    types_date,
)
from deploy_access.terraform.module_facts import READERS

ROOT = Path(__file__).parents[2]
SHIPPED: dict[str, Any] = json.loads(
    (ROOT / "deploy_access" / "terraform" / "aws_types.json").read_text("utf-8")
)


def script() -> dict[str, Any]:
    """Run the script as a module."""
    return runpy.run_path(str(ROOT / "scripts" / "aws_types.py"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("aws_vpc", ()),
        ("aws_ecs_cluster", ()),
        ("aws_iam_role_of_tomorrow", None),
        ("aws_", None),
        ("repository", None),
        ("github_repository", None),
        ("aws_ecr_repository", ()),
        (
            "aws_ecr_replication_configuration",
            (
                Mark(
                    path="replication_configuration.rule.destination.registry_id", kind="principal"
                ),
            ),
        ),
        (
            "aws_s3_bucket_ownership_controls",
            (
                Mark(
                    path="rule.object_ownership",
                    kind="public",
                    harmless=("BucketOwnerEnforced",),
                ),
            ),
        ),
        ("aws_iam_access_key", (Mark(path=WHOLE, kind="key"),)),
    ],
)
def test_the_marks_of_a_type(kind: str, expected: tuple[Mark, ...] | None) -> None:
    """A type is marked, gives nothing, or is not known."""
    assert marks_of(kind) == expected


def test_names_do_not_find_everything() -> None:
    """The arguments that no word such as `policy` or `role` finds are marked by hand."""
    found = {
        kind: {mark.path for mark in marks_of(kind) or ()}
        for kind in (
            "aws_ssm_document",
            "aws_cognito_identity_pool",
            "aws_ecr_pull_through_cache_rule",
            "aws_iam_user_group_membership",
            "aws_identitystore_group_membership",
        )
    }

    assert {kind: sorted(paths) for kind, paths in found.items()} == {
        "aws_ssm_document": ["permissions"],
        "aws_cognito_identity_pool": [
            "allow_classic_flow",
            "allow_unauthenticated_identities",
            "cognito_identity_providers.client_id",
            "openid_connect_provider_arns",
            "saml_provider_arns",
            "supported_login_providers",
        ],
        "aws_ecr_pull_through_cache_rule": [
            "credential_arn",
            "custom_role_arn",
            "upstream_registry_url",
        ],
        "aws_iam_user_group_membership": [WHOLE],
        "aws_identitystore_group_membership": [WHOLE, "member_id"],
    }


def test_each_mark_is_of_a_class() -> None:
    """Each mark has a class that the reader knows, and is the path of an argument."""
    marks = [mark for kind in SHIPPED["marked"] for mark in marks_of(kind) or ()]

    assert {mark.kind for mark in marks} == set(get_args(MarkClass))
    assert [mark for mark in marks if not mark.path or "=" in mark.path] == []
    assert [one for mark in marks for one in mark.harmless if not one] == []
    assert any(ABSENT in mark.harmless for mark in marks)


def test_each_type_is_listed_once() -> None:
    """A type is marked or not marked."""
    unmarked = [
        f"aws_{service}" if not name else f"aws_{service}_{name}"
        for service, names in SHIPPED["unmarked"].items()
        for name in names.split(" ")
    ]

    assert sorted({*unmarked}) == sorted(unmarked)
    assert {*unmarked} & SHIPPED["marked"].keys() == set()
    assert {kind for kind in unmarked if marks_of(kind) != ()} == set()
    assert READERS.keys() <= {*unmarked, *SHIPPED["marked"]}


def test_secrets() -> None:
    """The sensitive attributes are those of the schema, at any depth; of data sources too."""
    assert secrets_of("aws_iam_access_key") == {"secret", "ses_smtp_password_v4"}
    assert "auth_parameters.basic.password" in secrets_of("aws_cloudwatch_event_connection")
    assert "secret_string" in secrets_of("data.aws_secretsmanager_secret_version")
    assert secrets_of("aws_vpc") == frozenset()


def test_the_date() -> None:
    """The list has the day on which it was read through."""
    assert types_date() == SHIPPED["date"]


def test_a_mark_by_hand_that_fits_nothing_is_refused() -> None:
    """An argument that is misspelled in the marks is no argument without a mark."""
    compiled = script()["marks"]
    rules = {"names": {}, "types": {"aws_x": "nmae:policy"}, "unmarked": {}, "nowhere": ""}

    with pytest.raises(ValueError, match="aws_x has no nmae"):
        compiled({"aws_x": {"name"}}, rules)


def test_a_mark_of_a_type_that_is_gone_is_refused() -> None:
    """A type that no version has is not marked."""
    rules = {"names": {}, "types": {"aws_y": "*:key"}, "unmarked": {}, "nowhere": ""}

    with pytest.raises(ValueError, match="aws_y"):
        script()["marks"]({"aws_x": {"name"}}, rules)


def test_the_schema_of_a_block() -> None:
    """Arguments in blocks and in objects have paths; what only the provider sets has none."""
    schemas = {
        "provider_schemas": {
            "aws": {
                "resource_schemas": {
                    "aws_x": {
                        "block": {
                            "attributes": {
                                "a": {"optional": True, "type": "string"},
                                "b": {"computed": True, "type": "string"},
                                "c": {"required": True, "type": ["set", ["object", {"d": "bool"}]]},
                            },
                            "block_types": {
                                "e": {"block": {"attributes": {"f": {"optional": True}}}}
                            },
                        }
                    }
                }
            }
        }
    }

    assert script()["types_of_schemas"](schemas) == {"aws_x": {"a", "c", "c.d", "e.f"}}


def test_the_assembly_of_the_bindings() -> None:
    """The arguments of the bindings have the names that Terraform has, with those of structs."""
    place = "https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/x"
    assembly = {
        "types": {
            "@cdktf/provider-aws.x.X": {
                "base": "cdktf.TerraformResource",
                "docs": {"summary": f"Represents a {{@link {place} aws_x}}."},
            },
            "@cdktf/provider-aws.x.XConfig": {
                "properties": [
                    {"docs": {"remarks": f"{{@link {place}#name X#name}}"}, "type": "string"},
                    {
                        "docs": {"remarks": f"{{@link {place}#rule_set X#rule_set}}"},
                        "type": {"fqn": "@cdktf/provider-aws.x.XRuleSet"},
                    },
                    {"type": "string"},
                ]
            },
            "@cdktf/provider-aws.x.XRuleSet": {
                "properties": [
                    {"docs": {"remarks": f"{{@link {place}#in X#in}}"}, "type": "string"},
                    {
                        "docs": {"remarks": f"{{@link {place}#rule X#rule}}"},
                        "type": {"fqn": "@cdktf/provider-aws.x.XRuleSet"},
                    },
                ]
            },
        }
    }

    assert script()["types_of_assembly"](assembly) == {
        "aws_x": {"name", "rule_set.in", "rule_set.rule"}
    }
