"""What claims beside `sub` are compared with: one value or several, exact or patterns."""

from __future__ import annotations

from typing import Any

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.github.repository import GithubRepo

WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
IN_SUB = GithubRepo(
    "acme/web", owner_id=1, repo_id=2, include_claim_keys=("repo", "context", "job_workflow_ref")
)


def test_any_of_several_values() -> None:
    """One value and a list of it are the same, and a value that stands twice stands once."""
    subject = WEB.branch("main").requiring(actor=["a", "b", "a"])

    assert dict(subject.requires) == {"actor": ("a", "b")}
    assert WEB.branch("main").requiring(actor=["a"]) == WEB.branch("main").requiring(actor="a")


def test_several_values_of_the_template() -> None:
    """Each becomes a `sub` of its own, exact or a pattern."""
    exact = IN_SUB.branch("main").requiring(job_workflow_ref=["acme/ci/a@v1", "acme/ci/b@v1"])
    alike = IN_SUB.branch("main").requiring_pattern(job_workflow_ref="acme/ci/*")

    start = "repo:acme@1/web@2:ref:refs/heads/main:job_workflow_ref"
    assert (exact.exact, exact.patterns) == (
        (f"{start}:acme/ci/a@v1", f"{start}:acme/ci/b@v1"),
        (),
    )
    assert (alike.exact, alike.patterns) == ((), (f"{start}:acme/ci/*",))


def test_exact_and_pattern_side_by_side() -> None:
    """They are kept apart, as they are compared by different operators."""
    subject = WEB.branch("main").requiring(actor="a").requiring_pattern(workflow=["d-*", "e-?"])

    assert dict(subject.requires) == {"actor": ("a",)}
    assert dict(subject.requires_like) == {"workflow": ("d-*", "e-?")}


REFUSED: dict[str, tuple[str, Any, str]] = {
    "no value": ("requiring", [], "names at least one value"),
    "a number among them": ("requiring", ["a", 7], "takes text"),
    "a pattern among them": ("requiring", ["a", "b*"], "takes one exact value"),
    "no pattern": ("requiring_pattern", ["a*", "b"], "takes a pattern"),
    "nothing but a wildcard": ("requiring_pattern", "*", "needs literal text"),
    "a wildcard first": ("requiring_pattern", "*/main", "needs literal text"),
    "bytes": ("requiring", b"a", "takes text"),
    "nothing": ("requiring_pattern", None, "takes text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """Each value is checked, whether it stands alone or not."""
    method, value, what = REFUSED[case]

    with pytest.raises(InvalidValue, match=what):
        getattr(WEB.branch("main"), method)(actor=value)


@pytest.mark.parametrize("first", [{"actor": "a"}, {"actor": ["a", "b"]}])
def test_another_value_is_refused(first: dict[str, Any]) -> None:
    """A claim is asked for once: of two lists only what is in both would ever match."""
    with pytest.raises(InvalidValue, match="already asks for another value"):
        WEB.branch("main").requiring(**first).requiring(actor=["b", "c"])
    with pytest.raises(InvalidValue, match="already asks for another value"):
        WEB.branch("main").requiring(**first).requiring_pattern(actor="a*")
