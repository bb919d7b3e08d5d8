"""Errors: one small tree, four parts a message, data for whoever shows it."""

from __future__ import annotations

import pytest

from deploy_access import errors
from deploy_access.audit.finding import Finding
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import (
    DeployAccessError,
    DuplicateResource,
    InvalidEnvironments,
    InvalidValue,
    Problem,
    did_you_mean,
    nearest,
    reject,
    suggest_name,
)

PROBLEM = Problem(what="A role has a name.", given="", why="AWS refuses it.", fix="Name it.")
WIDE = Finding(
    rule="org-wide", severity="error", evidence="repo:acme/*", why="Wide.", help="Narrow it."
)


def test_one_tree() -> None:
    """Every error is caught by catching the root, and the docstring draws all of them."""
    classes = {
        name: value
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }

    assert all(issubclass(value, DeployAccessError) for value in classes.values())
    assert [name for name in classes if name not in (errors.__doc__ or "")] == []


def test_a_problem_has_four_parts() -> None:
    """What, what was given, why it matters and what to do stand in this order."""
    assert str(PROBLEM) == "A role has a name. Got ''. AWS refuses it. Name it."


def test_several_problems_come_at_once() -> None:
    """Each problem is a line of the message, and data for a program."""
    error = InvalidValue(PROBLEM, PROBLEM)

    assert str(error) == f"{PROBLEM}\n{PROBLEM}"
    assert error.problems == (PROBLEM, PROBLEM)


def test_reject_raises_for_all() -> None:
    """One raise names every problem that was found."""
    with pytest.raises(InvalidValue) as caught:
        reject(problem for problem in (PROBLEM, PROBLEM))

    assert caught.value.problems == (PROBLEM, PROBLEM)


def test_reject_lets_good_values_pass() -> None:
    """Without a problem nothing is raised."""
    reject([])


def test_refused_access_says_how_to_accept_it() -> None:
    """The message holds the findings and the line that accepts them."""
    error = AccessRefused("The role 'web'", [WIDE, WIDE])

    assert str(error) == (
        "The role 'web' is refused.\n"
        "  error[org-wide] 'repo:acme/*': Wide. Narrow it.\n"
        "  error[org-wide] 'repo:acme/*': Wide. Narrow it.\n"
        '  If it is meant, accept it by name and say why: accept={"org-wide": "<reason>"}.'
    )
    assert error.findings == (WIDE, WIDE)


def test_a_duplicate_names_both_makers() -> None:
    """Whoever made the same thing twice learns where."""
    error = DuplicateResource(
        "Repository", "web", "111122223333 eu-central-1", ("a/Image", "b/Image")
    )

    assert str(error).startswith(
        "Repository 'web' is made twice in 111122223333 eu-central-1: by 'a/Image' and by 'b/"
    )
    assert error.paths == ("a/Image", "b/Image")


def test_environments_list_every_mistake() -> None:
    """One run shows every mistake of the file."""
    error = InvalidEnvironments("environments.toml", ["accounts.prod: no id", "services.web: no x"])

    assert str(error) == (
        "environments.toml cannot be used:\n  accounts.prod: no id\n  services.web: no x"
    )
    assert error.problems == ("accounts.prod: no id", "services.web: no x")


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        pytest.param("prd", ["dev", "prod"], "prod", id="a letter is missing"),
        pytest.param("PROD", ["dev", "prod"], "prod", id="in capitals"),
        pytest.param("prod", ["PROD", "Prod"], "PROD", id="differ in case alone"),
        pytest.param("staging", ["dev", "prod"], None, id="none is near"),
        pytest.param("prod", [], None, id="none is known"),
    ],
)
def test_nearest_name(name: str, known: list[str], expected: str | None) -> None:
    """The nearest of the known names is found, without regard to case."""
    assert nearest(name, known) == expected
    assert did_you_mean(name, known) == (f"Did you mean {expected!r}?" if expected else "")


def test_suggested_name() -> None:
    """Where no name is near, all known ones are listed."""
    assert suggest_name("prd", ["prod", "dev"]) == "Did you mean 'prod'?"
    assert suggest_name("x", ["prod", "dev"]) == "Known here: dev, prod."
    assert suggest_name("x", []) == "There is none yet: add it."
