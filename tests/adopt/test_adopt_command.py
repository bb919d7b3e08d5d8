"""The command: what it prints, what it writes and never overwrites, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import systems
from answers_of_aws import account, policy, role, trust
from click.testing import CliRunner
from synthesized import synth_file

from deploy_access.adopt.commands_text import COMMANDS
from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

WIDE = (
    "repo:acme/a:*",
    "repo:acme/b:ref:*",
    "repo:acme/c:ref:refs/heads/*",
    "repo:acme/d:ref:refs/tags/*",
    "repo:acme/e:environment:*",
    "repo:acme/f:pull_request",
    "repo:acme/g:ref:refs/heads/feature/*",
    "repo:acme/h:ref:refs/tags/v*",
    "repo:acme/i:environment:prod%3Aeu",
)
ATTACHED = (
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::aws:policy/AmazonECS_FullAccess",
)


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["adopt", *arguments])


@pytest.mark.parametrize("arguments", [(), ("--commands",)])
def test_it_prints_the_commands(arguments: tuple[str, ...]) -> None:
    """Without files nothing can be read, so it says how to make them."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (0, COMMANDS)


def test_it_writes_only_when_asked(tmp_path: Path) -> None:
    """Without `--write` it is a report."""
    place = systems.console(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = run(str(place))

    assert result.exit_code == 0
    assert "Wrote" not in result.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """The entries come beside it, once; another text is never written over."""
    place, own = systems.console(tmp_path), tmp_path / "environments.toml"
    own.write_text("schema = 1\n", "utf-8")
    first, again = (run(str(place), "--write", str(tmp_path)) for _ in range(2))
    beside = tmp_path / "adopted.toml"
    kept = beside.read_text("utf-8")
    beside.write_text(kept + "# mine\n", "utf-8")
    refused = run(str(place), "--write", str(tmp_path))

    assert f"Wrote {beside}\n  {own} is there and stays as it is" in first.stdout
    assert f"Unchanged: {beside}" in again.stdout
    assert own.read_text("utf-8") == "schema = 1\n"
    assert refused.exit_code == 1
    assert f"{beside} is there and different." in refused.stderr
    assert beside.read_text("utf-8").endswith("# mine\n")


def test_it_writes_the_same_again(tmp_path: Path) -> None:
    """The order of files means nothing."""
    place = systems.console(tmp_path)
    texts: set[str] = set()
    for number, names in enumerate([(place,), sorted(place.iterdir(), reverse=True)]):
        folder = tmp_path / str(number)
        assert run(*map(str, names), "--write", str(folder)).exit_code == 0
        texts.add((folder / "environments.toml").read_text("utf-8"))

    assert len(texts) == 1


def test_whatever_is_wide_synthesizes(tmp_path: Path) -> None:
    """Each rule that would refuse it is accepted with a reason, and no other."""
    roles = [role(f"role-{n}", trust(one)) for n, one in enumerate(WIDE)]
    roles += [
        role(f"attached-{n}", trust(f"repo:acme/z{n}:*"), attached=[arn])
        for n, arn in enumerate(ATTACHED)
    ]
    place = account(tmp_path, roles)
    result = run(str(place), "--write", str(tmp_path), "--region", "eu-central-1")
    made = synth_file(tmp_path / "environments.toml", tmp_path / "cdktf.out")

    assert result.exit_code == 0
    assert len(made) == 1 + len(WIDE) + len(ATTACHED)


def test_nothing_is_there_to_write(tmp_path: Path) -> None:
    """An account without such roles is told, and no file is written."""
    runs = {
        "Effect": "Allow",
        "Principal": {"Service": "x.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    place = account(tmp_path, [role("other", policy(runs))])
    result = run(str(place), "--write", str(tmp_path / "out"))

    assert result.exit_code == 0
    assert "Nothing is written: no role is taken over." in result.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--image", "web"), "'web' is not of the form ROLE=NAME."),
        (("--repository", "web=acme"), "'acme' is not of the form OWNER/NAME."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    """An option that says half of what it must is refused."""
    result = run("account", *arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named."""
    result = run(str(tmp_path / "none.json"))

    assert result.exit_code == 1
    assert "none.json" in result.stderr
