"""What is committed under `examples` is what the command makes of the stacks."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from example_programs import (
    APP,
    COMPOSITE_ACTION,
    EXAMPLES,
    PER_ENVIRONMENT,
    PUSH_TO_ECR,
    ROOT,
    SHARED_ROLE,
    TOKEN_EXCHANGE,
    Program,
)
from judges.workflow_judges import check_schema, zizmor
from rendering import plan

from deploy_access.cli import main
from deploy_access.workflow.output import render_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deploy_access.workflow.deployer_reader import DeployerEstate

OPTIONS: dict[Program, list[str]] = {
    PUSH_TO_ECR: [],
    SHARED_ROLE: ["--container", "sample"],
    PER_ENVIRONMENT: [],
    COMPOSITE_ACTION: ["--composite", "--variables", "--container", "api"],
    TOKEN_EXCHANGE: ["--session", "900"],
}
PAGE = (ROOT / "docs/workflows.md").read_text("utf-8")


@pytest.fixture(name="compare")
def _compare(request: pytest.FixtureRequest) -> str:
    """Return the option that compares; with `--snapshot-update` the one that writes anew."""
    return "--write" if request.config.getoption("update_snapshots") else "--check"


@pytest.mark.parametrize("program", OPTIONS, ids=str)
def test_example(synthesize: Callable[[Program], Path], program: Program, compare: str) -> None:
    """Each example's workflow is the one that its README makes."""
    out = synthesize(program)
    words = OPTIONS[program]
    folder = EXAMPLES / program.example

    checked = CliRunner().invoke(
        main, ["workflow", "--out", str(out), *words, compare, str(folder)]
    )

    assert (checked.stdout, checked.exit_code) == ("", 0)
    told = " ".join(["deploy-access", "workflow", *words, "--write", "."])
    assert f"{told}    # in a repository" in (folder / "README.md").read_text("utf-8")


@pytest.fixture(name="estate")
def _estate(synthesize: Callable[[Program], Path]) -> str:
    return str(synthesize(APP))


@pytest.mark.parametrize("words", [[], ["--infra"]], ids=["services", "infra"])
def test_estate(estate: str, compare: str, words: list[str]) -> None:
    """The workflows of the estate in `environments.toml` are up to date."""
    asked = ["workflow", "--out", estate, *words, compare, str(EXAMPLES)]
    checked = CliRunner().invoke(main, asked)

    assert (checked.stdout, checked.exit_code) == ("", 0)


def test_page_shows_a_refusal(estate: str) -> None:
    """The refusal on the page is what the command says."""
    words = ["--repo", "acme/web", "--role", "web-images-push", "--branch", "develop"]

    refused = CliRunner().invoke(main, ["workflow", "--out", estate, *words])

    command = " ".join(["$ deploy-access workflow", *words])
    assert f"```console\n{command}\n{refused.stderr.rstrip()}\n```" in PAGE


def test_page_shows_a_leftover(
    estate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that is no longer made is named on the page as the command names it."""
    monkeypatch.chdir(tmp_path)
    words = ["workflow", "--repo", "acme/web"]
    out = ["--out", estate]
    CliRunner().invoke(main, [*words, *out, "--write", ".github"])
    old = tmp_path / ".github/workflows/deploy-old.yml"
    old.write_text(old.with_name("deploy-web.yml").read_text("utf-8"), "utf-8")

    checked = CliRunner().invoke(main, [*words, *out, "--check", ".github"])

    command = " ".join(["$ deploy-access", *words, "--check", ".github"])
    assert checked.exit_code == 10
    assert f"```console\n{command}\n{checked.stdout}```" in PAGE


def test_page_shows_what_is_written(
    estate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first command of the page says what it writes, before what GitHub needs beside it."""
    monkeypatch.chdir(tmp_path)
    words = ["workflow", "--repo", "acme/web", "--write", ".github"]

    written = CliRunner().invoke(main, [*words, "--out", estate])

    shown = " ".join(["$ deploy-access", *words])
    assert f"```console\n{shown}\n{written.stderr.splitlines()[0]}\n```" in PAGE


def test_variables_of_the_composite_example(
    synthesize: Callable[[Program], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands in the example's README are those that are printed."""
    copytree(synthesize(COMPOSITE_ACTION), tmp_path / "cdktf.out")
    monkeypatch.chdir(tmp_path)

    printed = CliRunner().invoke(main, ["workflow", *OPTIONS[COMPOSITE_ACTION]]).stderr

    lines = [line.strip() for line in printed.splitlines() if "gh variable" in line]
    page = (EXAMPLES / COMPOSITE_ACTION.example / "README.md").read_text("utf-8")
    assert "```sh\n" + "\n".join(lines) + "\n```" in page


@pytest.mark.slow
def test_judges_find_nothing_in_what_is_committed() -> None:
    """Judges that are not ours read the committed files."""
    files = sorted([*EXAMPLES.glob("**/workflows/*.yml"), *EXAMPLES.glob("*/actions/*/action.yml")])

    assert len(files) >= 8
    assert [*zizmor(*files), *check_schema(*files)] == []


SHOWN = [part.split("\n", 1) for part in PAGE.split("<!-- ")[1:]]


@pytest.mark.parametrize(
    ("where", "text"), [pytest.param(where, text, id=where[:-4]) for where, text in SHOWN]
)
def test_page_shows_what_is_made(read: DeployerEstate, where: str, text: str) -> None:
    """Each block of YAML on the page is a part of a file that is made."""
    name = where.removesuffix(" -->")
    block = text.partition("```yaml\n")[2].partition("```")[0]

    assert block
    assert any(block in file for file in _files(read, name))


def _files(read: DeployerEstate, name: str) -> list[str]:
    if not name.startswith("kind: "):
        return [(ROOT / name).read_text("utf-8")]
    kind, *options = name.removeprefix("kind: ").split(", ")
    asked: dict[str, Any] = dict.fromkeys(options, True)
    return list(render_files(plan(read, kind, **asked), "deploy-access workflow").values())
