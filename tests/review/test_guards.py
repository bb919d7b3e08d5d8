"""What keeps data less than before is a notice, with the defaults of the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import noticed, reviewed
from click.testing import CliRunner
from review_sides import stack, write_side

from deploy_access.cli import main
from deploy_access.report.review_verdict import verdict

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

BUCKET = "${aws_s3_bucket.B.id}"
RULE = {"id": "x", "status": "Enabled", "expiration": {"days": 1}}
PITR = "point_in_time_recovery"


def one(kind: str, **body: Any) -> Json:
    """Write one resource."""
    return stack({kind: {"I": body}})


def by_variable(kind: str, argument: str, default: object) -> Json:
    """Write one resource with an argument from a variable; None is a variable without default."""
    variable = {} if default is None else {"default": default}
    return {**one(kind, **{argument: "${var.x}"}), "variable": {"x": variable}}


def bucket(**parts: Json) -> Json:
    """Write a bucket with settings that are resources of their own."""
    settings = {f"aws_s3_bucket_{kind}": {"I": body} for kind, body in parts.items()}
    return stack({"aws_s3_bucket": {"B": {"bucket": "b"}}, **settings})


def versioning(status: str, address: str = "I") -> Json:
    """Write a bucket with versioning."""
    body = {"bucket": BUCKET, "versioning_configuration": {"status": status}}
    resources = bucket()["resource"]
    return stack({**resources, "aws_s3_bucket_versioning": {address: body}})


def expiring(bucket_name: str = BUCKET) -> Json:
    """Write a bucket with a lifecycle."""
    return bucket(lifecycle_configuration={"bucket": bucket_name, "rule": [RULE]})


def images(*, is_repository_there: bool, repository: str = "${aws_ecr_repository.R.name}") -> Json:
    """Write a lifecycle policy, with its repository or without."""
    owner = {"aws_ecr_repository": {"R": {"name": "web"}}} if is_repository_there else {}
    policy = {"repository": repository, "policy": '{"rules":[{"a":1}]}'}
    return stack({**owner, "aws_ecr_lifecycle_policy": {"I": policy}})


def recovering(**block: object) -> Json:
    """Write a table with point-in-time recovery."""
    return one("aws_dynamodb_table", name="t", **{PITR: block})


def dynamic(enabled: object) -> Json:
    """Write a table with a block that is made of a list."""
    block = {"for_each": [enabled], "content": {"enabled": "${point_in_time_recovery.value}"}}
    return one("aws_dynamodb_table", name="t", dynamic={PITR: block})


LOCK = {"I": {"backup_vault_name": "v", "max_retention_days": 7}}
OLDER = "what is older is deleted."
SOONER = "there is less time to restore what is destroyed."
SUSPENDED = (
    "The versioning of the bucket is not `Enabled`: what is overwritten or deleted is not kept."
)
MAY = "changed and may keep less: what it comes to is not known here."
RULES = "It deletes data by their age or number, and has other rules now."
WEAKER = {
    "prevent-destroy": (
        one("aws_ecr_repository", name="web", lifecycle={"prevent_destroy": True}),
        one("aws_ecr_repository", name="web"),
        "`prevent_destroy` is gone, so Terraform may destroy it.",
    ),
    "time-to-live": (
        one("aws_dynamodb_table", name="t"),
        one("aws_dynamodb_table", name="t", ttl={"attribute_name": "x", "enabled": True}),
        RULES,
    ),
    "fewer-images": (
        one("aws_ecr_lifecycle_policy", repository="web", policy='{"rules":[{"a":1000}]}'),
        one("aws_ecr_lifecycle_policy", repository="web", policy='{"rules":[{"a":1}]}'),
        RULES,
    ),
    "final-snapshot": (
        one("aws_db_instance", identifier="d"),
        one("aws_db_instance", identifier="d", skip_final_snapshot=True),
        "`skip_final_snapshot` is set: no copy is kept of what is destroyed.",
    ),
    "shorter-than-the-default": (
        one("aws_sqs_queue", name="q"),
        one("aws_sqs_queue", name="q", message_retention_seconds=60),
        f"`message_retention_seconds` is 60 now and was 345600 (the default): {OLDER}",
    ),
    "back-to-a-lower-default": (
        one("aws_sqs_queue", name="q", message_retention_seconds=1_209_600),
        one("aws_sqs_queue", name="q"),
        f"`message_retention_seconds` is 345600 (the default) now and was 1209600: {OLDER}",
    ),
    "no-snapshots": (
        one("aws_redshift_cluster", cluster_identifier="c"),
        one("aws_redshift_cluster", cluster_identifier="c", automated_snapshot_retention_period=0),
        f"`automated_snapshot_retention_period` is 0 now and was 1 (the default): {OLDER}",
    ),
    "no-backups": (
        one("aws_db_instance", identifier="d", backup_retention_period=7),
        one("aws_db_instance", identifier="d", backup_retention_period="0"),
        f"`backup_retention_period` is 0 now and was 7: {OLDER}",
    ),
    "less-backups-than-aws-chose": (
        one("aws_rds_cluster", cluster_identifier="c"),
        one("aws_rds_cluster", cluster_identifier="c", backup_retention_period=0),
        f"`backup_retention_period` is 0 now and was 1 (the default): {OLDER}",
    ),
    "no-longer-for-ever": (
        one("aws_cloudwatch_log_group", name="l"),
        one("aws_cloudwatch_log_group", name="l", retention_in_days=30),
        f"`retention_in_days` is 30 now and was 0 (the default, for ever): {OLDER}",
    ),
    "no-longer-for-ever-in-words": (
        one("aws_redshift_cluster", cluster_identifier="c", manual_snapshot_retention_period=-1),
        one("aws_redshift_cluster", cluster_identifier="c", manual_snapshot_retention_period=9),
        f"`manual_snapshot_retention_period` is 9 now and was -1 (for ever): {OLDER}",
    ),
    "no-time-to-restore": (
        one("aws_secretsmanager_secret", name="s"),
        one("aws_secretsmanager_secret", name="s", recovery_window_in_days=0),
        f"`recovery_window_in_days` is 0 now and was 30 (the default): {SOONER}",
    ),
    "deletion-protection": (
        one("aws_db_instance", deletion_protection=True),
        one("aws_db_instance"),
        "`deletion_protection` is not set, so nothing holds it back.",
    ),
    "protected-by-default": (
        one("aws_neptunegraph_graph"),
        one("aws_neptunegraph_graph", deletion_protection=False),
        "`deletion_protection` is not set, so nothing holds it back.",
    ),
    "no-last-copy-by-default": (
        one("aws_fsx_lustre_file_system", skip_final_backup=False),
        one("aws_fsx_lustre_file_system"),
        "`skip_final_backup` is set: no copy is kept of what is destroyed.",
    ),
    "no-last-copy-without-a-name": (
        one("aws_elasticache_cluster", final_snapshot_identifier="last"),
        one("aws_elasticache_cluster"),
        "`final_snapshot_identifier` is not set: no copy is kept of what is destroyed.",
    ),
    "no-recovery": (
        recovering(enabled=True),
        recovering(enabled=False),
        "`point_in_time_recovery` is off: earlier states of the table cannot be restored.",
    ),
    "forced-by-a-variable": (
        by_variable("aws_ecr_repository", "force_delete", default=False),
        by_variable("aws_ecr_repository", "force_delete", default=True),
        "`force_delete` is set, so it goes with its images.",
    ),
    "tags-that-can-be-moved": (
        one("aws_ecr_repository", name="web", image_tag_mutability="IMMUTABLE"),
        one("aws_ecr_repository", name="web"),
        "`image_tag_mutability` is not `IMMUTABLE`: an image can be put in the place of another.",
    ),
    "balancer": (
        by_variable("aws_lb", "enable_deletion_protection", default=True),
        by_variable("aws_lb", "enable_deletion_protection", default=False),
        "`enable_deletion_protection` is not set, so nothing holds it back.",
    ),
    "trail": (
        one("aws_cloudtrail", name="t"),
        one("aws_cloudtrail", name="t", enable_logging=False),
        "`enable_logging` is off: what is done in the account is not recorded.",
    ),
    "unknown-now": (
        one("aws_sqs_queue", message_retention_seconds=60),
        by_variable("aws_sqs_queue", "message_retention_seconds", None),
        f"`message_retention_seconds` {MAY}",
    ),
    "unknown-before": (
        by_variable("aws_sqs_queue", "message_retention_seconds", None),
        one("aws_sqs_queue", message_retention_seconds=60),
        f"`message_retention_seconds` {MAY}",
    ),
    "unknown-block": (
        dynamic(enabled=True),
        dynamic(enabled=False),
        f"`point_in_time_recovery` {MAY}",
    ),
    "moved": (
        one("aws_sqs_queue", name="q"),
        stack(
            {"aws_sqs_queue": {"New": {"name": "q", "message_retention_seconds": 60}}},
            moved={"from": "aws_sqs_queue.I", "to": "aws_sqs_queue.New"},
        ),
        f"`message_retention_seconds` is 60 now and was 345600 (the default): {OLDER}",
    ),
    "suspended": (versioning("Enabled"), versioning("Suspended"), SUSPENDED),
    "setting-gone": (versioning("Enabled"), bucket(), SUSPENDED),
    "lock-of-a-vault": (
        stack(
            {"aws_backup_vault": {"V": {"name": "v"}}, "aws_backup_vault_lock_configuration": LOCK}
        ),
        stack({"aws_backup_vault": {"V": {"name": "v"}}}),
        "The vault has no lock.",
    ),
    "new-lifecycle": (bucket(), expiring(), RULES),
    "new-lifecycle-of-a-name": (bucket(), expiring("another"), RULES),
    "new-lifecycle-of-images": (
        stack({"aws_ecr_repository": {"R": {"name": "web"}}}),
        images(is_repository_there=True),
        RULES,
    ),
    "new-lifecycle-of-images-elsewhere": (
        stack(),
        images(is_repository_there=False, repository="web"),
        RULES,
    ),
}


@pytest.mark.parametrize(("base", "head", "what"), WEAKER.values(), ids=WEAKER)
def test_a_guard_that_keeps_less(base: Json, head: Json, what: str, tmp_path: Path) -> None:
    """A guard that keeps less is said once, with what is lost, and counted in the sentence."""
    found = reviewed(tmp_path, base, head)

    assert [one.what for one in found.notices if one.kind == "guard"] == [what]
    assert "keeps data less safe" in verdict(found)


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param(head, base, id=name)
        for name, (base, head, what) in WEAKER.items()
        if "not known" not in what and name not in {"fewer-images", "time-to-live"}
    ],
)
def test_a_guard_that_keeps_more(base: Json, head: Json, tmp_path: Path) -> None:
    """The reverse is no notice, except of rules, which may be stricter on either side."""
    assert noticed(reviewed(tmp_path, base, head), "guard") == []


AS_MUCH = {
    "a-new-resource": (stack(), one("aws_sqs_queue", name="q", message_retention_seconds=60)),
    "a-resource-that-goes": (one("aws_sqs_queue", message_retention_seconds=1_209_600), stack()),
    "the-default-in-full": (
        one("aws_sqs_queue", name="q"),
        one("aws_sqs_queue", name="q", message_retention_seconds=345_600),
    ),
    "back-to-a-higher-default": (
        one("aws_sqs_queue", message_retention_seconds=60),
        one("aws_sqs_queue"),
    ),
    "for-ever": (
        one("aws_cloudwatch_log_group", retention_in_days=30),
        one("aws_cloudwatch_log_group", retention_in_days=0),
    ),
    "for-ever-again": (
        one("aws_cloudwatch_log_group", retention_in_days=30),
        one("aws_cloudwatch_log_group"),
    ),
    "kept-by-aws": (
        one("aws_rds_cluster", cluster_identifier="c", backup_retention_period=7),
        one("aws_rds_cluster", cluster_identifier="c"),
    ),
    "kept-by-the-provider": (recovering(enabled=True), one("aws_dynamodb_table", name="t")),
    "one-unknown-value": (
        {**by_variable("aws_sqs_queue", "message_retention_seconds", None), "//": "a"},
        {**by_variable("aws_sqs_queue", "message_retention_seconds", None), "//": "b"},
    ),
    "unknown-before-and-safe-now": (
        by_variable("aws_ecr_repository", "force_delete", None),
        one("aws_ecr_repository", force_delete=False),
    ),
    "open-before-and-unknown-now": (
        one("aws_ecr_repository", force_delete=True),
        by_variable("aws_ecr_repository", "force_delete", None),
    ),
    "setting-gone-with-its-bucket": (versioning("Enabled"), stack()),
    "setting-that-is-left": (
        versioning("Enabled"),
        {
            **bucket(),
            "removed": {"from": "aws_s3_bucket_versioning.I", "lifecycle": {"destroy": False}},
        },
    ),
    "setting-of-another-address": (versioning("Enabled"), versioning("Enabled", "Other")),
    "new-lifecycle-of-a-new-bucket": (stack(), expiring()),
    "new-lifecycle-of-a-new-name": (stack(), expiring("b")),
    "lifecycle-that-goes": (expiring(), bucket()),
    "images-of-a-new-repository": (stack(), images(is_repository_there=True)),
}


@pytest.mark.parametrize(("base", "head"), AS_MUCH.values(), ids=AS_MUCH)
def test_a_guard_that_keeps_as_much(base: Json, head: Json, tmp_path: Path) -> None:
    """What keeps as much as before, or keeps nothing yet, is no notice."""
    assert noticed(reviewed(tmp_path, base, head), "guard") == []


def test_the_command_fails_on_a_guard_that_keeps_less(tmp_path: Path) -> None:
    """A queue that keeps messages for 60 s in place of four days fails `--fail-on notices`."""
    base, head, _ = WEAKER["shorter-than-the-default"]
    places = [
        str(write_side(tmp_path / name, {"web-prod": side}))
        for name, side in (("base", base), ("head", head))
    ]

    result = CliRunner().invoke(main, ["review", *places, "--fail-on", "notices"])

    assert result.exit_code == 10
    assert "`message_retention_seconds` is 60 now and was 345600 (the default)" in result.stdout


def test_every_guard_of_a_change(tmp_path: Path) -> None:
    """Several guards that go at once are one notice each."""
    base, head = (
        stack(
            {
                "aws_ecr_repository": {
                    "web": {
                        "name": "web",
                        "force_delete": is_open,
                        "image_tag_mutability": "MUTABLE" if is_open else "IMMUTABLE",
                    }
                },
                "aws_dynamodb_table": {
                    "d": {"name": "d", "deletion_protection_enabled": not is_open}
                },
                "aws_db_instance": {
                    "db": {
                        "identifier": "db",
                        "deletion_protection": not is_open,
                        "skip_final_snapshot": is_open,
                        "backup_retention_period": 1 if is_open else 30,
                    }
                },
                "aws_cloudwatch_log_group": {
                    "l": {"name": "l", "retention_in_days": 1 if is_open else 365}
                },
            }
        )
        for is_open in (False, True)
    )

    assert noticed(reviewed(tmp_path, base, head), "guard") == [
        "aws_cloudwatch_log_group.l",
        "aws_db_instance.db",
        "aws_db_instance.db",
        "aws_db_instance.db",
        "aws_dynamodb_table.d",
        "aws_ecr_repository.web",
        "aws_ecr_repository.web",
    ]
