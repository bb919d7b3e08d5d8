"""The completion of the command: in a real bash, and by the protocol of zsh and fish."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("deploy-access")


def asked(shell: str, words: str, current: str) -> list[str]:
    """Ask as the script of *shell* does; its answer is a kind, a value and perhaps a help."""
    answer = subprocess.run(
        [COMMAND],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "_DEPLOY_ACCESS_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": current,
        },
    )
    return answer.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["au"], ["audit"]),
        (["audit", "--form"], ["--format"]),
        (["audit", "--fail-on", "w"], ["warning"]),
        (["review", "--fail-on", "d"], ["destroyed", "data"]),
        (["sandbox", "de"], ["demo", "destroy"]),
        (["nothing-known"], []),
    ],
)
def test_bash(words: list[str], found: list[str]) -> None:
    """The script that the command prints completes names, options and their values in bash."""
    script = f"""
        PATH={COMMAND.parent}:$PATH
        eval "$(_DEPLOY_ACCESS_COMPLETE=bash_source deploy-access)"
        COMP_WORDS=(deploy-access {" ".join(words)}) COMP_CWORD={len(words)}
        _deploy_access_completion deploy-access
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    printed = subprocess.run(["bash", "-c", script], check=True, stdout=subprocess.PIPE, text=True)

    assert printed.stdout.split() == found


def test_zsh() -> None:
    """To zsh each value comes with its help."""
    assert asked("zsh", "deploy-access au", "1") == [
        "plain",
        "audit",
        "Find what is wrong with the roles in...",
    ]


def test_fish() -> None:
    """To fish each value comes with its help, on one line."""
    assert asked("fish", "deploy-access au", "au") == [
        "plain,audit\tFind what is wrong with the roles in...",
    ]


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o nosort -F _deploy_access_completion deploy-access"),
        ("zsh", "compdef _deploy_access_completion deploy-access"),
        ("fish", "complete --no-files --command deploy-access"),
    ],
)
def test_the_script_of_each_shell(shell: str, line: str) -> None:
    """Each shell gets the script that makes it ask."""
    printed = subprocess.run(
        [COMMAND],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"_DEPLOY_ACCESS_COMPLETE": f"{shell}_source"},
    )

    assert line in printed.stdout
