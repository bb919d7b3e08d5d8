"""The wheel: what it puts where, and what the index shows of it."""

from __future__ import annotations

import re
from email import message_from_bytes
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from clean_places import ROOT, UV, done, make_place
from trove_classifiers import classifiers

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

pytestmark = pytest.mark.slow

LINK = re.compile(r"\]\((?P<target>[^)]*)\)")


@pytest.fixture(name="files", scope="module")
def _files(wheel: Path) -> list[str]:
    """List the files of the wheel."""
    return ZipFile(wheel).namelist()


@pytest.fixture(name="metadata", scope="module")
def _metadata(wheel: Path, files: list[str]) -> Message:
    """Read what an index reads."""
    (path,) = (name for name in files if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(ZipFile(wheel).read(path))


def test_two_names_are_taken(files: list[str]) -> None:
    """No name that a project may have itself lands beside the packages of others."""
    tops = {name.partition("/")[0] for name in files}

    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "constructs_lib",
        "deploy_access",
    }


def test_the_source_makes_the_same_wheel(files: list[str], tmp_path: Path) -> None:
    """What the index has as source is all that the wheel is made of."""
    done(UV, "build", "--quiet", "--out-dir", tmp_path, ROOT, cwd=tmp_path)

    (again,) = tmp_path.glob("*.whl")
    assert sorted(ZipFile(again).namelist()) == sorted(files)


def test_a_clone_is_installed_as_it_is(tmp_path: Path) -> None:
    """An editable install finds all four packages in the clone, and copies none of them."""
    (tmp_path / "place").mkdir()
    place = make_place(tmp_path / "place", "--no-deps", "--editable", str(ROOT))

    code = "from importlib.util import find_spec as f; print(*(f(n).origin for n in NAMES))"
    names = ("constructs_lib", "deploy_access", "sandbox", "stacks")
    said = place.say("-c", f"NAMES = {names}; {code}", cwd=tmp_path)
    assert said.split() == [str(ROOT / name / "__init__.py") for name in names]
    copied = {path.parent.name for path in place.folder.rglob("*.py")} & {"stacks", "sandbox"}
    assert copied == set()


def test_both_are_typed(files: list[str]) -> None:
    """A type checker reads the types of both."""
    assert {"constructs_lib/py.typed", "deploy_access/py.typed"} <= set(files)


def test_the_index_shows_no_relative_link(metadata: Message) -> None:
    """The README is whole there, and nothing in it leads to a file that the index does not have."""
    text = str(metadata.get_payload())

    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "# deploy-access" in text
    assert "| going live |" in text
    targets = [link["target"] for link in LINK.finditer(text)]
    assert [target for target in targets if not target.startswith("https://")] == []


def test_who_looks_for_it_finds_it(metadata: Message) -> None:
    """Its keywords and classifiers are the index's own; no address and no author is claimed."""
    assert {"aws", "cdktf", "github-actions", "oidc"} <= {*str(metadata["Keywords"]).split(",")}
    assert set(metadata.get_all("Classifier", [])) <= classifiers
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert [name for name in ("Home-page", "Project-URL", "Author") if metadata[name]] == []
