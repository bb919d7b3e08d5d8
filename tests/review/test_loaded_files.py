"""Files that Terraform loads beside a stack stand first in a review when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import one, stack, write_side

from deploy_access.report.review_text import render_review_text
from deploy_access.review.compare import review
from deploy_access.terraform.changed_stacks import is_changed
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.review.model import Notice

LOCK = ".terraform.lock.hcl"
READ = "It is loaded with the stack and not read, so all that is said of the stack may be false."
VERSIONS = (
    "It decides which versions of providers run, each a program with all that Terraform may do."
)
CONTENT = "Its content is code or data that the stack uses, and is not compared."
FUNCTION = one("aws_lambda_function", filename="assets/a.zip", function_name="web")


def side(folder: Path, name: str, text: str | None) -> Path:
    """Write two stacks, and a file in the folder of one."""
    out = write_side(folder, {"api": stack(FUNCTION), "web": stack(FUNCTION)})
    if text is not None:
        path = out / "stacks" / "web" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return out


def notices(tmp_path: Path, name: str, before: str | None, after: str | None) -> tuple[Notice, ...]:
    """Review a change of one file."""
    sides = (side(tmp_path / "base", name, before), side(tmp_path / "head", name, after))
    return review(*sides).notices


@pytest.mark.parametrize("name", ["override.tofu", "x.tofu", "x.tofu.json"])
@pytest.mark.parametrize(
    ("before", "after", "given"),
    [
        (None, "a", "It is new."),
        ("a", "b", "Its content changed."),
        ("a", None, "It is gone."),
    ],
)
def test_a_file_that_is_not_read(
    tmp_path: Path, name: str, before: str | None, after: str | None, given: str
) -> None:
    """New, changed or gone, it is named first, as it can change all that is said."""
    [notice] = notices(tmp_path, name, before, after)

    assert (
        notice.kind,
        notice.address,
        notice.what,
        notice.given,
        notice.stacks,
        notice.is_first,
    ) == (
        *("steering", name, READ, given),
        *(("web",), True),
    )


@pytest.mark.parametrize(
    "name", ["override.tofu", LOCK, "assets/a.zip", "prod.tfvars", "notes.txt"]
)
def test_the_same_bytes_are_no_notice(tmp_path: Path, name: str) -> None:
    """What is equal on both sides changes nothing."""
    assert notices(tmp_path, name, "a", "a") == ()


@pytest.mark.parametrize("name", ["prod.tfvars", ".x.tf", "x.tf~", "notes.txt", "assets/b.zip"])
def test_what_is_not_loaded_is_no_notice(tmp_path: Path, name: str) -> None:
    """A file that Terraform does not load changes nothing."""
    assert notices(tmp_path, name, "a", "b") == ()


def test_a_part_that_is_not_read_is_listed_again(tmp_path: Path) -> None:
    """A file that was there before is no news, and still a part that could not be read."""
    out = side(tmp_path, "override.tofu", "a")

    found = review(out, out)

    assert [problem.where.address for problem in found.problems] == ["override.tofu"]
    assert (found.new_problems, found.notices) == ((), ())


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        pytest.param(LOCK, "a", "b", (VERSIONS, "Its content changed."), id="other versions"),
        pytest.param(LOCK, "a", None, (VERSIONS, "It is gone."), id="no lock file"),
        pytest.param(LOCK, None, "a", None, id="a lock file"),
        pytest.param("assets/a.zip", "a", "b", (CONTENT, "Its content changed."), id="asset"),
        pytest.param("assets/a.zip", "a", None, (CONTENT, "It is gone."), id="no asset"),
    ],
)
def test_what_changes_under_its_name(
    tmp_path: Path, name: str, before: str | None, after: str | None, said: tuple[str, str] | None
) -> None:
    """Versions of providers, and code of another content, show nowhere else."""
    found = [(one.what, one.given) for one in notices(tmp_path, name, before, after)]

    assert found == ([said] if said else [])


def test_it_stands_before_everything_else(tmp_path: Path) -> None:
    """A reader sees it before the access that may be another."""
    base = write_side(tmp_path / "base", {"web": stack()})
    trust = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}'
    role = one("aws_iam_role", name="web", assume_role_policy=trust)
    head = write_side(tmp_path / "head", {"web": stack(role, module={"a": {"source": "./a"}})})
    (head / "stacks" / "web" / "override.tofu").write_text("a", "utf-8")

    found = review(base, head)

    assert [notice.address for notice in found.notices] == ["override.tofu", "module.a"]
    lines = render_review_text(found).splitlines()
    assert lines[2] == "Loaded by Terraform, and not read"
    assert "Wider access" in lines


@pytest.mark.parametrize("name", ["override.tofu", LOCK, "assets/a.zip"])
def test_a_stack_is_deployed_for_them(tmp_path: Path, name: str) -> None:
    """What Terraform would load changes the stack, so it is in a wave."""
    sides = (side(tmp_path / text, name, text) for text in ("a", "b"))
    reading = Reading()
    (api, web), (new_api, new_web) = (reading.sources(one_side) for one_side in sides)

    assert (is_changed(api, new_api), is_changed(web, new_web)) == (False, True)
