"""Reviews of many kinds, for programs: each is what the published schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from report_schemas import mistakes, unseen

from bench.review_estate import write_estate
from deploy_access.cli import main

ROOT = Path(__file__).parents[2]
HERE = "tests/review"
PAIRS = sorted((ROOT / HERE / "pairs").iterdir())
PAGE = "tests/report/page"
CASE = "tests/audit/page"
KINDS = {
    **{pair.name: (f"{pair}/base.tf.json", f"{pair}/head.tf.json") for pair in PAIRS},
    "folders": (f"{PAGE}/before", f"{PAGE}/after"),
    "back": (f"{PAGE}/after", f"{PAGE}/before"),
    "a state": (f"{PAGE}/terraform.tfstate", f"{PAGE}/after"),
    "a plan": ("--plan", f"{HERE}/plans/forget-role.plan.json"),
    "a plan that endangers data": ("--plan", f"{HERE}/plans/guards-go.plan.json"),
    "a plan of a part": ("--plan", "{stacks}/part.plan.json"),
    "two versions of a file": (
        f"{HERE}/plans/guards-base.tf.json",
        f"{HERE}/plans/guards-head.tf.json",
    ),
    "accepted": ("none", f"{CASE}/pilot.tf.json"),
    "new stacks": ("none", "{stacks}/1"),
    "changed stacks": ("{stacks}/1", "{stacks}/2"),
    "stacks that are gone": ("{stacks}/1", "none"),
}


@pytest.fixture(name="stacks")
def _stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write two versions of an estate, and the plan of a part of a stack."""
    monkeypatch.chdir(ROOT)
    for version in (1, 2):
        (tmp_path / str(version)).mkdir()
        write_estate(tmp_path / str(version), 3, version=version)
    path = tmp_path / "2/stacks/service-0000-dev/cdk.tf.json"
    stack = json.loads(path.read_text("utf-8"))
    role = stack["resource"]["aws_iam_role"]["Deploy"]
    role |= {"max_session_duration": 7200, "permissions_boundary": "${var.unknown}"}
    path.write_text(json.dumps(stack), "utf-8")
    plan = json.loads(Path(HERE, "plans/forget-role.plan.json").read_text("utf-8"))
    part = {**plan, "complete": False}
    (tmp_path / "part.plan.json").write_text(json.dumps(part), "utf-8")
    return tmp_path


def printed(words: tuple[str, ...], stacks: Path) -> Any:
    """Return what the command prints for programs."""
    given = [word.replace("{stacks}", str(stacks)) for word in words]
    result = CliRunner().invoke(main, ["review", *given, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("words", KINDS.values(), ids=KINDS)
def test_schema(words: tuple[str, ...], stacks: Path) -> None:
    """Each pair of sides gives a report of the schema."""
    assert mistakes("review", printed(words, stacks)) == []


def test_every_part_is_seen(stacks: Path) -> None:
    """Together they have every key of the schema, so that none of it is untried."""
    documents = [printed(words, stacks) for words in KINDS.values()]

    assert unseen("review", documents) == []
