"""What the examples synthesize: whole, reviewable, and the same on any machine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from example_programs import (
    COMPOSITE_ACTION,
    EXAMPLES,
    PER_ENVIRONMENT,
    PUSH_TO_ECR,
    ROOT,
    SHARED_ROLE,
    STACKS,
    VARIANTS,
    Program,
)
from synthesized import Synthesized, read_stacks
from syrupy.extensions.json import JSONSnapshotExtension

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

NUMBERS = {2: "two", 3: "three", 4: "four"}
EACH_STACK = [
    pytest.param(program, stack, id=f"{program}-{stack}")
    for program, stacks in {**STACKS, **VARIANTS}.items()
    for stack in stacks
]


@pytest.fixture(name="read", scope="session")
def _read(synthesize: Callable[[Program], Path]) -> Callable[[Program], dict[str, Synthesized]]:
    return lambda program: read_stacks(synthesize(program))


@pytest.mark.parametrize(("program", "stack"), EACH_STACK)
def test_stack(
    read: Callable[[Program], dict[str, Synthesized]],
    program: Program,
    stack: str,
    snapshot: SnapshotAssertion,
) -> None:
    """Nothing in a stack of an example changes without a reviewer seeing it."""
    assert read(program)[stack].reviewable() == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("program", STACKS, ids=str)
def test_stacks(read: Callable[[Program], dict[str, Synthesized]], program: Program) -> None:
    """An example has exactly the stacks that are looked at here."""
    assert sorted(read(program)) == STACKS[program]


def test_every_example_is_here() -> None:
    """No example escapes these tests, and each tells its story."""
    found = sorted(file.parent.name for file in EXAMPLES.glob("*/main.py"))

    assert found == [program.example for program in STACKS]
    assert all((EXAMPLES / program.example / "README.md").is_file() for program in STACKS)


@pytest.mark.parametrize("program", STACKS, ids=str)
def test_the_readme_runs_the_program(
    read: Callable[[Program], dict[str, Synthesized]], program: Program
) -> None:
    """The README runs the program, and says how many stacks it writes."""
    page = (EXAMPLES / program.example / "README.md").read_text("utf-8")

    made = read(program)
    many = "" if len(made) == 1 else f", with {NUMBERS[len(made)]} stacks"
    assert re.search(rf"^python main\.py +# writes cdktf\.out{many}$", page, re.MULTILINE)


@pytest.mark.parametrize("program", STACKS, ids=str)
def test_no_path_of_a_machine(synthesize: Callable[[Program], Path], program: Program) -> None:
    """What is synthesized holds neither the example's folder nor its own."""
    out = synthesize(program)

    for file in out.rglob("*.json"):
        text = file.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert str(out) not in text


@pytest.mark.parametrize(
    ("program", "stack", "needed"),
    [
        pytest.param(SHARED_ROLE, "sample", ["account"], id="said"),
        pytest.param(PER_ENVIRONMENT, "prod", ["account"], id="by passing the provider"),
    ],
)
def test_order(
    synthesize: Callable[[Program], Path], program: Program, stack: str, needed: list[str]
) -> None:
    """A stack is deployed after the one that makes what it names."""
    manifest = json.loads((synthesize(program) / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["stacks"][stack]["dependencies"] == needed


def test_workflow_gets_the_role_that_is_made(
    read: Callable[[Program], dict[str, Synthesized]],
) -> None:
    """The ARN in the output is that of the role: no second spelling, no second account."""
    stack = read(PUSH_TO_ECR)["push-to-ecr"]

    name = stack.at("Deploy")["name"]
    assert stack.outputs["role_arn"] == f"arn:aws:iam::000123456789:role/{name}"


def test_workflow_gets_its_variables(read: Callable[[Program], dict[str, Synthesized]]) -> None:
    """What had to be looked up by hand comes out, and agrees with what the role may do."""
    stack = read(COMPOSITE_ACTION)["deploy-api"]

    assert stack.outputs == {
        "ROLE_ARN": "arn:aws:iam::210987654321:role/deploy-to-ecs-github-actions",
        "ECR_REPOSITORY_URI": "210987654321.dkr.ecr.ap-northeast-1.amazonaws.com/api",
        "ECS_CLUSTER_NAME": "api-prod-cluster",
        "ECS_SERVICE_NAME": "api-prod-service",
        "TASK_DEFINITION_NAME": "api-prod-task",
        "CONTAINER_NAME": "api",
    }
