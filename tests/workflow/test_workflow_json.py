"""What `workflow` prints for programs is what its schema says, in each of its ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from infra_estate import synthesize_infra
from proof_stacks import DEPLOY, PUSH, SERVICE, deny, write_stacks
from report_schemas import mistakes, unseen
from workflow_estate import CALLED_REF

from deploy_access.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

KINDS = ("push", "deploy", "reading", "migrating", "shifting", "promote", "unknown", "copying")


def read(result: Result) -> Any:
    """Read what a run prints: nothing but one report of the schema, and no remarks beside it."""
    assert result.stderr == ""
    document = json.loads(result.stdout)
    assert mistakes("workflow", document) == []
    return document


def test_it_has_what_the_text_has(run: Callable[..., Result]) -> None:
    """The files are those of the text, and the needs of the repository are its remarks."""
    text = run("--repo", "acme/deploy")
    document = read(run("--repo", "acme/deploy", "--format", "json"))

    (file,) = document["files"]
    (workflow,) = document["workflows"]
    (job,) = workflow["jobs"]
    assert (file["path"], file["state"]) == (".github/workflows/deploy-deploy.yml", "made")
    assert file["text"] == text.stdout
    assert (workflow["repository"], workflow["file"]) == ("acme/deploy", "deploy-deploy.yml")
    assert (job["id"], job["role"], job["environment"]) == ("deploy", "deploy-deploy", "production")
    assert [one["explanation"]["allowed"] for one in job["sessions"]] == [True]
    assert all(needed in text.stderr for needed in workflow["needs"]["files"])


def test_writing_and_checking(run: Callable[..., Result], tmp_path: Path) -> None:
    """Each file has what became of it, and a difference is a diff and exit code 10."""

    def state(*words: str) -> tuple[int, str, bool]:
        result = run("--repo", "acme/push", "--format", "json", *words, str(tmp_path))
        (file,) = read(result)["files"]
        return result.exit_code, file["state"], bool(file["difference"])

    missing = state("--check")
    written, again = state("--write"), state("--write")
    unchanged = state("--check")
    path = tmp_path / "workflows/push-push.yml"
    path.write_text(path.read_text("utf-8").replace("- main", "- develop"), "utf-8")
    different = state("--check")

    assert (missing, written, again) == (
        (10, "missing", True),
        (0, "written", False),
        (0, "unchanged", False),
    )
    assert (unchanged, different) == ((0, "unchanged", False), (10, "different", True))


def test_what_is_no_longer_made(run: Callable[..., Result], tmp_path: Path) -> None:
    """A file of an earlier call is listed, and the check fails over it."""
    run("--repo", "acme/push", "--write", str(tmp_path))
    path = tmp_path / "workflows/push-push.yml"
    old = path.rename(path.with_name("push-old.yml"))
    run("--repo", "acme/push", "--write", str(tmp_path))
    result = run("--repo", "acme/push", "--check", str(tmp_path), "--format", "json")

    assert result.exit_code == 10
    assert read(result)["left"] == [str(old)]


def test_a_job_that_is_not_let_in(run: Callable[..., Result]) -> None:
    """A refused job is data too: nothing is made, and its session says why."""
    result = run("--repo", "acme/push", "--branch", "develop", "--format", "json")
    document = read(result)

    (workflow,) = document["workflows"]
    (session,) = workflow["jobs"][0]["sessions"]
    assert (result.exit_code, document["files"]) == (10, [])
    assert session["explanation"]["roles"][0]["cause"] == "other-branch"


def test_every_part_is_seen(run: Callable[..., Result], tmp_path: Path) -> None:
    """Together these reports have every key of the schema, so that none of it is untried."""
    json_ = ("--format", "json")
    folder = str(tmp_path / ".github")
    results = [run("--repo", f"acme/{kind}", *json_) for kind in KINDS]
    results += [
        run(*json_),
        run("--repo", "acme/push", "--branch", "develop", *json_),
        run("--repo", "acme/called", "--reusable", CALLED_REF, *json_),
        run("--repo", "acme/push", "--check", folder, *json_),
    ]
    written = run("--repo", "acme/push", "--write", folder)
    assert written.exit_code == 0
    (tmp_path / ".github/workflows/push-push.yml").rename(tmp_path / ".github/workflows/old.yml")
    results.append(run("--repo", "acme/push", "--check", folder, *json_))
    denied = deny("ecs:UpdateService", SERVICE)
    for number, statements in enumerate(([*PUSH, *DEPLOY, denied], [*PUSH[1:], *DEPLOY])):
        results.append(run(*json_, out=write_stacks(tmp_path / str(number), *statements)))
    infra = synthesize_infra(tmp_path / "infra")
    results.append(CliRunner().invoke(main, ["workflow", "--infra", "--out", str(infra), *json_]))

    assert unseen("workflow", map(read, results)) == []
