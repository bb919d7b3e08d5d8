"""The page about moves: who gets in at each state, and what the review of each step says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from move_runs import KEY_RENAMED, RUNS
from moves_page import read_moves
from synthesized import Synthesized, synth_file

from deploy_access.cli import main
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import WebIdentity, evaluate_trust

if TYPE_CHECKING:
    from pathlib import Path

HOST = "token.actions.githubusercontent.com"
MOVES = read_moves()
STEPS = [
    (title, step)
    for title, states in MOVES.items()
    for step in range(1, len(states))
    # A review does not see that a state is renamed.
    if title != KEY_RENAMED
]
# What takes access away and nothing else: the grant that a step ends.
MAY_BE_DESTROYED = {"aws_iam_role_policy"}


@pytest.fixture(name="estates", scope="module")
def _estates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Synthesize each state of each move."""
    found: dict[str, list[Path]] = {}
    for title, states in MOVES.items():
        for state in states:
            folder = tmp_path_factory.mktemp("move")
            (folder / "environments.toml").write_text(state.file, "utf-8")
            synth_file(folder / "environments.toml", folder / "cdktf.out")
            found.setdefault(title, []).append(folder / "cdktf.out")
    return found


def lets_in(out: Path, role: str, subject: str) -> bool:
    """Decide whether a role of a state is there and trusts a run."""
    for file in out.glob("stacks/*/cdk.tf.json"):
        stack = Synthesized(json.loads(file.read_text("utf-8")))
        for body in stack.resources("aws_iam_role").values():
            if body["name"] == role:
                return _is_trusted(body["assume_role_policy"], subject)
    return False


def _is_trusted(policy: str, subject: str) -> bool:
    statement = json.loads(policy)["Statement"][0]
    shown = WebIdentity(
        provider_arn=statement["Principal"]["Federated"],
        condition_key_prefix=HOST,
        claims={"sub": subject, "aud": "sts.amazonaws.com"},
    )
    return evaluate_trust(read_policy(policy).policy, shown).verdict is Verdict.ALLOWED


def review(estates: dict[str, list[Path]], title: str, step: int, form: str) -> Any:
    """Review a step."""
    before, after = map(str, estates[title][step - 1 : step + 1])
    done = CliRunner().invoke(main, ["review", before, after, "--format", form])
    assert done.exit_code == 0, done.output
    return done.output


def test_every_move_is_tried() -> None:
    """Each move of the page has its runs, and each state says who gets in."""
    lengths = {title: {len(run.let_in) for run in runs} for title, runs in RUNS.items()}

    assert lengths == {title: {len(states)} for title, states in MOVES.items()}


@pytest.mark.parametrize("title", MOVES)
def test_who_gets_in(estates: dict[str, list[Path]], title: str) -> None:
    """Tokens of before and of after get in where the page says so, and those of strangers never."""
    expected = {(run.role, run.subject): run.let_in for run in RUNS[title]}
    found = {
        (role, subject): tuple(lets_in(out, role, subject) for out in estates[title])
        for role, subject in expected
    }

    assert found == expected


@pytest.mark.parametrize(("title", "step"), STEPS)
def test_what_the_review_says(estates: dict[str, list[Path]], title: str, step: int) -> None:
    """The page shows what the review says, and it names nothing that would be lost."""
    text = review(estates, title, step, "text")
    found = json.loads(review(estates, title, step, "json"))
    lost = {one["type"] for one in found["resources"] if one["action"] in {"destroy", "replace"}}

    assert MOVES[title][step].review in text
    assert lost <= MAY_BE_DESTROYED
