"""ARNs taken apart, with what Terraform fills in later left whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.iam.arns import Arn, account_named, account_of, is_cut_off, service_of
from deploy_access.iam.documents import read_policy

ROLE = "arn:aws:iam::111122223333:role/ci/web-prod-deploy"
SERVICE = "arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/web"
FAMILY = "arn:aws:ecs:eu-central-1:111122223333:task-definition/web:7"
IN_QUOTES = (
    'arn:${data.aws_partition.p["a:b/}"].name}:ecs:${var.r}:${var.a ? "x:y" : "z"}:'
    'service/${a.b["/:"].c}/web'
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        pytest.param(
            ROLE, ("aws", "iam", "", "111122223333", "role/ci/web-prod-deploy"), id="role"
        ),
        pytest.param(
            "arn:aws:s3:::assets/a:b/c", ("aws", "s3", "", "", "assets/a:b/c"), id="object"
        ),
        pytest.param(
            "arn:*:iam::${aws:PrincipalAccount}:role/*",
            ("*", "iam", "", "${aws:PrincipalAccount}", "role/*"),
            id="variable and wildcards",
        ),
        pytest.param(
            IN_QUOTES,
            (
                '${data.aws_partition.p["a:b/}"].name}',
                "ecs",
                "${var.r}",
                '${var.a ? "x:y" : "z"}',
                'service/${a.b["/:"].c}/web',
            ),
            id="references",
        ),
        pytest.param(
            "arn:aws:sqs:eu-central-1:1:a\nb", ("aws", "sqs", "eu-central-1", "1", "a\nb"), id="\\n"
        ),
    ],
)
def test_fields(text: str, fields: tuple[str, ...]) -> None:
    """An ARN has five fields after `arn`; the `:` of a reference separates none."""
    arn = Arn.parse(text)

    assert arn is not None
    assert (arn.partition, arn.service, arn.region, arn.account, arn.resource) == fields
    assert str(arn) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "arn:",
        "arn:aws:s3:*",
        "arn:aws:iam::111122223333:",
        "ARN:aws:s3:::a",
        "${a:b:c:d:e}",
    ],
)
def test_no_arn(text: str) -> None:
    """A text of fewer fields, of no resource, or of another prefix is no ARN."""
    assert Arn.parse(text) is None


@pytest.mark.parametrize(
    ("text", "resource_type", "resource_id", "name"),
    [
        pytest.param(ROLE, "role", "ci/web-prod-deploy", "web-prod-deploy", id="role with a path"),
        pytest.param(SERVICE, "service", "prod/web", "web", id="service"),
        pytest.param(FAMILY, "task-definition", "web:7", "web:7", id="revision"),
        pytest.param(
            "arn:aws:codedeploy:eu-central-1:1:deploymentgroup:app/group",
            "deploymentgroup",
            "app/group",
            "group",
            id="colon first",
        ),
        pytest.param("arn:aws:iam::1:root", "", "root", "root", id="no type"),
        pytest.param("arn:aws:sqs:eu-central-1:1:jobs", "", "jobs", "jobs", id="queue"),
        pytest.param(IN_QUOTES, "service", '${a.b["/:"].c}/web', "web", id="reference"),
        pytest.param(
            "arn:aws:iam::1:role/${a.b}", "role", "${a.b}", "${a.b}", id="name is a reference"
        ),
    ],
)
def test_resource(text: str, resource_type: str, resource_id: str, name: str) -> None:
    """The type ends at the first `/` or `:`, the name begins after the last `/`."""
    arn = Arn.parse(text)

    assert arn is not None
    assert (arn.resource_type, arn.resource_id, arn.name) == (resource_type, resource_id, name)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        (ROLE, "111122223333"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", None),
        ("arn:aws:s3:::assets", None),
        ("arn:aws:iam::*:role/a", None),
        ("arn:aws:iam::${var.account}:role/a", None),
        ("arn:aws:iam::1111222233333:role/a", None),
        (
            "arn:aws:iam::\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662:root",
            None,
        ),
    ],
)
def test_account(text: str, account: str | None) -> None:
    """An account is known when it is twelve digits of ASCII."""
    assert account_of(text) == account


@pytest.mark.parametrize(
    ("text", "is_role"),
    [
        (ROLE, True),
        (ROLE.replace("role/", "role:"), False),
        (ROLE.replace("role/", "roles/"), False),
        (ROLE.replace("iam::", "iam:us-east-1:"), False),
        (ROLE.replace("iam", "sts"), False),
        (ROLE.replace("role/ci/web-prod-deploy", "role/"), False),
        ("arn:aws:iam::1:root", False),
    ],
)
def test_iam_resource(text: str, is_role: bool) -> None:
    """An ARN of a role is of IAM, of no region, and has `role/` before its name."""
    arn = Arn.parse(text)

    assert arn is not None
    assert arn.is_iam("role") is is_role


@pytest.mark.parametrize(
    ("text", "is_role", "is_session", "is_policy_of_aws"),
    [
        (ROLE, True, False, False),
        ("arn:aws:iam::*:role/a", False, False, False),
        ("arn:aws:iam::111122223333:role/a/", False, False, False),
        ("arn:aws:sts::111122223333:assumed-role/a/b", False, True, False),
        ("arn:aws:sts::111122223333:assumed-role/a", False, False, False),
        ("arn:aws:sts::111122223333:assumed-role/a/b/c", False, False, False),
        ("arn:aws:sts::*:assumed-role/a/b", False, False, False),
        ("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", False, False, True),
        ("arn:aws:iam::111122223333:policy/ViewOnlyAccess", False, False, False),
        ("arn:aws:iam::aws:policy/${f(local.x)}", False, False, False),
        ("arn:${local.partition}:iam::aws:policy/ReadOnlyAccess", False, False, True),
    ],
)
def test_kinds(text: str, *, is_role: bool, is_session: bool, is_policy_of_aws: bool) -> None:
    """A role and a session are of a known account; a policy of AWS is of none."""
    arn = Arn.parse(text)

    assert arn is not None
    found = arn.is_role, arn.is_session, arn.is_policy_of_aws
    assert found == (is_role, is_session, is_policy_of_aws)


@pytest.mark.parametrize(
    ("principal", "account"),
    [
        ("111122223333", "111122223333"),
        ("arn:aws:iam::111122223333:root", "111122223333"),
        ("arn:${data.p.q.partition}:iam::111122223333:root", "111122223333"),
        ("arn:aws:iam::111122223333:user/root", None),
        ("arn:aws:sts::111122223333:root", None),
        ("1111222233334", None),
        ("*", None),
    ],
)
def test_a_whole_account(principal: str, account: str | None) -> None:
    """An account is named by its id or by its root."""
    assert account_named(principal) == account


@pytest.mark.parametrize(
    ("resource", "service"),
    [
        ("arn:aws:s3:::a/*", "s3"),
        ("arn:aws:s3:*", "s3"),
        ('arn:${a.b["x:y"]}:ecs:*', "ecs"),
        ("arn:*", ""),
        ("arn:", ""),
        ("*", ""),
        ("${aws_s3_bucket.x.arn}/*", ""),
    ],
)
def test_service_of_a_pattern(resource: str, service: str) -> None:
    """A pattern says its service when it has three parts."""
    assert service_of(resource) == service


@given(st.text('arn:/${}"ab*', max_size=40))
def test_any_text(text: str) -> None:
    """Any text is no ARN, or an ARN that is written as it was read."""
    arn = Arn.parse(f"arn:{text}")

    assert arn is None or str(arn) == f"arn:{text}"


@pytest.mark.parametrize(
    "text", ["arn:", "arn::", "arn:aws", "arn:aws:s3", "arn:aws:iam::111122223333", "arn:aws:s3:::"]
)
def test_an_arn_that_is_cut_off(text: str) -> None:
    """A resource that begins as an ARN and lacks a part is one that IAM takes in no policy."""
    assert is_cut_off(text)
    found = read_policy(
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": ["*", text]}]}
    )

    assert [(p.kind, p.given) for p in found.problems if p.kind == "value"] == [("value", text)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "*",
            "web",
            "arn",
            "arn:*",
            "arn:aws:s3:*",
            "arn:aws:s3:::web",
            "${aws_s3_bucket.b.arn}",
        ),
        *("arn:aws:s3:::${aws_s3_bucket.b.id}", "arn:${var.partition}", "execute-api:/*"),
    ],
)
def test_a_resource_that_is_no_arn_that_is_cut_off(text: str) -> None:
    """A pattern, a reference and what does not begin as an ARN lack nothing that is known."""
    assert not is_cut_off(text)
