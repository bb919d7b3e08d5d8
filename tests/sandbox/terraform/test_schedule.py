"""
The order in which stacks run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_estates import stack, write_out

from sandbox import StepFailed
from sandbox.errors import StackFailure
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.schedule import run_in_order

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.terraform.sandbox_estate import SandboxEstate
    from sandbox.terraform.sandbox_stack import SandboxStack


@pytest.fixture
def estate(tmp_path: Path) -> SandboxEstate:
    """
    Return an estate in which two services need an account, and a third stack needs nothing.
    """
    names = ("web", "api", "account", "other")
    out = write_out(
        tmp_path, {name: stack(name) for name in names}, web=["account"], api=["account"]
    )
    return read_sandbox_estate(out)


@pytest.mark.parametrize("lanes", [1, 3])
def test_dependencies_run_first(estate: SandboxEstate, lanes: int) -> None:
    """
    Every stack runs once, after those that it depends on.
    """
    ran: list[str] = []

    run_in_order("apply", estate, lambda stack: ran.append(stack.name), lanes=lanes)

    assert sorted(ran) == ["account", "api", "other", "web"]
    assert ran.index("account") < min(ran.index("web"), ran.index("api"))


def test_backwards(estate: SandboxEstate) -> None:
    """
    Backwards, every stack runs after those that depend on it.
    """
    ran: list[str] = []

    run_in_order("destroy", estate, lambda s: ran.append(s.name), lanes=2, backwards=True)

    assert ran.index("account") > max(ran.index("web"), ran.index("api"))


def test_failure(estate: SandboxEstate) -> None:
    """
    A failed stack keeps its dependents from running and no others; the error names them all.
    """
    ran: list[str] = []

    def work(stack: SandboxStack) -> None:
        if stack.name == "account":
            raise StepFailed("apply", [StackFailure("account", "No such thing.")])
        ran.append(stack.name)

    with pytest.raises(StepFailed) as caught:
        run_in_order("apply", estate, work, lanes=2)

    assert ran == ["other"]
    assert caught.value.failures == (StackFailure("account", "No such thing."),)
    assert caught.value.skipped == ("api", "web")


def test_some_of_the_stacks(estate: SandboxEstate) -> None:
    """
    A dependency that is not among the stacks to run is not waited for.
    """
    ran: list[str] = []

    run_in_order("apply", estate.pick(["web"]), lambda s: ran.append(s.name), lanes=2)

    assert ran == ["web"]
