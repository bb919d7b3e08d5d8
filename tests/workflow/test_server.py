"""GitHub Enterprise Server: what it has by its release, and what no release has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rendering import plan

from deploy_access.errors import InvalidValue
from deploy_access.github.issuer import Issuer
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.server import OLDEST, check_version, has_feature, read_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate


@pytest.mark.parametrize(
    ("text", "version"),
    [
        pytest.param("3.18", (3, 18), id="release"),
        pytest.param("3.20.4", (3, 20), id="patch"),
        pytest.param(None, OLDEST, id="left out"),
        pytest.param("new", OLDEST, id="no release"),
    ],
)
def test_versions(text: object, version: tuple[int, int]) -> None:
    """A release is two numbers; without one the oldest that GitHub supports is taken."""
    assert read_version(text) == version


@pytest.mark.parametrize("text", ["3", "3.9", "2.22", "v3.18", "3.18-rc", "", 3.18, None, "4"])
def test_no_version(text: object) -> None:
    """What is no release, or none that GitHub supports, is refused."""
    assert len(list(check_version("server_version", text))) == 1


def test_features_by_release() -> None:
    """Releases are compared as numbers; a queue and `$/` no release has."""
    releases = [(3, 18), (3, 19), (3, 22), (3, 100), (4, 0)]
    colon, paths = (
        [has_feature(one, feature) for one in releases]
        for feature in ("encoded colon", "paths in 3,000 files")
    )

    assert colon == [False, True, True, True, True]
    assert paths == [False, False, True, True, True]
    assert not any(has_feature(one, "queue") for one in releases)
    assert not any(has_feature(one, "own files by `$/`") for one in releases)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="steps"),
        pytest.param({"composite": True}, id="action"),
        pytest.param({"reusable": f"acme/ghes/.github/workflows/own.yml@{'1' * 40}"}, id="called"),
    ],
)
def test_nothing_that_only_github_com_has(read: DeployerEstate, options: dict[str, object]) -> None:
    """Neither its runners nor its syntax of 2026; what `./` names is checked out before."""
    planned = plan(read, "ghes", **options)
    texts = [text for one in planned for text in render_files([one], "").values()]

    assert texts
    for text in texts:
        assert "$/" not in text
        assert "queue:" not in text
        assert "ubuntu-" not in text
        if "uses: ./.github/actions" in text:
            assert text.index("actions/checkout@") < text.index("uses: ./.github/actions")


@pytest.mark.parametrize(
    ("repository", "words", "is_said"),
    [
        pytest.param("ghes", ["--path", "src/**"], True, id="server"),
        pytest.param("ghes", [], False, id="without paths"),
        pytest.param("pulls-too", ["--path", "src/**"], False, id="github.com"),
    ],
)
def test_paths_in_few_files(
    run: Callable[..., Result], tmp_path: Path, repository: str, words: list[str], *, is_said: bool
) -> None:
    """Where a greater change may start no run on a server, the command says so."""
    said = run("--repo", f"acme/{repository}", *words, "--write", str(tmp_path)).stderr

    assert ("the first 300 changed files" in said) is is_said


def test_an_environment_with_a_colon(read: DeployerEstate) -> None:
    """Its name in the token is not that of the policy, unless the server is new enough."""
    (server,) = [one for one in read.deployers if one.name == "ghes-deploy"]
    subject = replace(server.trusted[0], kind="environment", value="prod:eu")
    old = replace(server, trusted=(subject,))
    new = replace(old, hints={"server_version": "3.19"})

    with pytest.raises(InvalidValue, match="would let no run into its environment"):
        plan_workflows([old], Options())
    assert plan_workflows([new], Options())


def test_one_name_on_two_githubs(read: DeployerEstate) -> None:
    """Roles of two hosts are not the jobs of one repository: no workflow runs on both."""
    (server,) = [one for one in read.deployers if one.name == "ghes-deploy"]
    moved = tuple(replace(one, issuer=Issuer.github()) for one in server.trusted)
    here = replace(server, role=replace(server.role, name="here"), trusted=moved)
    both = replace(here, trusted=(*server.trusted, *moved))

    with pytest.raises(InvalidValue) as caught:
        plan_workflows([server, here], Options())

    assert str(caught.value) == (
        "The roles of acme/ghes let in runs of different GitHubs. Got ghes-deploy: git.acme.com, "
        "here: token.actions.githubusercontent.com. A repository on one of them is not that of the "
        "same name on another, and each lets in the jobs of its own roles only. Choose the roles "
        "of one GitHub with `--role NAME`."
    )
    assert plan_workflows([server, here], Options(roles=("here",)))
    assert plan_workflows([server, both], Options())
