"""A review becomes one comment, one status and an exit code, and none of them for an old commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_github import BASE, HEAD, NEWER, REPOSITORY, FakeGitHub, Json, pull, run_event
from github_server import call

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

MARKER = "<!-- deploy-access review -->"
REVIEW = f"{MARKER}\n\n**1 role can do more and nothing would be destroyed.**\n\n### Wider access\n"
SENTENCE = "1 role can do more and nothing would be destroyed."
NOTE = f"Commit {HEAD}, compared with {BASE}."
BODY = f"{REVIEW.rstrip()}\n\n{NOTE}"
RUN_URL = "https://github.com/acme/deploy-access/actions/runs/7"
BOT = {"login": "github-actions[bot]"}
WORKFLOW = {"filename": ".github/workflows/review.yml"}


def _report(
    github: FakeGitHub,
    folder: Path,
    *,
    code: int = 0,
    review: str = REVIEW,
    event: Json | None = None,
    **given: str,
) -> subprocess.CompletedProcess[str]:
    (folder / "review.md").write_text(review, encoding="utf-8")
    wishes = {"COMMENT": "true", "STATUS": "deploy-access review", "GUARD": ".github/"}
    step = {"REVIEW": str(folder / "review.md"), "EXIT_CODE": str(code)}
    return call(github, "report", folder, event, **wishes | step | given)


def _status(state: str, description: str) -> Json:
    return {
        "sha": HEAD,
        "state": state,
        "context": "deploy-access review",
        "description": description,
        "target_url": RUN_URL,
    }


@pytest.mark.parametrize(("code", "state"), [(0, "success"), (10, "failure")])
def test_a_review_becomes_a_comment_and_a_status(
    github: FakeGitHub, tmp_path: Path, code: int, state: str
) -> None:
    """The comment has the review, the status its sentence, and the step its exit code."""
    github.pulls = [pull()]
    run = _report(github, tmp_path, code=code)
    assert run.returncode == code, run.stderr
    assert [(c["number"], c["body"]) for c in github.comments] == [(12, BODY)]
    assert github.statuses == [_status(state, SENTENCE)]


def test_a_review_that_failed_is_no_verdict(github: FakeGitHub, tmp_path: Path) -> None:
    """What the command could not read is an error on the commit, and leaves the comment alone."""
    github.pulls = [pull()]
    run = _report(github, tmp_path, code=1, review="")
    assert (run.returncode, github.comments) == (1, [])
    assert github.statuses == [_status("error", "The review could not be made; the run says why.")]


def test_the_comment_is_kept_up_to_date_in_place(github: FakeGitHub, tmp_path: Path) -> None:
    """Among many, also on a later page, the comment of this workflow is written over."""
    others = [{"id": n, "user": {"login": "ada"}, "body": "Nice."} for n in range(5)]
    mine = {"id": 77, "user": BOT, "body": f"{MARKER}\nold"}
    github.pulls, github.comments, github.page = [pull()], [*others, mine], 2
    _report(github, tmp_path)
    assert github.comments == [*others, mine | {"body": BODY}]


def test_a_comment_that_is_up_to_date_is_left_alone(github: FakeGitHub, tmp_path: Path) -> None:
    """Writing the same again would only notify people."""
    github.pulls, github.comments = [pull()], [{"id": 77, "user": BOT, "body": BODY}]
    _report(github, tmp_path)
    assert not [asked for asked in github.requests if asked.startswith("PATCH")]


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param({"user": {"login": "mallory"}, "body": f"{MARKER}\nfine"}, id="other-author"),
        pytest.param({"user": BOT, "body": f"Quote:\n{MARKER}"}, id="marker-further-down"),
        pytest.param({"user": None, "body": f"{MARKER}\nfine"}, id="account-is-gone"),
    ],
)
def test_a_comment_of_somebody_else_is_never_written_over(
    github: FakeGitHub, tmp_path: Path, foreign: Json
) -> None:
    """Anybody can write the marker, so the author counts too."""
    github.pulls, github.comments = [pull()], [{"id": 5, **foreign}]
    _report(github, tmp_path)
    assert [comment["body"] for comment in github.comments] == [foreign["body"], BODY]


def test_a_review_that_is_too_long_is_replaced_by_its_sentence(
    github: FakeGitHub, tmp_path: Path
) -> None:
    """Nothing is cut in the middle; the run has all of it."""
    github.pulls = [pull()]
    _report(github, tmp_path, review=REVIEW + "é" * 32_700)
    more = f"The review is too long for a comment: [the run]({RUN_URL}) has all of it."
    assert [c["body"] for c in github.comments] == [f"{MARKER}\n\n{SENTENCE}\n\n{more}\n\n{NOTE}"]


@pytest.mark.parametrize(
    "event", [run_event(), {"pull_request": pull()}], ids=["workflow_run", "pull_request"]
)
def test_an_old_commit_gets_no_verdict(github: FakeGitHub, tmp_path: Path, event: Json) -> None:
    """A pull request that has a newer commit by now waits for the review of that one."""
    github.pulls = [pull(sha=NEWER)]
    run = _report(github, tmp_path, code=10, event=event)
    assert (run.returncode, github.comments, github.statuses) == (0, [], []), run.stderr


def test_neither_comment_nor_status_has_to_be(github: FakeGitHub, tmp_path: Path) -> None:
    """Both can be turned off; the exit code stays."""
    github.pulls = [pull()]
    run = _report(github, tmp_path, code=10, COMMENT="false", STATUS="")
    assert (run.returncode, github.comments, github.statuses) == (10, [], [])


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param([WORKFLOW], id="changed"),
        pytest.param(
            [{"filename": "x.yml", "previous_filename": WORKFLOW["filename"]}], id="moved-away"
        ),
    ],
)
def test_a_fork_does_not_change_what_is_reviewed(
    github: FakeGitHub, tmp_path: Path, changed: list[Json]
) -> None:
    """A fork that changes the workflow that makes the JSON fails, whatever the JSON says."""
    github.pulls, github.page = [pull()], 1
    github.files = [{"filename": "environments.toml"}, *changed]
    run = _report(github, tmp_path)
    assert run.returncode == 10
    sentence = "A fork changes .github/workflows/review.yml, which decides what is reviewed."
    assert github.statuses == [_status("failure", sentence)]
    assert "> [!WARNING]" in github.comments[0]["body"]


def test_a_fork_does_not_hide_a_change_behind_many(github: FakeGitHub, tmp_path: Path) -> None:
    """GitHub lists 3,000 files at most, so what comes with as many is not believed."""
    github.pulls = [pull()]
    github.files = [{"filename": f"a/{number}"} for number in range(3000)]
    run = _report(github, tmp_path)
    assert (run.returncode, [status["state"] for status in github.statuses]) == (10, ["failure"])


def test_a_branch_that_changes_what_is_reviewed_is_named(
    github: FakeGitHub, tmp_path: Path
) -> None:
    """In the repository itself the comment warns, and the verdict stays."""
    github.pulls, github.files = [pull(repository=REPOSITORY)], [WORKFLOW]
    run = _report(github, tmp_path, event=run_event(repository=REPOSITORY))
    assert run.returncode == 0
    assert github.statuses == [_status("success", SENTENCE)]
    assert (
        "This pull request changes what decides what is reviewed here" in github.comments[0]["body"]
    )


def test_a_review_that_never_came_to_be_is_said(github: FakeGitHub, tmp_path: Path) -> None:
    """When a step before fails, the commit gets an error in place of silence."""
    github.pulls = [pull()]
    wishes = {"COMMENT": "true", "STATUS": "deploy-access review", "GUARD": ""}
    assert call(github, "error", tmp_path, **wishes).returncode == 0
    assert github.statuses == [_status("error", "The review could not be made; the run says why.")]


OUTDATED = (
    f"{MARKER}\n\n> [!CAUTION]\n> **This is outdated.** Of commit {HEAD} there is no review: "
    f"[the run]({RUN_URL}) says why. Nothing is known of what it does."
)
FOLD = "<details><summary>The review of an earlier commit</summary>"
EARLIER = f"{REVIEW.rstrip()}\n\nCommit {NEWER}, compared with {BASE}."
OLD_TEXT = EARLIER.removeprefix(MARKER).strip()
ERROR = _status("error", "The review could not be made; the run says why.")


def _no_review(github: FakeGitHub, folder: Path, body: str, event: Json) -> None:
    """Say that there is no review, where a comment of the workflow has *body*."""
    github.pulls = [pull()]
    github.comments = [{"id": 77, "user": BOT, "body": body}]
    wishes = {"COMMENT": "true", "STATUS": "deploy-access review", "GUARD": ""}
    run = call(github, "error", folder, event, **wishes)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("conclusion", ["failure", "timed_out", "cancelled", "success"])
def test_a_comment_of_an_earlier_commit_is_marked(
    github: FakeGitHub, tmp_path: Path, conclusion: str
) -> None:
    """However the head's synthesis ended: what stood there is folded, below a warning."""
    _no_review(github, tmp_path, EARLIER, run_event(conclusion=conclusion))
    [comment] = github.comments
    assert comment["body"] == f"{OUTDATED}\n\n{FOLD}\n\n{OLD_TEXT}\n\n</details>"
    assert github.statuses == [ERROR]


def test_a_marked_comment_is_marked_anew(github: FakeGitHub, tmp_path: Path) -> None:
    """The second head without a review is named, and the review stays folded once."""
    marked = f"{OUTDATED.replace(HEAD, BASE)}\n\n{FOLD}\n\n{OLD_TEXT}\n\n</details>"
    _no_review(github, tmp_path, marked, run_event(conclusion="failure"))
    [comment] = github.comments
    assert comment["body"] == f"{OUTDATED}\n\n{FOLD}\n\n{OLD_TEXT}\n\n</details>"


def test_a_review_that_writes_the_fold_itself(github: FakeGitHub, tmp_path: Path) -> None:
    """A value of the files that looks like the mark cuts nothing off."""
    body = f"{MARKER}\n\n**1 role.**\n\n- `{FOLD}`\n\nCommit {NEWER}, compared with {BASE}."
    _no_review(github, tmp_path, body, run_event(conclusion="failure"))
    [comment] = github.comments
    assert "**1 role.**" in comment["body"]


def test_a_review_of_the_head_is_not_outdated(github: FakeGitHub, tmp_path: Path) -> None:
    """A review that found something ends with 10: its comment and its status stay."""
    _no_review(github, tmp_path, BODY, run_event())
    assert [comment["body"] for comment in github.comments] == [BODY]
    assert github.statuses == []


def test_a_long_comment_is_marked(github: FakeGitHub, tmp_path: Path) -> None:
    """Where the mark does not fit above it, only the mark stays."""
    _no_review(github, tmp_path, EARLIER + "x" * 65_300, run_event(conclusion="failure"))
    assert [comment["body"] for comment in github.comments] == [OUTDATED]


def test_a_review_that_failed_marks_the_comment(github: FakeGitHub, tmp_path: Path) -> None:
    """Stacks that the command cannot read leave no earlier review as if it were of them."""
    github.pulls = [pull()]
    github.comments = [{"id": 77, "user": BOT, "body": EARLIER}]
    assert _report(github, tmp_path, code=1, review="").returncode == 1
    assert github.comments[0]["body"].startswith(OUTDATED)


def test_a_comment_of_somebody_else_is_never_marked(github: FakeGitHub, tmp_path: Path) -> None:
    """Every user can write the marker."""
    github.pulls, theirs = [pull()], {"id": 77, "user": {"login": "eve"}, "body": EARLIER}
    github.comments = [dict(theirs)]
    wishes = {"COMMENT": "true", "STATUS": "", "GUARD": ""}
    call(github, "error", tmp_path, run_event(conclusion="failure"), **wishes)
    assert (github.comments, github.statuses) == ([theirs], [])
