"""What a Deny of a resource's policy kept back, and whom its end gives more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from review_sides import ACCOUNT, one, write_side
from written_sides import ROLE, ROOT, Json, allow, changes, deny, document, said

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "444455556666"
ALL = f"principals of {ACCOUNT}"
OWN = "(a Deny was lifted, so identity policies decide)"
INSECURE = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
UNKNOWN, TELL = "${data.terraform_remote_state.x.outputs.p}", "nobody can tell what is in"
NAMED = f"all whom {UNKNOWN} names"
BUCKET = one("aws_s3_bucket", "b", bucket="data")


def by(who: object, statement: Json, **more: Any) -> Json:
    """Put a principal into a statement."""
    principal = who if who == "*" else {"AWS": who}
    return {**statement, "Principal": principal, **more}


def but(who: str, statement: Json) -> Json:
    """Deny it to all but one."""
    return {**statement, "NotPrincipal": {"AWS": who}}


def bucket(*statements: Json, name: str = "data") -> Json:
    """Give a bucket of the account a policy."""
    return one("aws_s3_bucket_policy", bucket=name, policy=document(*statements))


def key(*statements: Json) -> Json:
    """Give a key of the account a policy."""
    return one("aws_kms_key_policy", key_id="k", policy=document(*statements))


def insecure(action: str) -> str:
    """Deny everybody what is asked without TLS."""
    return document(by("*", deny(action), **INSECURE))


READ = by("*", allow("s3:GetObject"))
FOREIGN = {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}}
LIFTED: dict[str, tuple[Json, Json, list[str]]] = {
    "bucket-narrowed": (
        bucket(by("*", deny("s3:*"), **FOREIGN)),
        bucket(by("*", deny("s3:PutBucketTagging"), **FOREIGN)),
        [f"+ kept bucket data perhaps {ALL} s3:* * aws:PrincipalOrgID is not o-abc {OWN}"],
    ),
    "bucket-policy-gone": (
        {**BUCKET, **bucket(by("*", deny("s3:*")))},
        BUCKET,
        [f"+ kept bucket data perhaps {ALL} s3:* * {OWN}"],
    ),
    "bucket-made-elsewhere": (
        bucket(by("*", deny("s3:*"))),
        {},
        [f"+ kept bucket data perhaps {ALL} s3:* * {OWN}"],
    ),
    "bucket-gone-too": ({**BUCKET, **bucket(by("*", deny("s3:*")))}, {}, []),
    "bucket-is-new": ({}, {**BUCKET, **bucket(by("*", deny("s3:*")))}, []),
    "policy-in-a-block-of-its-own": (
        one("aws_s3_bucket", "b", bucket="data", policy=document(by("*", deny("s3:*")))),
        {**BUCKET, **bucket(by("*", deny("s3:*")), name="${aws_s3_bucket.b.id}")},
        [],
    ),
    "other-condition": (
        bucket(by("*", deny("s3:*"))),
        bucket(by("*", deny("s3:*"), **INSECURE)),
        [f"+ kept bucket data perhaps {ALL} s3:* * {OWN}"],
    ),
    "one-role": (
        bucket(by(ROLE, deny("s3:*"))),
        bucket(by("*", allow("s3:GetObject"), **INSECURE)),
        [
            "+ kept bucket data * s3:GetObject * aws:SecureTransport is false",
            f"+ kept bucket data perhaps {ROLE} s3:* * {OWN}",
        ],
    ),
    "one-role-of-all": (
        bucket(READ, by(ROLE, deny("s3:*"))),
        bucket(READ),
        [
            f"+ kept bucket data perhaps {ROLE} s3:* * {OWN}",
            f"+ kept bucket data {ROLE} s3:GetObject * (a Deny was lifted)",
        ],
    ),
    "all-but-one": (
        bucket(READ, but(ROLE, deny("s3:*"))),
        bucket(READ),
        [
            f"+ kept bucket data all but {ROLE} s3:GetObject * (a Deny was lifted)",
            f"+ kept bucket data perhaps {ALL} but {ROLE} s3:* * {OWN}",
        ],
    ),
    "one-more-is-spared": (
        bucket(but(ROLE, deny("s3:*"))),
        bucket(but(ROLE, deny("s3:*")), but(ROLE, deny("s3:*"))),
        [],
    ),
    "account": (
        bucket(by(ROOT, deny("s3:*"))),
        bucket(by(ROLE, deny("s3:*"))),
        [f"+ kept bucket data perhaps {ALL} s3:* * {OWN}"],
    ),
    "other-account": (bucket(by(OTHER, deny("s3:*"))), {}, []),
    "service": (
        bucket({**deny("s3:*"), "Principal": {"Service": "ec2.amazonaws.com"}}),
        {},
        [],
    ),
    "denied-by-its-account": (
        bucket(by(ROLE, deny("s3:*"))),
        bucket(by(ROOT, deny("s3:*"))),
        [f"- kept bucket data perhaps {ALL} s3:* * {OWN.replace('lifted', 'added')}"],
    ),
    "queue": (
        one("aws_sqs_queue_policy", queue_url="u", policy=insecure("sqs:*")),
        one("aws_sqs_queue_policy", queue_url="u", policy=insecure("sqs:DeleteQueue")),
        [f"+ kept queue u perhaps {ALL} sqs:* * aws:SecureTransport is false {OWN}"],
    ),
    "topic": (
        one("aws_sns_topic_policy", arn="t", policy=insecure("sns:*")),
        {},
        [f"+ kept topic t perhaps {ALL} sns:* * aws:SecureTransport is false {OWN}"],
    ),
    "secret": (
        one(
            "aws_secretsmanager_secret_policy",
            secret_arn="s",
            policy=insecure("secretsmanager:*"),
        ),
        {},
        [f"+ kept secret s perhaps {ALL} secretsmanager:* * aws:SecureTransport is false {OWN}"],
    ),
    "repository": (
        one("aws_ecr_repository_policy", repository="web", policy=insecure("ecr:*")),
        {},
        [f"+ kept repository web perhaps {ALL} ecr:* * aws:SecureTransport is false {OWN}"],
    ),
    "unknown-policy-gone": (
        one("aws_s3_bucket_policy", bucket="data", policy=UNKNOWN),
        {},
        [
            f"+ kept bucket data perhaps {ALL} all that {UNKNOWN} denies * ({TELL} {UNKNOWN})",
            f"- kept bucket data perhaps {NAMED} all that {UNKNOWN} allows * ({TELL} {UNKNOWN})",
        ],
    ),
    "key-of-its-account": (
        key(by(ROOT, allow("kms:*")), by("*", deny("kms:Decrypt"))),
        key(by(ROOT, allow("kms:*"))),
        [f"+ kept key k {ROOT} kms:* * (a Deny was lifted)"],
    ),
    "key-denied-to-a-role": (
        key(by(ROOT, allow("kms:*")), by(ROLE, deny("kms:Decrypt"))),
        key(by(ROOT, allow("kms:*"))),
        [f"+ kept key k {ROLE} kms:* * (a Deny was lifted)"],
    ),
    "key-of-nobody": (key(by("*", deny("kms:Decrypt"))), key(), []),
}


@pytest.mark.parametrize(("base", "head", "lines"), LIFTED.values(), ids=LIFTED)
def test_the_end_of_a_deny_names_whom_it_no_longer_hits(
    base: Json, head: Json, lines: list[str], tmp_path: Path
) -> None:
    """Within an account one Allow is enough, so a Deny that goes gives its principals more."""
    assert said(tmp_path, base, head) == lines


def test_only_what_is_no_longer_denied_is_said(tmp_path: Path) -> None:
    """A Deny that is narrower than before still keeps back what it names."""
    base, head = bucket(by("*", deny("s3:*"))), bucket(by("*", deny("s3:Put*")))

    (change,) = changes(tmp_path, base, head)

    (grant,) = change.permissions.gained
    named = {action for actions in grant.actions.values() for action in actions}
    assert "s3:GetObject" in named
    assert "s3:PutObject" not in named
    assert not change.permissions.lost


def test_a_resource_of_no_known_account(tmp_path: Path) -> None:
    """Where nothing says whose a bucket is, each principal may be of its account."""
    named = bucket(by(ROLE, deny("s3:*")))
    sides = (
        write_side(tmp_path / name, {"web": {"resource": resource}})
        for name, resource in (("base", named), ("head", {}))
    )

    (change,) = review(*map(str, sides)).access

    assert [grant.principal for grant in change.permissions.gained] == [ROLE]
