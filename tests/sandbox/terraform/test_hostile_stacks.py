"""
Every part of a stack and of its manifest replaced by what does not belong there.

Whatever is written, it is either read as far as it goes or refused with an error of the sandbox.
"""

from __future__ import annotations

import contextlib
import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_estates import ISSUER, NONPROD, PROD, Json, role, stack, write_out

from sandbox import RefusedStacks, UnreadableEstate
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.guard import check_estate
from sandbox.terraform.prerequisite import read_prerequisites
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_copy import copy_stacks, state_override
from sandbox.verify.report import render_estate, render_trusts
from sandbox.verify.role_grants import read_grants
from sandbox.verify.verification import synthesized_trusts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Step = str | int

WRONG: dict[str, object] = {
    "null": None,
    "truth": True,
    "number": 7,
    "fraction": 0.5,
    "text": "x",
    "empty text": "",
    "expression": "${var.x}",
    "broken expression": "${",
    "empty list": [],
    "list": [1, None, "x", {}],
    "list in a list": [[{}]],
    "empty object": {},
    "object": {"x": {"y": "z"}},
    "other characters": "\ufdd00\ufdd1\u0000\u202e",
}


def whole() -> Json:
    """
    Return a stack with one of everything that the sandbox reads.
    """
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{PROD}:role/x"}
        ],
    }
    deploy_access = {"cluster": "main", "services": ["web"], "format": 1}
    resource: Json = {
        **role("web", path="/ci/", max_session_duration=3600, tags={"a": "b"}),
        "aws_iam_policy": {
            "P": {
                "name": "p",
                "policy": json.dumps(policy),
                "//": {"deploy_access": deploy_access},
            }
        },
        "aws_iam_role_policy": {"I": {"name": "i", "role": "web", "policy": json.dumps(policy)}},
        "aws_iam_role_policy_attachment": {
            "A": {"role": "x", "policy_arn": f"arn:aws:iam::{PROD}:policy/y"}
        },
        "aws_iam_openid_connect_provider": {
            "G": {"url": f"https://{ISSUER}", "client_id_list": ["sts.amazonaws.com"]}
        },
        "aws_ecr_repository": {
            "R": {
                "name": "web",
                "image_scanning_configuration": {"scan_on_push": True},
                "encryption_configuration": [{"encryption_type": "KMS", "kms_key": "k"}],
                "lifecycle": {"prevent_destroy": True},
            }
        },
    }
    data: Json = {
        "aws_iam_openid_connect_provider": {"G": {"url": f"https://{ISSUER}"}},
        "terraform_remote_state": {
            "S": {"backend": "local", "config": {"path": "../../../terraform.x.tfstate"}}
        },
    }
    provider = {
        "alias": "x",
        "assume_role": [{"role_arn": f"arn:aws:iam::{NONPROD}:role/terraform"}],
        "default_tags": [{"tags": {"a": "b"}}],
    }
    backend = {"s3": {"bucket": "b", "key": "k", "region": "eu-central-1", "dynamodb_table": "t"}}
    return stack("web", provider=provider, backend=backend, resource=resource, data=data)


def paths(value: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """
    Yield the way to every value in *value*.
    """
    if path:
        yield path
    if isinstance(value, dict):
        for key, child in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from paths(child, (*path, str(key)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for index, child in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from paths(child, (*path, index))  # pyright: ignore[reportUnknownArgumentType]


def replaced(document: Json, path: tuple[Step, ...], wrong: object) -> Json:
    """
    Return a copy with another value at *path*.
    """
    found = copy.deepcopy(document)
    parent: Any = found
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = wrong
    return found


def read_all(out: Path, box: Path) -> None:
    """
    Do with the stacks everything that comes before Terraform and a server.
    """
    estate = read_sandbox_estate(out)
    render_estate(estate)
    render_trusts(synthesized_trusts(estate))
    check_estate(estate)
    read_prerequisites(estate)
    read_grants(estate)
    folder = WorkingFolder(box)
    copy_stacks(estate, folder)
    for one in estate:
        state_override(one, folder)


def read_or_refuse(out: Path, box: Path) -> None:
    """
    Do the same; what the sandbox refuses by an error of its own is as good.
    """
    with contextlib.suppress(UnreadableEstate, RefusedStacks):
        read_all(out, box)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_value_of_a_stack(tmp_path: Path, wrong: object) -> None:
    """
    A stack with a wrong value anywhere is read, or refused by an error of the sandbox.
    """
    document = whole()
    out = write_out(tmp_path / "out", {"web": document})
    file = out / "stacks" / "web" / "cdk.tf.json"
    read_all(out, tmp_path / "box")

    for path in paths(document):
        file.write_text(json.dumps(replaced(document, path, wrong)))
        read_or_refuse(out, tmp_path / "box")

    assert {found.name for found in tmp_path.iterdir()} == {"out", "box"}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("argument", ["assume_role_policy", "policy"])
def test_every_value_of_a_policy(tmp_path: Path, argument: str, wrong: object) -> None:
    """
    A policy with a wrong value anywhere is read as far as it goes.
    """
    document = whole()
    kind, name = ("aws_iam_role", "Role") if argument[0] == "a" else ("aws_iam_policy", "P")
    body = document["resource"][kind][name]
    policy = json.loads(body[argument])
    body["permissions_boundary"] = f"arn:aws:iam::{PROD}:policy/b"

    for path in paths({"whole": policy}):
        body[argument] = json.dumps(replaced({"whole": policy}, path, wrong)["whole"])
        read_all(write_out(tmp_path / "out", {"web": document}), tmp_path / "box")


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_value_of_a_manifest(tmp_path: Path, wrong: object) -> None:
    """
    A manifest with a wrong value anywhere is read, or refused by an error of the sandbox.
    """
    out = write_out(tmp_path / "out", {"web": whole(), "api": stack("api")}, api=["web"])
    manifest = json.loads((out / "manifest.json").read_text())

    for path in paths(manifest):
        (out / "manifest.json").write_text(json.dumps(replaced(manifest, path, wrong)))
        read_or_refuse(out, tmp_path / "box")

    assert {found.name for found in tmp_path.iterdir()} <= {"out", "box"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", "NaN", '{"a": ' * 100_000, "[" * 100_000, '"\ud800"', "{}" * 2],
    ids=["empty", "cut off", "list", "number", "NaN", "deep", "lists", "half", "two"],
)
@pytest.mark.parametrize("name", ["manifest.json", "stacks/web/cdk.tf.json"])
def test_files_that_are_no_json(tmp_path: Path, name: str, text: str) -> None:
    """
    A file that is cut off, nested without end, or no object is refused by an error of the sandbox.
    """
    out = write_out(tmp_path / "out", {"web": stack("web")})
    (out / name).write_bytes(text.encode(errors="surrogatepass"))

    with pytest.raises(UnreadableEstate, match="json"):
        read_all(out, tmp_path / "box")
