"""What gives access, and is not compared, is named with its arguments; what gives none is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import TRUST, reviewed
from click.testing import CliRunner
from review_sides import ACCOUNT, policy, stack

from deploy_access.cli import main
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

OTHER = "999999999999"
ELSEWHERE = f"arn:aws:iam::{ACCOUNT}:role/admin"
OPEN = policy("*")
USUAL = "It may give access, and is not compared."
PLACE = "It names a place for code, images or data that is not known to be one of yours."
ROLE = {"aws_iam_role": {"R": {"name": "deploy", "assume_role_policy": json.dumps(TRUST)}}}
SHUT = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def images(*names: str) -> str:
    """Write the containers of a task definition."""
    return json.dumps([{"name": name, "image": name, "essential": True} for name in names])


GIVES: dict[str, tuple[str, Json, str, str]] = {
    "event-permission": (
        "aws_cloudwatch_event_permission",
        {"principal": "*", "statement_id": "x"},
        USUAL,
        '`principal` is `"*"`.',
    ),
    "cognito-identity-pool": (
        "aws_cognito_identity_pool",
        {"identity_pool_name": "x", "allow_unauthenticated_identities": True},
        USUAL,
        "`allow_unauthenticated_identities` is `true`.",
    ),
    "pull-through-cache": (
        "aws_ecr_pull_through_cache_rule",
        {"ecr_repository_prefix": "web", "upstream_registry_url": "evil.example"},
        USUAL,
        '`upstream_registry_url` is `"evil.example"`.',
    ),
    "replication": (
        "aws_ecr_replication_configuration",
        {
            "replication_configuration": [
                {"rule": [{"destination": [{"region": "us-east-1", "registry_id": OTHER}]}]}
            ]
        },
        USUAL,
        f'`replication_configuration.rule.destination.registry_id` is `"{OTHER}"`.',
    ),
    "pod-identity": (
        "aws_eks_pod_identity_association",
        {"cluster_name": "c", "namespace": "n", "service_account": "s", "role_arn": ELSEWHERE},
        USUAL,
        f'`namespace` is `"n"`, `role_arn` is `"{ELSEWHERE}"`, `service_account` is `"s"`.',
    ),
    "object": (
        "aws_s3_object",
        {"bucket": "data", "key": "k", "acl": "public-read"},
        USUAL,
        '`acl` is `"public-read"`.',
    ),
    "schedule": (
        "aws_scheduler_schedule",
        {
            "name": "x",
            "target": [
                {"arn": "arn:aws:scheduler:::aws-sdk:iam:createAccessKey", "role_arn": ELSEWHERE}
            ],
        },
        f"{USUAL} {PLACE}",
        (
            '`target.arn` is `"arn:aws:scheduler:::aws-sdk:iam:createAccessKey"`, '
            f'`target.role_arn` is `"{ELSEWHERE}"`.'
        ),
    ),
    "document": (
        "aws_ssm_document",
        {"name": "x", "content": "{}", "permissions": {"type": "Share", "account_ids": "all"}},
        USUAL,
        '`permissions` is `{"account_ids": "all", "type": "Share"}`.',
    ),
    "service-without-source": (
        "aws_lambda_permission",
        {"function_name": "f", "principal": "s3.amazonaws.com"},
        USUAL,
        '`principal` is `"s3.amazonaws.com"`.',
    ),
    "source-of-another-account": (
        "aws_lambda_permission",
        {"function_name": "f", "principal": "s3.amazonaws.com", "source_account": OTHER},
        USUAL,
        '`principal` is `"s3.amazonaws.com"`.',
    ),
    "policy": (
        "aws_efs_file_system_policy",
        {"file_system_id": "f", "policy": OPEN},
        USUAL,
        "`policy` is set.",
    ),
    "unresolved-policy": (
        "aws_backup_vault_policy",
        {"policy": '${file("p")}'},
        USUAL,
        "`policy` is set.",
    ),
    "password": (
        "aws_db_instance",
        {"password": "hunter2"},
        "A secret stands in the file, for everybody who may read it.",
        "`password` is set.",
    ),
    "key": ("aws_iam_access_key", {"user": "bob"}, "Who has the key is let in.", ""),
    "internet": (
        "aws_security_group",
        {"ingress": [{"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}]},
        "The whole internet may reach it.",
        '`ingress.cidr_blocks` is `"0.0.0.0/0"`.',
    ),
    "half-of-the-internet": (
        "aws_vpc_security_group_ingress_rule",
        {"cidr_ipv4": "0.0.0.0/1"},
        "The whole internet may reach it.",
        '`cidr_ipv4` is `"0.0.0.0/1"`.',
    ),
    "dynamic": (
        "aws_security_group",
        {"dynamic": {"ingress": [{"for_each": [1], "content": {"cidr_blocks": ["::/0"]}}]}},
        "The whole internet may reach it.",
        '`ingress.cidr_blocks` is `"::/0"`.',
    ),
    "image": (
        "aws_ecs_task_definition",
        {"container_definitions": images("evil/x")},
        PLACE,
        '`container_definitions` is `"evil/x"`.',
    ),
    "image-of-another-account": (
        "aws_lambda_function",
        {"image_uri": f"{OTHER}.dkr.ecr.eu-central-1.amazonaws.com/web:1"},
        PLACE,
        f'`image_uri` is `"{OTHER}.dkr.ecr.eu-central-1.amazonaws.com/web:1"`.',
    ),
    "image-after-another-host": (
        "aws_apprunner_service",
        {
            "source_configuration": [
                {"image_repository": [{"image_identifier": "evil.example/${aws_iam_role.R.name}"}]}
            ]
        },
        PLACE,
        '`source_configuration.image_repository.image_identifier` is `"evil.example/deploy"`.',
    ),
    "endpoint": (
        "aws_sns_topic_subscription",
        {"topic_arn": "t", "protocol": "https", "endpoint": "https://evil.example"},
        PLACE,
        '`endpoint` is `"https://evil.example"`.',
    ),
    "public-by-default": (
        "aws_s3_bucket_public_access_block",
        {"bucket": "b", **dict.fromkeys(SHUT[1:], True)},
        USUAL,
        "`block_public_acls` is not set.",
    ),
    "lists-of-owners": (
        "aws_s3_bucket_ownership_controls",
        {"rule": [{"object_ownership": "ObjectWriter"}]},
        USUAL,
        '`rule.object_ownership` is `"ObjectWriter"`.',
    ),
    "role-made-of-a-name": (
        "aws_sfn_state_machine",
        {"role_arn": "${aws_iam_role.R.arn}-admin", "definition": "{}"},
        USUAL,
        f'`role_arn` is `"arn:aws:iam::{ACCOUNT}:role/deploy-admin"`.',
    ),
    "role-of-a-data-source": (
        "aws_sfn_state_machine",
        {"role_arn": "${data.aws_iam_role.other.arn}", "definition": "{}"},
        USUAL,
        '`role_arn` is `"${data.aws_iam_role.other.arn}"`.',
    ),
    "template": (
        "aws_cloudformation_stack",
        {"name": "s", "template_body": "{}"},
        "What it makes is not read.",
        "`template_body` is set.",
    ),
    "unresolved-block": (
        "aws_ram_resource_share",
        {"name": "x", "permission_arns": "${var.permissions}"},
        USUAL,
        '`permission_arns` is `"${var.permissions}"`.',
    ),
    "unresolved-target": (
        "aws_cloudwatch_log_subscription_filter",
        {"name": "x", "destination_arn": "${var.destination}", "role_arn": "${var.role}"},
        f"{USUAL} {PLACE}",
        '`destination_arn` is `"${var.destination}"`, `role_arn` is `"${var.role}"`.',
    ),
    "role-of-another-account": (
        "aws_sfn_state_machine",
        {"role_arn": f"arn:aws:iam::{OTHER}:role/deploy", "definition": "{}"},
        USUAL,
        f'`role_arn` is `"arn:aws:iam::{OTHER}:role/deploy"`.',
    ),
    "role-of-some-account": (
        "aws_sfn_state_machine",
        {"role_arn": "arn:aws:iam::${var.account}:role/deploy", "definition": "{}"},
        USUAL,
        '`role_arn` is `"arn:aws:iam::${var.account}:role/deploy"`.',
    ),
    "host-named-as-a-role": (
        "aws_sns_topic_subscription",
        {"topic_arn": "t", "protocol": "https", "endpoint": "https://deploy"},
        PLACE,
        '`endpoint` is `"https://deploy"`.',
    ),
    "unresolved-list": (
        "aws_db_snapshot",
        {"shared_accounts": "${var.accounts}"},
        USUAL,
        '`shared_accounts` is `"${var.accounts}"`.',
    ),
    "many": (
        "aws_db_snapshot",
        {"shared_accounts": [f"{number:012}" for number in range(1, 7)]},
        USUAL,
        ", ".join(f'`shared_accounts` is `"{number:012}"`' for number in range(1, 5))
        + " and 2 more.",
    ),
    "kms-is-compared-but-not-replicas": (
        "aws_kms_replica_key",
        {"policy": OPEN},
        USUAL,
        "`policy` is set.",
    ),
}


@pytest.mark.parametrize(("kind", "body", "what", "given"), GIVES.values(), ids=GIVES)
def test_it_is_named_with_its_arguments(
    kind: str, body: Json, what: str, given: str, tmp_path: Path
) -> None:
    """A new resource that may give access is one notice, with the arguments and their values."""
    found = reviewed(tmp_path, stack(ROLE), stack({**ROLE, kind: {"X": body}}))

    (notice,) = found.notices

    assert (notice.kind, notice.address) == ("access", f"{kind}.X")
    assert (notice.what, notice.given) == (what, given)


OWN = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/web"
GIVES_NOTHING: dict[str, Json] = {
    "public-access-block": {"aws_s3_bucket_public_access_block": dict.fromkeys(SHUT, True)},
    "private-bucket": {"aws_s3_bucket": {"bucket": "b", "acl": "private"}},
    "password-policy": {
        "aws_iam_account_password_policy": {
            "minimum_password_length": 20,
            "allow_users_to_change_password": True,
        }
    },
    "ownership": {
        "aws_s3_bucket_ownership_controls": {"rule": [{"object_ownership": "BucketOwnerEnforced"}]}
    },
    "versioning": {
        "aws_s3_bucket_versioning": {"versioning_configuration": [{"status": "Enabled"}]}
    },
    "private-database": {"aws_db_instance": {"publicly_accessible": False}},
    "password-of-a-reference": {"aws_db_instance": {"password": "${random_password.p.result}"}},
    "default-of-a-variable": {"aws_db_instance": {"publicly_accessible": "${var.off}"}},
    "role-by-reference": {"aws_sfn_state_machine": {"role_arn": "${aws_iam_role.R.arn}"}},
    "role-by-arn": {"aws_lambda_function": {"role": f"arn:aws:iam::{ACCOUNT}:role/deploy"}},
    "role-of-this-account": {
        "aws_sfn_state_machine": {
            "role_arn": "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/deploy"
        }
    },
    "role-by-name": {"aws_iam_instance_profile": {"role": "deploy"}},
    "role-of-aws": {
        "aws_appautoscaling_target": {
            "role_arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSx"
        }
    },
    "own-image": {"aws_ecs_task_definition": {"container_definitions": images(f"{OWN}:1")}},
    "image-of-a-repository": {
        "aws_ecs_task_definition": {
            "container_definitions": images("${aws_ecr_repository.E.repository_url}:1")
        },
        "aws_ecr_repository": {"name": "web"},
    },
    "own-queue": {
        "aws_sns_topic_subscription": {"endpoint": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:q"}
    },
    "own-bucket": {
        "aws_lambda_layer_version": {"s3_bucket": "code"},
        "aws_s3_bucket": {"bucket": "code"},
    },
    "own-account": {"aws_ram_resource_share": {"name": "x", "allow_external_principals": False}},
    "own-replication": {
        "aws_ecr_replication_configuration": {
            "replication_configuration": [
                {"rule": [{"destination": [{"region": "us-east-1", "registry_id": ACCOUNT}]}]}
            ]
        }
    },
    "own-source": {
        "aws_lambda_permission": {
            "principal": "events.amazonaws.com",
            "source_arn": f"arn:aws:events:eu-central-1:{ACCOUNT}:rule/r",
        }
    },
    "egress": {"aws_security_group": {"egress": [{"cidr_blocks": ["0.0.0.0/0"]}]}},
    "egress-rule": {"aws_security_group_rule": {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]}},
    "own-network": {"aws_security_group_rule": {"type": "ingress", "cidr_blocks": ["10.0.0.0/8"]}},
    "deny-alone": {
        "aws_efs_file_system_policy": {
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*"}],
                }
            )
        }
    },
    "endpoint-policy": {"aws_vpc_endpoint": {"service_name": "s", "policy": OPEN}},
    "image-of-codebuild": {
        "aws_codebuild_project": {"environment": [{"image": "aws/codebuild/standard:7.0"}]}
    },
    "plain-parameter": {"aws_ssm_parameter": {"type": "String", "value": "x"}},
    "nothing-to-mark": {"aws_vpc": {"cidr_block": "10.0.0.0/16"}},
    "lifecycle": {"aws_ecr_lifecycle_policy": {"repository": "web", "policy": "{}"}},
}


@pytest.mark.parametrize("given", GIVES_NOTHING.values(), ids=GIVES_NOTHING)
def test_what_is_private_or_holds_back_is_not_told(given: Json, tmp_path: Path) -> None:
    """What gives nobody access, or only what is compared, is nothing to read."""
    resources = {**ROLE, **{kind: {"E": body} for kind, body in given.items()}}
    variables = {"off": {"default": False}}

    found = reviewed(
        tmp_path, stack(ROLE, variable=variables), stack(resources, variable=variables)
    )

    assert [one for one in found.notices if one.kind == "access"] == []


CHANGES: dict[str, tuple[str, Json, Json, str]] = {
    "one-more": (
        "aws_db_snapshot",
        {"shared_accounts": ["1"]},
        {"shared_accounts": ["1", "2"]},
        '`shared_accounts` is `"2"`.',
    ),
    "one-less": (
        "aws_db_snapshot",
        {"shared_accounts": ["1", "2"]},
        {"shared_accounts": ["1"]},
        "",
    ),
    "tags": ("aws_db_snapshot", {"shared_accounts": ["1"]}, {"shared_accounts": ["1"], "x": 1}, ""),
    "opened": (
        "aws_db_instance",
        {"publicly_accessible": False},
        {"publicly_accessible": True},
        "`publicly_accessible` is `true`.",
    ),
    "closed": (
        "aws_db_instance",
        {"publicly_accessible": True},
        {"publicly_accessible": False},
        "",
    ),
    "barrier": (
        "aws_vpc_endpoint",
        {"policy": policy("s3:GetObject")},
        {"policy": OPEN},
        "`policy` is `(policy)`.",
    ),
    "barrier-gone": ("aws_vpc_endpoint", {"policy": OPEN}, {}, "`policy` is gone."),
    "shut-no-more": (
        "aws_s3_bucket_public_access_block",
        dict.fromkeys(SHUT, True),
        dict.fromkeys(SHUT[1:], True),
        "`block_public_acls` is not set.",
    ),
    "tag-of-an-image": (
        "aws_lambda_function",
        {"image_uri": f"{OTHER}.dkr.ecr.eu-central-1.amazonaws.com/web:1"},
        {"image_uri": f"{OTHER}.dkr.ecr.eu-central-1.amazonaws.com/web:2"},
        "",
    ),
    "another-image": (
        "aws_ecs_task_definition",
        {"container_definitions": images(f"{OWN}:1", "evil/x")},
        {"container_definitions": images(f"{OWN}:2", "evil/x", "evil/y")},
        '`container_definitions` is `"evil/y"`.',
    ),
    "definition-of-a-local": (
        "aws_backup_vault_policy",
        {"policy": '${file("${local.path}")}'},
        {"policy": '${file("${local.path}")}'},
        "`policy` is set.",
    ),
    "reordered-policy": (
        "aws_efs_file_system_policy",
        {"policy": '{"Version": "2012-10-17", "Statement": []}'},
        {"policy": '{"Statement": [], "Version": "2012-10-17"}'},
        "",
    ),
}


@pytest.mark.parametrize(("kind", "base", "head", "given"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_by_what_it_adds(
    kind: str, base: Json, head: Json, given: str, tmp_path: Path
) -> None:
    """Of a resource that changes, only what a marked argument gives anew is told."""
    found = reviewed(
        tmp_path,
        stack({kind: {"X": base}}, locals={"path": "a"}),
        stack({kind: {"X": head}}, locals={"path": "b"}),
    )

    assert [one.given for one in found.notices if one.kind == "access"] == [given] * bool(given)


def test_a_whole_resource_is_told_once_it_changes(tmp_path: Path) -> None:
    """A resource that gives access as a whole is told when more than its tags change."""
    base, tagged, other = (
        stack({"aws_ram_resource_share_accepter": {"X": {"share_arn": "a", **more}}})
        for more in ({}, {"tags": {"a": "b"}}, {"share_arn": "b"})
    )

    assert reviewed(tmp_path, base, tagged).notices == ()
    assert [one.what for one in reviewed(tmp_path, base, other).notices] == [USUAL]


def test_a_resource_that_goes_gives_nothing(tmp_path: Path) -> None:
    """Access that a resource gave goes with it."""
    base = stack({"aws_db_snapshot": {"X": {"shared_accounts": ["all"]}}})

    assert [one for one in reviewed(tmp_path, base, stack()).notices if one.kind == "access"] == []


def test_what_a_reference_only_begins_is_not_the_role(tmp_path: Path) -> None:
    """An ARN that goes on after the reference to a role names another role."""
    base = {"provider": {"aws": [{"region": "eu-central-1"}]}, "resource": ROLE}
    machines = {
        name: {"role_arn": f"${{aws_iam_role.R.arn}}{more}"}
        for name, more in (("own", ""), ("other", "-admin"))
    }
    head = {**base, "resource": {**ROLE, "aws_sfn_state_machine": machines}}

    found = reviewed(tmp_path, base, head)

    assert [one.address for one in found.notices] == ["aws_sfn_state_machine.other"]


def test_a_bucket_lends_its_name_to_no_host(tmp_path: Path) -> None:
    """A host that is called as a bucket of the stack is not that bucket."""
    bucket = {"aws_s3_bucket": {"B": {"bucket": "evil.example"}}}
    places = {
        "aws_cloudwatch_event_api_destination": {"invocation_endpoint": "https://evil.example"},
        "aws_glue_job": {"command": [{"script_location": "s3://evil.example/x.py"}]},
        "aws_lambda_layer_version": {"s3_bucket": "evil.example"},
    }
    head = stack({**bucket, **{kind: {"X": body} for kind, body in places.items()}})

    found = reviewed(tmp_path, stack(), head)

    assert [one.address for one in found.notices] == ["aws_cloudwatch_event_api_destination.X"]


def test_the_default_of_a_variable_is_no_secret(tmp_path: Path) -> None:
    """A password that stands in the file as a default is told; one that a run sets is not."""
    body = {"aws_db_instance": {"X": {"password": "${var.password}"}}}

    defaults: list[Json] = [{"default": "hunter2"}, {}]
    heads = [stack(body, variable={"password": default}) for default in defaults]
    told = [[one.given for one in reviewed(tmp_path, stack(), head).notices] for head in heads]

    assert told == [["`password` is set."], []]


def test_a_block_behind_a_local_is_not_silent(tmp_path: Path) -> None:
    """What a local passes on and only Terraform knows stands for all that the block may hold."""
    head = stack(
        {"aws_security_group": {"X": {"ingress": "${local.rules}"}}},
        locals={"rules": "${var.rules}"},
    )

    (notice,) = reviewed(tmp_path, stack(), head).notices

    assert notice.given == (
        '`ingress.cidr_blocks` is `"${var.rules}"`, `ingress.ipv6_cidr_blocks` is `"${var.rules}"`.'
    )


def test_each_instance_is_told_by_itself(tmp_path: Path) -> None:
    """Of the instances of one block only those are told that give access."""
    body = {"for_each": {"a": "private", "b": "public-read"}, "acl": "${each.value}"}

    found = reviewed(tmp_path, stack(), stack({"aws_s3_bucket_acl": {"X": body}}))

    assert [one.address for one in found.notices] == ['aws_s3_bucket_acl.X["b"]']


def test_a_review_can_fail_on_it(tmp_path: Path) -> None:
    """A condition holds for what may give access, and for nothing that is private."""
    for name, acl in (("open", "public-read"), ("shut", "private")):
        document = {"resource": {"aws_s3_bucket_acl": {"X": {"bucket": "b", "acl": acl}}}}
        (tmp_path / f"{name}.tf.json").write_text(json.dumps(document), "utf-8")

    codes = [
        CliRunner()
        .invoke(main, ["review", "none", f"{tmp_path}/{name}.tf.json", "--fail-on", "notices"])
        .exit_code
        for name in ("open", "shut")
    ]

    assert codes == [10, 0]


def plan_of(resources: list[Json]) -> Json:
    """Write a plan of resources: address, values, what is unknown, expressions and change."""
    modules: dict[str, list[Json]] = {"": []}
    for one in resources:
        path, _, name = one["address"].rpartition("module.m.")
        one |= {"mode": "managed", "type": name.split(".")[0], "name": name.split(".")[1]}
        modules.setdefault(f"{path}module.m" if path or name != one["address"] else "", []).append(
            {**one, "values": one["after"]}
        )
    children = [{"address": key, "resources": made} for key, made in modules.items() if key]
    configured = {
        key: {"resources": [{**one, "address": f"{one['type']}.{one['name']}"} for one in made]}
        for key, made in modules.items()
    }
    calls = {
        key.removeprefix("module."): {"module": configured.pop(key)} for key in [*configured][1:]
    }
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": modules[""], "child_modules": children}},
        "resource_changes": [
            {
                **one,
                "change": {
                    "actions": one.get("actions", ["create"]),
                    "before": one.get("before"),
                    "after": one["after"],
                    "after_unknown": one.get("unknown", {}),
                },
            }
            for one in resources
        ],
        "configuration": {"root_module": {**configured[""], "module_calls": calls}},
    }


def told_of_plan(tmp_path: Path, resources: list[Json]) -> list[tuple[str, str]]:
    """Review a plan alone."""
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(resources)), "utf-8")
    found = review(plans=[tmp_path / "plan.json"]).notices
    return [(one.address, one.given) for one in found if one.kind == "access"]


def test_a_plan_alone(tmp_path: Path) -> None:
    """In a plan, an ARN that only an apply makes is the block's; what nothing sets is not there."""
    arn = {"references": ["aws_sqs_queue.q.arn", "aws_sqs_queue.q"]}
    resources: list[Json] = [
        {"address": "aws_sqs_queue.q", "after": {}, "unknown": {"policy": True, "arn": True}},
        {
            "address": "aws_cloudwatch_event_target.t",
            "after": {},
            "unknown": {"arn": True},
            "expressions": {"arn": arn},
        },
        {
            "address": "aws_sns_topic_subscription.s",
            "after": {},
            "unknown": {"endpoint": True},
            "expressions": {"endpoint": arn},
        },
        {"address": "aws_db_snapshot.d", "after": {"shared_accounts": ["all"]}},
    ]

    assert told_of_plan(tmp_path, resources) == [
        ("aws_db_snapshot.d", '`shared_accounts` is `"all"`.'),
        (
            "aws_sns_topic_subscription.s",
            '`endpoint` is `"${aws_sqs_queue.q.arn, aws_sqs_queue.q, known after apply}"`.',
        ),
    ]


def test_what_the_modules_of_a_plan_make(tmp_path: Path) -> None:
    """A plan has the resources of its modules, whose arguments are told as well."""
    own = {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}
    resources: list[Json] = [
        {"address": "module.m.aws_s3_bucket_acl.b", "after": {"acl": "public-read"}},
        {"address": "module.m.aws_s3_bucket_acl.c", "after": {"acl": "private"}},
        {"address": "module.m.aws_iam_role.r", "after": {"name": "r"}, "unknown": {"arn": True}},
        {
            "address": "module.m.aws_sfn_state_machine.s",
            "after": {},
            "unknown": {"role_arn": True},
            "expressions": {"role_arn": own},
        },
    ]

    assert told_of_plan(tmp_path, resources) == [
        ("module.m.aws_s3_bucket_acl.b", '`acl` is `"public-read"`.')
    ]


def test_what_a_module_of_a_plan_changes(tmp_path: Path) -> None:
    """Where the base does not show a resource, what the plan says to change is told, no more."""
    before: Json = {"acl": "public-read", "tags": {}}
    resources: list[Json] = [
        {
            "address": f"module.m.aws_s3_bucket_acl.{name}",
            "actions": ["update"],
            "before": {**before, **old},
            "after": before,
        }
        for name, old in (("tagged", {"tags": {"a": "b"}}), ("opened", {"acl": "private"}))
    ]

    assert told_of_plan(tmp_path, resources) == [
        ("module.m.aws_s3_bucket_acl.opened", '`acl` is `"public-read"`.')
    ]
