"""
Arguments of resources as AWS gets them, without Terraform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import ISSUER, NONPROD, Json, role, stack, write_out

from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_resource import StackResource, UnresolvedError

if TYPE_CHECKING:
    from pathlib import Path


def probe(folder: Path, **arguments: object) -> StackResource:
    """
    Return a resource with these arguments, in a stack with one of all that can be referred to.
    """
    resource: Json = {
        **role("web", path="/ci/"),
        "aws_iam_policy": {"Policy": {"name": "${aws_iam_role.Role.name}-policy"}},
        "aws_ecr_repository": {"Image": {"name": "team/web"}},
        "aws_iam_openid_connect_provider": {"Github": {"url": f"https://{ISSUER}"}},
    }
    data: Json = {
        "aws_caller_identity": {"Me": {}},
        "aws_partition": {"Here": {}},
        "aws_region": {"Here": {}},
    }
    resource["aws_ecr_repository"]["Probe"] = arguments
    provider = {"default_tags": [{"tags": {"team": "web", "stage": "none"}}]}
    document = stack("web", provider=provider, resource=resource, data=data)
    web = read_sandbox_estate(write_out(folder, {"web": document})).stacks["web"]
    return next(one for one in web.resources() if one.address == "aws_ecr_repository.Probe")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${aws_iam_role.Role.name}", "web"),
        ("${aws_iam_role.Role.arn}", f"arn:aws:iam::{NONPROD}:role/ci/web"),
        ("${aws_iam_policy.Policy.arn}", f"arn:aws:iam::{NONPROD}:policy/web-policy"),
        (
            "${aws_ecr_repository.Image.arn}",
            f"arn:aws:ecr:eu-central-1:{NONPROD}:repository/team/web",
        ),
        (
            "${aws_iam_openid_connect_provider.Github.arn}",
            f"arn:aws:iam::{NONPROD}:oidc-provider/{ISSUER}",
        ),
        ("a ${data.aws_caller_identity.Me.account_id} b", f"a {NONPROD} b"),
        ("${data.aws_partition.Here.partition}", "aws"),
        ("${data.aws_region.Here.name}", "eu-central-1"),
        ("$${aws:username} %%{x}", "${aws:username} %{x}"),
    ],
)
def test_known(tmp_path: Path, text: str, value: str) -> None:
    """
    Names, ARNs that are built from names, and data about the account are known.
    """
    assert probe(tmp_path, name=text).text("name") == value


@pytest.mark.parametrize(
    "text",
    [
        "${var.name}",
        "${aws_iam_role.Other.name}",
        "${aws_iam_role.Role.unique_id}",
        "${sha1(aws_iam_role.Role.name)}",
    ],
)
def test_unknown(tmp_path: Path, text: str) -> None:
    """
    Anything else is left to Terraform, and is never taken for a text.
    """
    found = probe(tmp_path, name=text)

    assert found.known("name") is None
    with pytest.raises(UnresolvedError, match=r"^aws_ecr_repository\.Probe\.name$"):
        found.text("name")


@pytest.mark.parametrize("given", [{}, {"name": None}, {"name": ""}])
def test_default(tmp_path: Path, given: dict[str, object]) -> None:
    """
    An argument that is left out, null or empty is AWS's default.
    """
    assert probe(tmp_path, **given).text("name", "/") == "/"


@pytest.mark.parametrize(
    "given",
    [{}, {"name": "web", "count": 2}, {"name": "web", "for_each": ["a"]}, {"name": ["web"]}],
    ids=["none", "several", "one for each", "a list"],
)
def test_no_one_name(tmp_path: Path, given: dict[str, object]) -> None:
    """
    What AWS names, or Terraform makes several of, has no name that could be looked up.
    """
    with pytest.raises(UnresolvedError):
        probe(tmp_path, **given).name()


def test_texts(tmp_path: Path) -> None:
    """
    Each entry of a list is resolved, and numbers are texts.
    """
    found = probe(tmp_path, names=["a", 1, "${aws_iam_role.Role.name}"])

    assert found.texts("names") == ["a", "1", "web"]


def test_tags(tmp_path: Path) -> None:
    """
    The tags of the provider come first, those of the resource win.
    """
    found = probe(tmp_path, tags={"stage": "${aws_iam_role.Role.name}", "literal": "$${x}"})

    assert found.tags() == {"team": "web", "stage": "web", "literal": "${x}"}


@pytest.mark.parametrize(
    "written",
    [
        '{"Statement": "${aws_iam_role.Role.name}"}',
        '${jsonencode({"Statement" = aws_iam_role.Role.name})}',
        {"Statement": "web"},
    ],
    ids=["text", "function", "object"],
)
def test_document(tmp_path: Path, written: object) -> None:
    """
    A document is the same however it is written.
    """
    assert probe(tmp_path, policy=written).document("policy") == {"Statement": "web"}


def test_document_that_terraform_completes(tmp_path: Path) -> None:
    """
    A document with a part that only Terraform knows is not compared.
    """
    found = probe(tmp_path, policy='{"Statement": "${aws_iam_role.Role.unique_id}"}')

    with pytest.raises(UnresolvedError):
        found.document("policy")


def test_blocks_that_terraform_computes(tmp_path: Path) -> None:
    """
    Whether there is a block that a `dynamic` one makes is left to Terraform.
    """
    written: Json = {"encryption_configuration": {"for_each": [], "content": {}}}

    with pytest.raises(UnresolvedError):
        probe(tmp_path, dynamic=written).nested("encryption_configuration")
