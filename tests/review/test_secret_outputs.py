"""A secret that an output shows from now on is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import reviewed
from review_sides import stack

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

WHAT = "It shows a secret to everybody who may read the state, or the outputs."
BLOCKS: Json = {
    "locals": {"copied": "${random_password.p.result}", "again": ["${local.copied}"]},
    "variable": {"hidden": {"sensitive": True}, "plain": {"default": "x"}},
}
SHOWN = {
    "attribute": ("${aws_iam_access_key.k.secret}", "aws_iam_access_key.k.secret"),
    "instance": ("${aws_iam_access_key.k[0].secret}", "aws_iam_access_key.k[0].secret"),
    "splat": ("${aws_iam_access_key.k[*].secret}", "aws_iam_access_key.k[*].secret"),
    "values": ("${values(aws_iam_access_key.k)[*].secret}", "aws_iam_access_key.k"),
    "whole": ("${jsonencode(aws_db_instance.d)}", "aws_db_instance.d"),
    "within": (
        "${aws_cloudwatch_event_connection.c.auth_parameters}",
        "aws_cloudwatch_event_connection.c.auth_parameters",
    ),
    "declared-harmless": ("x${nonsensitive(local.copied)}", "random_password.p.result"),
    "local-of-a-local": ({"a": "${local.again}"}, "random_password.p.result"),
    "data": (
        "${data.aws_secretsmanager_secret_version.s.secret_string}",
        "data.aws_secretsmanager_secret_version.s.secret_string",
    ),
    "private-key": ("${tls_private_key.k.private_key_pem}", "tls_private_key.k.private_key_pem"),
    "variable": ("${var.hidden}", "var.hidden"),
}


def with_output(value: object, **more: Any) -> Json:
    """Write a stack with an output."""
    return stack(**BLOCKS, output={"o": {"value": value, **more}})


@pytest.mark.parametrize(("value", "name"), SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("sensitive", [False, True])
def test_a_new_output_of_a_secret(
    value: object, name: str, sensitive: bool, tmp_path: Path
) -> None:
    """A secret is named in whatever form it is shown; also a sensitive output is in the state."""
    found = reviewed(tmp_path, stack(**BLOCKS), with_output(value, sensitive=sensitive))

    (notice,) = found.notices

    assert (notice.kind, notice.address, notice.what) == ("access", "output.o", WHAT)
    assert notice.given == f"It is `{name}`."


@pytest.mark.parametrize(
    "value",
    [
        "${aws_iam_access_key.k.id}",
        "${aws_db_instance.d.address}",
        "${random_password.p.length}",
        "${tls_private_key.k.public_key_openssh}",
        "${data.aws_secretsmanager_secret_version.s.arn}",
        "${var.plain}",
        "aws_iam_access_key.k.secret",
        "$${aws_vpc.v.id}",
    ],
)
def test_an_output_of_no_secret(value: str, tmp_path: Path) -> None:
    """An attribute that is no secret, and a text that names one, are no notice."""
    assert reviewed(tmp_path, stack(**BLOCKS), with_output(value)).notices == ()


def test_an_output_that_showed_it_already(tmp_path: Path) -> None:
    """A secret that the base shows in the same output is not told again; another one is."""
    secret = "${aws_iam_access_key.k.secret}"
    more = f"{secret} ${{random_password.p.result}}"

    assert reviewed(tmp_path, with_output(secret), with_output(f"x {secret}")).notices == ()
    (notice,) = reviewed(tmp_path, with_output(secret), with_output(more)).notices
    assert notice.given == "It is `random_password.p.result`."


def test_the_outputs_of_a_plan(tmp_path: Path) -> None:
    """A plan names the outputs that it changes, and what they refer to."""
    outputs = {
        name: {"expression": {"references": [f"{block}.result", block]}}
        for name in ("new", "old")
        for block in (f"random_password.{name}",)
    }
    changes = {"new": {"actions": ["create"]}, "old": {"actions": ["no-op"]}}
    document: Json = {
        "format_version": "1.2",
        "planned_values": {"root_module": {}},
        "output_changes": changes,
        "configuration": {"root_module": {"outputs": outputs}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(document), "utf-8")

    found = review(plans=[tmp_path / "plan.json"])

    assert [(one.address, one.given) for one in found.notices] == [
        ("output.new", "It is `random_password.new.result`.")
    ]
