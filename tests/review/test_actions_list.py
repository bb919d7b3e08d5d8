"""AWS's published list of actions, as it is shipped."""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path

import pytest

from deploy_access.review.actions import all_but, by_level, every_action, expand, list_date

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy_access" / "review" / "aws_actions.json"
SCRIPT = ROOT / "scripts" / "aws_actions.py"


def test_the_list_is_that_of_the_pinned_package() -> None:
    """The file is what the script makes of the data that npm installed."""
    script = runpy.run_path(str(SCRIPT))
    if not script["PACKAGE"].exists():
        message = "The data of AWS's actions are not installed: `make setup` installs them."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    assert SHIPPED.read_text("utf-8") == script["compile_list"]()


def test_a_line_is_a_service() -> None:
    """Each service stands on a line of its own, so that a new list can be reviewed."""
    listed = json.loads(SHIPPED.read_text("utf-8"))

    assert len(SHIPPED.read_text("utf-8").splitlines()) == len(listed["services"]) + 2
    assert listed["date"] == list_date()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("ecr:PutImage", {"ecr:putimage"}, id="literal"),
        pytest.param("ECR:putimage", {"ecr:putimage"}, id="case"),
        pytest.param("ecr:Nothing", {"ecr:nothing"}, id="not-listed"),
        pytest.param(
            "ecr:PutI*",
            {f"ecr:putimage{s}" for s in ("", "scanningconfiguration", "tagmutability")},
            id="star",
        ),
        pytest.param("ec?:PutImage", {"ecr:putimage"}, id="question-mark-in-the-service"),
        pytest.param("ecr:Nothing*", set[str](), id="nothing"),
        pytest.param("none:*", set[str](), id="no-service"),
        pytest.param("ecr:**PutImage", {"ecr:putimage"}, id="two-stars"),
    ],
)
def test_a_pattern_means_the_actions_of_the_list(pattern: str, expected: set[str]) -> None:
    """Wildcards mean what AWS publishes; a name without wildcards means itself."""
    assert expand(pattern) == expected


@pytest.mark.parametrize("pattern", ["*", "*:*", "**"])
def test_a_star_means_every_action(pattern: str) -> None:
    """All services, all actions."""
    assert expand(pattern) == every_action()


def test_actions_are_sorted_by_what_they_do() -> None:
    """The most dangerous level comes first; what AWS does not list has none."""
    levels = by_level(
        frozenset({"ecr:putimage", "ecr:setrepositorypolicy", "ecr:getauthorizationtoken", "a:b"})
    )

    assert list(levels.items()) == [
        ("permissions management", ("ecr:SetRepositoryPolicy",)),
        ("write", ("ecr:PutImage",)),
        ("read", ("ecr:GetAuthorizationToken",)),
        ("unknown", ("a:b",)),
    ]


def test_many_actions_are_sorted_alike() -> None:
    """All actions but one are sorted as a few are, with those that are not listed."""
    many = by_level(all_but(frozenset({"ecr:putimage"})) | {"a:b"})

    assert many["unknown"] == ("a:b",)
    assert "ecr:PutImage" not in many["write"]
    assert many["list"] == by_level(frozenset(name.lower() for name in many["list"]))["list"]
    assert sum(map(len, many.values())) == len(every_action())
