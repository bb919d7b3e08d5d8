"""A state on the disk says the same as what `terraform show -json` prints of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

SUB = "token.actions.githubusercontent.com:sub"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {
                "Federated": "arn:aws:iam::111122223333:oidc-provider/"
                "token.actions.githubusercontent.com"
            },
            "Condition": {"StringLike": {SUB: "repo:acme/web:*"}},
        }
    ],
}
AWS = 'provider["registry.terraform.io/hashicorp/aws"]'


def resource(kind: str, name: str, *instances: Json, **more: str) -> Json:
    """Write a resource as Terraform does."""
    return {
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider": AWS,
        "instances": list(instances),
        **more,
    }


def instance(**attributes: object) -> Json:
    """Write an instance as Terraform does."""
    return {"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}


def role(name: str) -> Json:
    """Write an instance of a role."""
    return instance(
        name=name,
        arn=f"arn:aws:iam::111122223333:role/{name}",
        path="/",
        assume_role_policy=json.dumps(TRUST),
    )


STATE: Json = {
    "version": 4,
    "terraform_version": "1.9.8",
    "serial": 7,
    "lineage": "6d0f8f1e-5f2f-8b0c-7c1b-3a1d2f3e4c5b",
    "outputs": {},
    "resources": [
        {
            "mode": "data",
            "type": "aws_caller_identity",
            "name": "me",
            "provider": AWS,
            "instances": [instance(account_id="111122223333")],
        },
        resource("aws_iam_role", "web", role("web")),
        resource(
            "aws_iam_role",
            "each",
            {"index_key": "a", **role("web-a")},
            {"index_key": "b", **role("web-b")},
            module="module.deploy",
        ),
        resource(
            "aws_iam_role_policy",
            "push",
            instance(
                name="push",
                role="web",
                policy='{"Version": "2012-10-17", "Statement": '
                '[{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
            ),
        ),
    ],
    "check_results": None,
}


def write(folder: Path, state: object, name: str = "terraform.tfstate") -> Path:
    """Write a state."""
    path = folder / name
    path.write_text(state if isinstance(state, str) else json.dumps(state, indent=2), "utf-8")
    return path


def shown() -> Json:
    """Return what `terraform show -json` prints of the state."""

    def one(address: str, attributes: Json, **more: object) -> Json:
        kind, name = address.split("[", maxsplit=1)[0].split(".")[-2:]
        mode = "data" if "data." in address else "managed"
        return {
            "address": address,
            "mode": mode,
            "type": kind,
            "name": name,
            "values": attributes,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "schema_version": 0,
            **more,
        }

    me, web, each, push = STATE["resources"]
    root = [
        one("data.aws_caller_identity.me", me["instances"][0]["attributes"]),
        one("aws_iam_role.web", web["instances"][0]["attributes"]),
        one("aws_iam_role_policy.push", push["instances"][0]["attributes"]),
    ]
    child = [
        one(
            f'module.deploy.aws_iam_role.each["{i["index_key"]}"]',
            i["attributes"],
            index=i["index_key"],
        )
        for i in each["instances"]
    ]
    modules = [{"address": "module.deploy", "resources": child}]
    return {
        "format_version": "1.0",
        "terraform_version": "1.9.8",
        "values": {"root_module": {"resources": root, "child_modules": modules}},
    }


def test_it_is_read_as_it_is_shown(tmp_path: Path) -> None:
    """Roles, instances and those of modules are the same, with the same findings."""
    found = read_estate(write(tmp_path, STATE))
    printed = read_estate(write(tmp_path, shown(), "shown.json"))

    assert [(one.name, one.account, one.where.address) for one in found.roles] == [
        (one.name, one.account, one.where.address) for one in printed.roles
    ]
    assert [one.name for one in found.roles] == ["web", "web-a", "web-b"]
    assert [one.document for one in found.roles[0].policies] != []


def test_the_commands_read_it(tmp_path: Path) -> None:
    """The audit finds, a run is explained, and two states are compared."""
    path = str(write(tmp_path, STATE))
    less = {**STATE, "resources": STATE["resources"][:3]}
    base = str(write(tmp_path, less, "base.tfstate"))

    audited = CliRunner().invoke(main, ["audit", path])
    run = ["--repo", "acme/web", "--branch", "main"]
    explained = CliRunner().invoke(main, ["explain", *run, "--policy", path])
    reviewed = CliRunner().invoke(main, ["review", base, path])

    assert "error[service-wildcard]: role web" in audited.stdout
    assert "allowed[legacy-subject-only]: web lets this run in" in explained.stdout
    assert "Wider access" in reviewed.stdout


@pytest.mark.parametrize(
    ("state", "what"),
    [
        pytest.param({**STATE, "version": 3}, "another version than 4", id="older"),
        pytest.param({**STATE, "version": "4"}, "another version than 4", id="text"),
        pytest.param({**STATE, "resources": None}, "lists no resources", id="no-resources"),
        pytest.param({"version": 3, "serial": 1, "lineage": "x"}, "another version", id="old"),
        pytest.param(json.dumps(STATE)[:500], "is no JSON", id="cut-off"),
    ],
)
def test_one_that_is_damaged(tmp_path: Path, state: object, what: str) -> None:
    """It is refused in one sentence, and an older one with the command that prints it."""
    with pytest.raises(InvalidValue, match=what) as raised:
        read_estate(write(tmp_path, state))

    assert "is no JSON" in what or "terraform show -json" in str(raised.value)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([1, None, "x"], id="no-objects"),
        pytest.param([{"type": 1, "name": 2, "instances": 3}], id="other-types"),
        pytest.param([{**STATE["resources"][1], "instances": [{"attributes": 1}]}], id="values"),
    ],
)
def test_resources_that_are_damaged(tmp_path: Path, resources: list[object]) -> None:
    """A part that is broken hides no other one."""
    path = write(tmp_path, {**STATE, "resources": [*resources, STATE["resources"][2]]})

    assert {"web-a", "web-b"} <= {one.name for one in read_estate(path).roles}
