"""Real Terraform plans what the comparison of two sides says, for each thing it can do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from real_plan_cases import CASES, TAGGED, TRUST
from review_sides import ACCOUNT, Json, actions, stack, write_side
from with_terraform import give_up

from deploy_access.review.compare import review
from sandbox import MissingTool, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from deploy_access.review.model import Review

pytestmark = pytest.mark.terraform

PLANNED: dict[tuple[str, ...], str] = {
    ("create", "delete"): "replace",
    ("delete", "create"): "replace",
    ("delete",): "destroy",
}


_ADDRESS = re.compile(r"\b(aws_\w+)\.(\w+)")


def label(case: str, name: str) -> str:
    """Name a resource of one case, among those of all others."""
    return f"{case.replace('-', '_')}__{name}"


def relabel(case: str, value: Any) -> Any:
    """Name the resources of a case apart, wherever they are named."""
    if isinstance(value, str):
        return _ADDRESS.sub(lambda found: f"{found[1]}.{label(case, found[2])}", value)
    if isinstance(value, list):
        return [relabel(case, each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("Json", value).items()
        return {relabel(case, key): relabel(case, each) for key, each in items}
    return value


def together(side: int) -> dict[str, Json]:
    """Put all cases into one stack: Terraform takes seconds for each."""
    found = stack(moved=[], removed=[], import_=[])
    for case in CASES.keys() - {TAGGED}:
        document: Json = CASES[case][side]
        for kind, named in document["resource"].items():
            of_kind = found["resource"].setdefault(kind, {})
            of_kind.update({label(case, n): relabel(case, body) for n, body in named.items()})
        for blocks in ("moved", "removed", "import"):
            found[blocks] += relabel(case, document.get(blocks, []))
    stacks = {"together": found, "tagged": CASES[TAGGED][side]}
    return {name: with_backend(name, document) for name, document in stacks.items()}


def with_backend(name: str, document: Json) -> Json:
    """Write where a stack keeps its state, and which provider it needs; leave out empty lists."""
    terraform = {
        "backend": {"local": {"path": f"../../../terraform.{name}.tfstate"}},
        "required_providers": {"aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}},
    }
    return {**{key: value for key, value in document.items() if value}, "terraform": terraform}


def of_case(case: str, found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Pick the actions of a case, with the addresses as the case has them."""
    if case == TAGGED:
        return dict(found["tagged"])
    mark = f".{label(case, '')}"
    return {a.replace(mark, "."): action for a, action in found["together"].items() if mark in a}


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Apply the base, plan the head, and write each plan to a file that is called as its stack."""
    out = write_side(tmp_path_factory.mktemp("applied"), together(0))
    folder = tmp_path_factory.mktemp("plans")
    try:
        with Sandbox(out) as sandbox:
            iam = sandbox.session(ACCOUNT).client("iam")
            iam.create_role(RoleName="from-outside", AssumeRolePolicyDocument=TRUST)
            sandbox.apply()
            for name, document in together(1).items():
                path = sandbox.folder.stack(name) / "cdk.tf.json"
                path.write_text(json.dumps(document), "utf-8")
                (folder / f"{name}.json").write_text(json.dumps(sandbox.plan(name)), "utf-8")
            yield folder
    except MissingTool as error:
        give_up(str(error))


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write both sides."""
    folder = tmp_path_factory.mktemp("sides")
    return write_side(folder / "base", together(0)), write_side(folder / "head", together(1))


@pytest.fixture(scope="module")
def from_terraform(plans: Path) -> dict[str, dict[str, str]]:
    """Read what Terraform plans, straight from its plans."""
    return {
        file.stem: planned(json.loads(file.read_text("utf-8"))) for file in plans.glob("*.json")
    }


@pytest.fixture(scope="module")
def from_sides(sides: tuple[Path, Path]) -> Review:
    """Review both sides without a plan."""
    return review(*sides)


@pytest.fixture(scope="module")
def from_plans(sides: tuple[Path, Path], plans: Path) -> Review:
    """Review both sides with the plans."""
    return review(*sides, list(plans.glob("*.json")))


def planned(plan: Json) -> dict[str, str]:
    """Name the action for each address, straight from a plan."""
    found: dict[str, str] = {}
    for resource in plan["resource_changes"]:
        change: Json = resource["change"]
        names: tuple[str, ...] = tuple(change["actions"])
        action = PLANNED.get(names, names[0])
        if change.get("importing"):
            action = "import"
        if action == "no-op" and resource.get("previous_address"):
            action = "move"
        if action not in {"no-op", "read"}:
            found[resource["address"]] = action
    return found


def by_stack(found: Review) -> dict[str, dict[str, str]]:
    """Name the action for each address of each stack."""
    return {
        name: actions(tuple(change for change in found.resources if change.stack == name))
        for name in ("together", "tagged")
    }


@pytest.mark.parametrize("name", CASES)
def test_two_sides_say_what_terraform_plans(
    name: str, from_terraform: dict[str, dict[str, str]], from_sides: Review
) -> None:
    """From two sides alone comes what Terraform plans when it knows the state too."""
    assert of_case(name, from_terraform) == CASES[name][2]
    assert of_case(name, by_stack(from_sides)) == CASES[name][2]


def test_plans_are_read_as_they_are(
    from_terraform: dict[str, dict[str, str]], from_plans: Review
) -> None:
    """With plans of its stacks a review says what the plans say, and knows it."""
    assert by_stack(from_plans) == from_terraform
    assert all(change.known for change in from_plans.resources)


def test_plans_by_themselves(from_terraform: dict[str, dict[str, str]], plans: Path) -> None:
    """Plans alone say what they do to the states that they were made for."""
    assert by_stack(review(plans=list(plans.glob("*.json")))) == from_terraform


def test_attributes_of_plans(from_sides: Review, from_plans: Review) -> None:
    """Two sides show what will be as the plan shows it; what was, a plan knows by its default."""
    address = f"aws_iam_role.{label('role-that-is-updated', 'R')}"

    (guess,) = [c for c in from_sides.resources if c.address == address]
    (exact,) = [c for c in from_plans.resources if c.address == address]

    assert [(a.name, a.before, a.after) for a in guess.attributes] == [
        ("description", None, '"Deploys."'),
        ("max_session_duration", None, "7200"),
    ]
    assert [(a.name, a.before, a.after) for a in exact.attributes] == [
        ("description", '""', '"Deploys."'),
        ("max_session_duration", "3600", "7200"),
    ]
