"""What steers an apply is compared by what it is made of, and said with what became of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import noticed, reviewed
from review_sides import stack

from deploy_access.report.review_markdown import render_review_markdown
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

PLAN, ADMIN = (f"arn:aws:iam::111122223333:role/{name}" for name in ("plan", "admin"))
WHERE = "It decides where and as whom Terraform acts."
ROLE = f'`assume_role[0].role_arn` changed from `"{PLAN}"` to `"{ADMIN}"`.'
MODULE = "A module is not read: what it does is not seen here."
CODE = "It runs code, with all that Terraform may do."
FILES = (
    "It writes on the machine that runs Terraform, where others read it, such as Terraform itself."
)
OTHER = "What it is made of is another."
TRIGGER = {"events": ["after_update"], "actions": ["action.aws_lambda_invoke.x"]}


def acting_as(written: str, **more: Any) -> Json:
    """Write a provider that assumes a role."""
    return stack(provider={"assume_role": [{"role_arn": written}]}, **more)


def module(value: object, **more: Any) -> Json:
    """Write a module with an input."""
    return stack(module={"m": {"source": "./m", "policy": value}}, **more)


def file(kind: str = "local_file", **body: Any) -> Json:
    """Write a file that Terraform writes."""
    return stack({kind: {"X": {"filename": "/home/runner/.aws/config", **body}}})


def triggered(*triggers: Json, name: str = "f") -> Json:
    """Write a repository whose changes trigger an action."""
    body = {"name": "web", "lifecycle": {"action_trigger": [*triggers]} if triggers else {}}
    action = {"aws_lambda_invoke": {"x": {"config": {"function_name": name}}}}
    return stack({"aws_ecr_repository": {"R": body}}, action=action)


def archive(path: str) -> Json:
    """Write an archive that Terraform makes."""
    body = {"type": "zip", "source_dir": "src", "output_path": path}
    return stack(data={"archive_file": {"X": body}})


def remote(bucket: str) -> Json:
    """Write a data source with the outputs of another state."""
    body = {"backend": "s3", "config": {"bucket": bucket, "key": "k"}}
    return stack(data={"terraform_remote_state": {"net": body}})


SAID = {
    "provider-by-local": (
        acting_as("${local.r}", locals={"r": PLAN}),
        acting_as("${local.r}", locals={"r": ADMIN}),
        ("provider.aws", f"{WHERE} {ROLE}"),
    ),
    "provider-by-the-default-of-a-variable": (
        acting_as("${var.r}", variable={"r": {"default": PLAN}}),
        acting_as("${var.r}", variable={"r": {"default": ADMIN}}),
        ("provider.aws", f"{WHERE} {ROLE}"),
    ),
    "provider-by-two-locals": (
        acting_as("${local.a}", locals={"a": "${local.b}", "b": PLAN}),
        acting_as("${local.a}", locals={"a": "${local.b}", "b": ADMIN}),
        ("provider.aws", f"{WHERE} {ROLE}"),
    ),
    "provider-by-a-data-source": (
        acting_as("${data.aws_iam_role.r.arn}", data={"aws_iam_role": {"r": {"name": "plan"}}}),
        acting_as("${data.aws_iam_role.r.arn}", data={"aws_iam_role": {"r": {"name": "admin"}}}),
        ("provider.aws", f"{WHERE} {OTHER}"),
    ),
    "module-by-local": (
        module("${local.p}", locals={"p": "read"}),
        module("${local.p}", locals={"p": "write"}),
        ("module.m", f'{MODULE} `policy` changed from `"read"` to `"write"`.'),
    ),
    "module-by-a-function": (
        module("${sha256(local.p)}", locals={"p": "${var.x}"}, variable={"x": {"default": "a"}}),
        module("${sha256(local.p)}", locals={"p": "${var.x}"}, variable={"x": {"default": "b"}}),
        ("module.m", f"{MODULE} {OTHER}"),
    ),
    "a-file": (
        stack(),
        file(content="[default]"),
        (
            "local_file.X",
            f'{FILES} It is new: `filename` was set to `"/home/runner/.aws/config"`.',
        ),
    ),
    "what-is-in-a-file": (
        file(content="${local.x}", locals={"x": "a"}),
        file(content="evil"),
        ("local_file.X", f"{FILES} {OTHER}"),
    ),
    "an-archive-elsewhere": (
        archive("out.zip"),
        archive("../.terraform/providers/x"),
        (
            "data.archive_file.X",
            f'{FILES} It is new: `output_path` was set to `"../.terraform/providers/x"`.',
        ),
    ),
    "a-trigger": (
        triggered(),
        triggered(TRIGGER),
        (
            "aws_ecr_repository.R.action_trigger",
            (
                f'{CODE} It is new: `actions` was set to `["action.aws_lambda_invoke.x"]`, '
                '`events` was set to `["after_update"]`.'
            ),
        ),
    ),
    "a-second-trigger": (
        triggered(TRIGGER),
        triggered(TRIGGER, {**TRIGGER, "events": ["before_create"]}),
        (
            "aws_ecr_repository.R.action_trigger[2]",
            (
                f'{CODE} It is new: `actions` was set to `["action.aws_lambda_invoke.x"]`, '
                '`events` was set to `["before_create"]`.'
            ),
        ),
    ),
    "an-action": (
        triggered(TRIGGER),
        triggered(TRIGGER, name="evil"),
        (
            "action.aws_lambda_invoke.x",
            (
                "An action runs code when it is triggered, with all that Terraform may do. "
                '`config.function_name` changed from `"f"` to `"evil"`.'
            ),
        ),
    ),
    "another-state": (
        remote("b"),
        remote("evil"),
        (
            "data.terraform_remote_state.net",
            (
                "It decides whose outputs this stack takes over. "
                '`config[0].bucket` changed from `"b"` to `"evil"`.'
            ),
        ),
    ),
    "a-server-that-is-asked": (
        stack(data={"http": {"X": {"url": "https://a.example"}}}),
        stack(data={"http": {"X": {"url": "https://evil.example"}}}),
        (
            "data.http.X",
            (
                "Another server decides what it returns. "
                '`url` changed from `"https://a.example"` to `"https://evil.example"`.'
            ),
        ),
    ),
    "the-data-source-of-a-check": (
        stack(check={"c": {"assert": [{"condition": True, "error_message": "no"}]}}),
        stack(check={"c": {"data": {"external": {"X": {"program": ["sh"]}}}}}),
        ("check.c.data.external.X", f'{CODE} It is new: `program` was set to `["sh"]`.'),
    ),
    "what-is-opened": (
        stack(),
        stack(ephemeral={"aws_secretsmanager_secret_version": {"x": {"secret_id": "s"}}}),
        (
            "ephemeral.aws_secretsmanager_secret_version.x",
            (
                "It is opened by each plan and apply, with all that Terraform may do. "
                'It is new: `secret_id` was set to `"s"`.'
            ),
        ),
    ),
}


@pytest.mark.parametrize(("base", "head", "said"), SAID.values(), ids=SAID)
def test_what_steers(base: Json, head: Json, said: tuple[str, str], tmp_path: Path) -> None:
    """Each part that steers is one notice, with what it decides and how it changed."""
    found = [one for one in reviewed(tmp_path, base, head).notices if one.kind == "steering"]

    assert [(one.address, f"{one.what} {one.given}") for one in found] == [said]


def command(**arguments: Any) -> Json:
    """Write a command that reads an argument of its resource."""
    provisioner = {"local-exec": {"command": "sh ${self.input} ${each.value}"}}
    return stack({"terraform_data": {"X": {"provisioner": provisioner, **arguments}}})


@pytest.mark.parametrize("more", [{"input": "evil"}, {"for_each": {"a": "evil"}}], ids=str)
def test_what_a_command_reads_of_its_resource(more: Json, tmp_path: Path) -> None:
    """A command is another when the arguments are that it reads by `self` and `each`."""
    base = command(input="a", for_each={"a": "b"})
    head = command(**{"input": "a", "for_each": {"a": "b"}, **more})

    found = reviewed(tmp_path, base, head)

    assert noticed(found, "steering") == ["terraform_data.X.provisioner"]


SILENT = {
    "a-local-in-place-of-a-text": (acting_as(PLAN), acting_as("${local.r}", locals={"r": PLAN})),
    "another-local": (
        acting_as("${local.a}", locals={"a": PLAN}),
        acting_as("${local.b}", locals={"b": PLAN, "c": "d"}),
    ),
    "tags-of-what-a-module-names": tuple(
        {
            **module("${aws_ecr_repository.R.arn}"),
            "resource": {"aws_ecr_repository": {"R": {"name": "web", "tags": {"a": tag}}}},
        }
        for tag in ("a", "b")
    ),
    "a-trigger-that-goes": (triggered(TRIGGER), triggered()),
    "a-file-that-goes": (file(content="x"), stack()),
    "an-archive-beside-the-stack": (stack(), archive("${path.module}/build/f.zip")),
    "another-state-that-is-new": (stack(), remote("b")),
    "an-assertion": (
        stack(),
        stack(check={"c": {"assert": [{"condition": True, "error_message": "no"}]}}),
    ),
    "a-password-that-is-kept-nowhere": (
        stack(),
        stack(ephemeral={"random_password": {"p": {"length": 16}}}),
    ),
    "a-file-that-is-read": (stack(), stack(data={"local_file": {"x": {"filename": "a"}}})),
    "a-time": (stack(), stack(data={"time_static": {"x": {}}})),
}


@pytest.mark.parametrize(("base", "head"), SILENT.values(), ids=SILENT)
def test_what_does_not_steer(base: Json, head: Json, tmp_path: Path) -> None:
    """What comes to the same, runs nothing, or goes, is no notice."""
    assert noticed(reviewed(tmp_path, base, head), "steering") == []


def test_what_is_in_a_file_is_not_shown(tmp_path: Path) -> None:
    """A file may hold a secret, so the report has its name only."""
    head = file("local_sensitive_file", content="hush")

    assert "hush" not in render_review_markdown(reviewed(tmp_path, stack(), head))


@pytest.mark.parametrize(
    ("actions", "expected"), [(["create"], ["local_file.X"]), (["delete"], []), (["no-op"], [])]
)
def test_a_file_that_a_plan_writes(actions: list[str], expected: list[str], tmp_path: Path) -> None:
    """A plan alone names the files that its apply writes."""
    after = {"filename": "/root/.aws/config", "content": "x"}
    change = {"actions": actions, "before": None, "after": after}
    resource = {"address": "local_file.X", "mode": "managed", "type": "local_file", "name": "X"}
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [{**resource, "values": after}]}},
        "resource_changes": [{**resource, "change": change}],
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")

    assert noticed(review(plans=[tmp_path / "plan.json"]), "steering") == expected
