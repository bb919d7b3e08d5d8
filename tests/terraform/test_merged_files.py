"""The files of a folder are one module, as Terraform merges them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from review_sides import write_side
from with_terraform import give_up

from deploy_access.json_file import JsonFile
from deploy_access.terraform.loaded_names import loaded_names
from deploy_access.terraform.merged_files import merge_files
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.terraform.estate import Unread

Json = dict[str, Any]


def merged(main: Json, /, **beside: Json) -> tuple[Json, list[Unread]]:
    """Merge files; the name of one is its key, with `.tf.json` or `.json` behind it."""
    files: dict[str, JsonFile] = {}
    for key, content in beside.items():
        name = key.replace("__", ".") + (".json" if "__" in key else ".tf.json")
        files[name] = JsonFile(name, content, ())
    main_file = JsonFile("cdk.tf.json", main, ())
    file, problems = merge_files("web", main_file, loaded_names(files), files)
    return file.content, problems


def body(found: Mapping[str, Any], kind: str = "aws_x", name: str = "This") -> Json:
    """Return the only body of a resource."""
    only: Json = found["resource"][kind][name]
    return only


def of(**arguments: object) -> Json:
    """Write a file with one resource."""
    return {"resource": {"aws_x": {"This": arguments}}}


def test_nothing_beside_is_the_file_itself() -> None:
    """The file of a stack that is alone in its folder is not touched."""
    main = of(a=1)

    assert merged(main)[0] is main


def test_blocks_of_several_files_come_together() -> None:
    """Blocks, locals, settings and providers add up."""
    main = {**of(a=1), "locals": {"a": 1}, "provider": {"aws": {"region": "x"}}}
    other: Json = {
        "resource": {"aws_x": {"That": {"b": 2}}},
        "locals": [{"b": 2}],
        "provider": {"aws": {"alias": "y", "region": "y"}},
        "terraform": {"required_version": ">= 1"},
        "moved": {"from": "a", "to": "b"},
        "new_kind": {"x": {}},
    }

    assert merged(main, main=other) == (
        {
            "resource": {"aws_x": {"This": {"a": 1}, "That": {"b": 2}}},
            "locals": {"a": 1, "b": 2},
            "provider": {"aws": [{"region": "x"}, {"alias": "y", "region": "y"}]},
            "terraform": {"required_version": ">= 1"},
            "moved": {"from": "a", "to": "b"},
            "new_kind": {"x": {}},
        },
        [],
    )


@pytest.mark.parametrize(
    ("base", "over", "result"),
    [
        pytest.param({"a": 1, "b": 1}, {"a": 2}, {"a": 2, "b": 1}, id="argument"),
        pytest.param({"a": {"x": 1}}, {"a": {"y": 1}}, {"a": {"y": 1}}, id="map or block"),
        pytest.param({"a": [{"x": 1}] * 2}, {"a": {"y": 1}}, {"a": {"y": 1}}, id="blocks"),
        pytest.param({"a": [{"x": 1}]}, {"a": None}, {"a": [{"x": 1}]}, id="no block"),
        pytest.param({"a": "x"}, {"a": None}, {"a": None}, id="null"),
        pytest.param({"a": 1}, {"//": "note", "a": 2}, {"a": 2}, id="comment"),
        pytest.param(
            {"lifecycle": {"prevent_destroy": True, "ignore_changes": ["a"]}},
            {"lifecycle": [{"prevent_destroy": False}]},
            {"lifecycle": {"prevent_destroy": False, "ignore_changes": ["a"]}},
            id="lifecycle",
        ),
        pytest.param(
            {
                "rule": {"x": 1},
                "dynamic": {"tag": {"content": {"a": 1}}, "z": {"content": {"a": 1}}},
            },
            {"dynamic": {"rule": {"for_each": [1]}}, "tag": {"y": 1}},
            {
                "tag": {"y": 1},
                "dynamic": [{"z": {"content": {"a": 1}}}, {"rule": {"for_each": [1]}}],
            },
            id="dynamic",
        ),
    ],
)
def test_an_override_replaces(base: Json, over: Json, result: Json) -> None:
    """An argument replaces the argument, blocks all blocks of their type; a lifecycle is merged."""
    found, problems = merged(of(**base), override=of(**over))

    assert (body(found), problems) == (result, [])


def test_what_no_other_file_has_stays_as_it_is() -> None:
    """A file that says nothing adds nothing, so an old stack beside a new file is not changed."""
    body = {"a": 1}
    main: Json = {
        **{kind: {"x": {"y": body}} for kind in ("action", "data", "ephemeral", "resource")},
        **{kind: {"x": body} for kind in ("check", "module", "output", "provider", "variable")},
        **dict.fromkeys(("import", "locals", "moved", "removed", "terraform", "new"), body),
    }

    assert merged(main, main={"//": "note"}, override={}) == (main, [])


def test_overrides_come_one_after_the_other() -> None:
    """The last by name wins, after all files that override nothing."""
    found, _ = merged(
        of(a=0), override=of(a=3), b_override=of(a=2), a_override=of(a=1, b=1), z={"locals": {}}
    )

    assert body(found) == {"a": 3, "b": 1}


def test_settings_are_overridden_one_by_one() -> None:
    """A backend stands in for any other, required providers go by name, locals by value."""
    main = {
        "terraform": {
            "backend": {"s3": {"key": "k"}},
            "required_providers": {"aws": {"version": "5"}, "null": {"version": "3"}},
            "required_version": ">= 1",
        },
        "locals": {"a": 1, "b": 1},
    }
    override = {
        "terraform": {"cloud": {}, "required_providers": {"aws": {"version": "6"}}},
        "locals": {"b": 2},
    }
    required = {"required_providers": [{"null": {"version": "3"}}], "required_version": ">= 1"}

    assert merged(main, override=override) == (
        {"terraform": [required, override["terraform"]], "locals": {"a": 1, "b": 2}},
        [],
    )


def test_a_default_provider_needs_no_other_file() -> None:
    """It is there when it is empty; one of an alias is not."""
    main: Json = {"provider": {"aws": {"alias": "y", "region": "y"}}}
    override = {"provider": {"aws": [{"region": "x"}, {"alias": "z"}]}}

    found, problems = merged(main, override=override)

    assert found["provider"]["aws"] == [
        {"alias": "y", "region": "y"},
        {"region": "x"},
        {"alias": "z"},
    ]
    assert [problem.where.address for problem in problems] == ["provider.aws.z"]


@pytest.mark.parametrize(
    ("content", "address"),
    [
        pytest.param(of(a=1), "aws_x.This", id="resource"),
        pytest.param({"data": {"aws_y": {"This": {}}}}, "data.aws_y.This", id="data"),
        pytest.param({"locals": {"a": 1}}, "locals.a", id="local"),
        pytest.param({"provider": {"aws": {}}}, "provider.aws", id="provider"),
        pytest.param({"terraform": {"backend": {"s3": {}}}}, "terraform.backend", id="backend"),
        pytest.param(
            {"terraform": {"required_providers": {"aws": {}}}},
            "terraform.required_providers",
            id="required providers",
        ),
    ],
)
def test_what_two_files_define(content: Json, address: str) -> None:
    """Terraform refuses it, so both count and it is said."""
    _, problems = merged(content, main=content)

    said = "Another file of the folder defines it too, which Terraform refuses."
    assert [*map(str, problems)] == [f"web: {address}: {said} Got 'main.tf.json'."]


def test_an_override_of_nothing() -> None:
    """Terraform refuses it, or knows it from a file that is not read: it counts, and is said."""
    found, problems = merged({"locals": {"a": 1}}, override={**of(a=1), "locals": {"b": 1}})

    assert (body(found), found["locals"]) == ({"a": 1}, {"a": 1, "b": 1})
    assert [problem.where.address for problem in problems] == ["locals.b", "aws_x.This"]


def test_values_stand_in_for_defaults() -> None:
    """The last value wins; one of no variable is for something else."""
    main = {"variable": {"a": {"default": 1}, "b": {"type": "string"}, "c": {}}}

    found, _ = merged(
        main,
        terraform__tfvars={"a": 2, "b": "x"},
        z__auto__tfvars={"a": 3},
        a__auto__tfvars={"d": 4},
    )

    assert found["variable"] == {
        "a": {"default": 3},
        "b": {"type": "string", "default": "x"},
        "c": {},
    }


def test_a_key_that_is_there_twice(tmp_path: Path) -> None:
    """It is said of the files beside a stack, too."""
    out = write_side(tmp_path, {"web": {"locals": {"a": 1}}})
    (out / "stacks/web/main.tf.json").write_text('{"locals": {"b": 1, "b": 2}}', "utf-8")

    [stack] = Reading().sources(out)

    assert stack.file.repeated == ("main.tf.json: locals.b",)


MAIN: Json = {
    "variable": {name: {"default": "default"} for name in "abcdefg"},
    "locals": {"x": "main", "y": "main", "z": "main"},
    "resource": {
        "terraform_data": {
            "one": {
                "//": {"metadata": {}},
                "input": {"//": "data", "k": "${var.a}"},
                "triggers_replace": "main",
                "lifecycle": {"ignore_changes": ["input"]},
            }
        }
    },
    "output": {
        **{name: {"value": f"${{var.{name}}}"} for name in "abcdefg"},
        **{name: {"value": f"${{local.{name}}}"} for name in "xyz"},
        "input": {"value": "${terraform_data.one.input}"},
        "triggers": {"value": "${terraform_data.one.triggers_replace}"},
    },
}
BESIDE: Mapping[str, object] = {
    "main.tf.json": {"locals": {"more": "x"}, "output": {"more": {"value": "${local.more}"}}},
    "override.tf.json": {"locals": {"x": "override", "z": "override"}},
    "z_override.tf.json": {
        "locals": {"z": "z_override"},
        "resource": {"terraform_data": {"one": {"triggers_replace": "z_override"}}},
    },
    "terraform.tfvars.json": {"a": "values", "b": "values", "other": "${x}"},
    "b.auto.tfvars.json": {"b": "b.auto", "c": "b.auto", "d": "b.auto"},
    "c.auto.tfvars.json": {"d": "c.auto"},
    ".hidden.auto.tfvars.json": {"e": "hidden"},
    "other.tfvars.json": {"f": "other"},
    ".hidden.tf.json": {"output": {"hidden": {"value": "x"}}},
    "back.tf.json~": {"output": {"back": {"value": "x"}}},
    "#edited.tf.json#": {"output": {"edited": {"value": "x"}}},
}


@pytest.mark.terraform
def test_terraform_merges_the_same(tmp_path: Path) -> None:
    """Terraform plans the outputs that are read here, from the same files."""
    program = shutil.which("terraform")
    if program is None:
        give_up("Terraform is not on the path.")
    out = write_side(tmp_path / "out", {"web": MAIN})
    for name, content in BESIDE.items():
        (out / "stacks" / "web" / name).write_text(json.dumps(content), "utf-8")
    [stack] = read_snapshot(Reading().sources(out)).stacks.values()
    read = {name: stack.scope.value(value) for name, value in stack.scope.module.outputs.items()}

    def run(*words: str) -> str:
        command = [program, f"-chdir={out / 'stacks' / 'web'}", *words]
        environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment
        ).stdout

    run("init", "-input=false")
    run("plan", "-input=false", "-out=plan")
    planned = json.loads(run("show", "-json", "plan"))["planned_values"]["outputs"]
    assert read == {name: output["value"] for name, output in planned.items()}
    assert read["b"] == "b.auto"
