"""`deploy-access changes`: what a plan changes, and what differs from an approved one."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from plan_documents import Json, change, plan

from deploy_access.cli import main
from deploy_access.resource_diff.plan_record import compare_records, record_of

if TYPE_CHECKING:
    from click.testing import Result

INFRA = (Path(__file__).parents[2] / "docs/infra.md").read_text("utf-8")
SECRET = "hunter2-is-in-no-record"
NEW = change("aws_ecr_repository.Image", "create", after={"name": "web", "tags": {"a": "b"}})
GROWN = change(
    "aws_iam_role.Deploy",
    "update",
    before={"name": "web", "max_session_duration": 3600},
    after={"name": "web", "max_session_duration": 7200},
)
HIDDEN = change("aws_db_instance.D", "create", after={"password": SECRET, "v": [{"p": SECRET}]})
HIDDEN["change"]["after_sensitive"] = {"password": True, "v": [{"p": True}]}
GONE = change("aws_iam_policy.P", "delete", before={"name": "p"})
SAME = change("aws_iam_role.Same", "no-op", before={"name": "x"}, after={"name": "x"})
READ = {**change("data.aws_caller_identity.I", "read", after={"arn": "x"}), "mode": "data"}
QUEUE = change("aws_sqs_queue.Q", "create")
OUTPUTS = {
    "role_arn": {"actions": ["create"], "before": None, "after": "arn:aws:iam::1:role/x"},
    "token": {"actions": ["create"], "after": SECRET, "after_sensitive": True},
    "same": {"actions": ["no-op"], "before": "x", "after": "x"},
}
PLAN = plan([], NEW, GROWN, HIDDEN, GONE, SAME, READ, output_changes=OUTPUTS)


def run(folder: Path, document: Json, *words: str) -> Result:
    """Run the command on a plan."""
    (folder / "plan.json").write_text(json.dumps(document), "utf-8")
    return CliRunner().invoke(main, ["changes", str(folder / "plan.json"), *words])


@pytest.fixture(name="approved")
def _approved(tmp_path: Path) -> Path:
    """Write the record of the plan that is approved."""
    assert run(tmp_path, PLAN, "--record", str(tmp_path / "approved.json")).exit_code == 0
    return tmp_path / "approved.json"


def test_each_change_is_a_line(tmp_path: Path) -> None:
    """The lines have addresses and names, and no value."""
    done = run(tmp_path, PLAN)

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "+ aws_ecr_repository.Image, create",
        "~ aws_iam_role.Deploy, update: max_session_duration",
        "+ aws_db_instance.D, create",
        "- aws_iam_policy.P, destroy",
        "~ output role_arn",
        "~ output token",
    ]


def test_no_change(tmp_path: Path) -> None:
    """What is only read is no change."""
    assert run(tmp_path, plan([], SAME, READ)).stdout == "No changes.\n"


def test_a_record_has_no_secret(approved: Path) -> None:
    """Whoever may read the artifacts of a run learns nothing that its log does not show."""
    text = approved.read_text("utf-8")

    assert SECRET not in text
    assert "max_session_duration" in text


def test_the_same_plan_is_approved(tmp_path: Path, approved: Path) -> None:
    """A second plan that says the same may be applied."""
    assert run(tmp_path, PLAN, "--approved", str(approved)).exit_code == 0


def _without(plan: Json, address: str) -> Json:
    kept = [one for one in plan["resource_changes"] if one["address"] != address]
    return {**plan, "resource_changes": kept}


def _with(address: str, **more: Any) -> Json:
    found = copy.deepcopy(PLAN)
    (one,) = (one for one in found["resource_changes"] if one["address"] == address)
    one["change"].update(more)
    return found


ROLE = "aws_iam_role.Deploy"
DIFFERENT = [
    pytest.param(
        _without(PLAN, "aws_iam_policy.P"),
        ["differs: aws_iam_policy.P", "  approved  delete", "  planned   no change"],
        id="gone",
    ),
    pytest.param(
        {
            **PLAN,
            "resource_changes": [*PLAN["resource_changes"], QUEUE],
        },
        ["differs: aws_sqs_queue.Q", "  approved  no change", "  planned   create"],
        id="more",
    ),
    pytest.param(
        _with(ROLE, actions=["delete", "create"]),
        [f"differs: {ROLE}", "  approved  update", "  planned   delete and create"],
        id="another action",
    ),
    pytest.param(
        _with(ROLE, after={"name": "web", "max_session_duration": 43200}),
        [
            f"differs: {ROLE}",
            "  approved  update",
            "  planned   update",
            "  in        max_session_duration",
        ],
        id="another value",
    ),
    pytest.param(
        _with(ROLE, before={"name": "web", "max_session_duration": 900}),
        [
            f"differs: {ROLE}",
            "  approved  update",
            "  planned   update",
            "  in        max_session_duration",
        ],
        id="another state before",
    ),
    pytest.param(
        _with(ROLE, after_unknown={"arn": True}),
        [
            f"differs: {ROLE}",
            "  approved  update",
            "  planned   update",
            "  in        after_unknown",
        ],
        id="known later",
    ),
    pytest.param(
        {**PLAN, "output_changes": {**OUTPUTS, "role_arn": {"actions": ["delete"]}}},
        ["differs: output.role_arn", "  approved  create", "  planned   delete"],
        id="an output",
    ),
]


@pytest.mark.parametrize(("planned", "said"), DIFFERENT)
def test_another_plan_is_not_approved(
    tmp_path: Path, approved: Path, planned: Json, said: list[str]
) -> None:
    """What differs is shown, and the exit code stops the job."""
    done = run(tmp_path, planned, "--approved", str(approved))

    assert done.exit_code == 10
    assert done.stdout.splitlines()[: len(said)] == said


@pytest.mark.parametrize(("planned", "_"), DIFFERENT)
def test_to_compare_has_no_direction(planned: Json, _: object) -> None:
    """What differs one way differs the other way, in the same places."""
    one, other = record_of(PLAN), record_of(planned)

    there, back = compare_records(one, other), compare_records(other, one)

    assert [(d.address, d.approved, d.planned) for d in there] == [
        (d.address, d.planned, d.approved) for d in back
    ]


@pytest.mark.parametrize("text", ["{}", '{"format": 2, "changes": {}}', '{"format": 1}'])
def test_another_file_is_no_record(tmp_path: Path, text: str) -> None:
    """Nothing is approved by a file that approves nothing."""
    (tmp_path / "x.json").write_text(text, "utf-8")

    done = run(tmp_path, PLAN, "--approved", str(tmp_path / "x.json"))

    assert done.exit_code == 1
    assert "no record of an approved plan" in done.stderr


def test_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows a difference as it is printed."""
    monkeypatch.chdir(tmp_path)
    Path("approved").mkdir()
    run(tmp_path, plan([]), "--record", "approved/record.json")
    Path("plan.json").write_text(json.dumps(plan([], GROWN)), "utf-8")
    words = ["changes", "plan.json", "--approved", "approved/record.json"]

    done = CliRunner().invoke(main, words)

    shown = " ".join(["$ deploy-access", *words])
    assert f"```console\n{shown}\n{done.output}```" in INFRA
