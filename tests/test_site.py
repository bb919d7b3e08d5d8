"""The site of the pages: whole, with links that lead somewhere, and nothing from another server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("README.md", "docs", "mkdocs.yml", "scripts")


def build(project: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a project as `make site` does."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)],
        cwd=project,
        env={"PATH": "", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once."""
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_every_page_is_found(site: Path) -> None:
    """Every page is in the navigation and in the search, the README is the first."""
    home = (site / "index.html").read_text("utf-8")
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    pages = {f"{page.stem}/" for page in (ROOT / "docs").glob("*.md")}

    assert pages | {""} == found
    assert pages <= set(re.findall(r'<a href="([^"]+/)"', home))


@pytest.mark.slow
def test_every_linked_file_is_there(site: Path) -> None:
    """What the pages link to beside pages is in the site, those of hidden folders too."""
    linked = {
        (page.parent / href).resolve()
        for page in site.rglob("index.html")
        for href in re.findall(r'href="((?:\.\./)*files/[^"#]+)', page.read_text("utf-8"))
    }

    assert [path for path in linked if not path.is_file()] == []
    assert (site / "files/environments.toml").read_bytes() == (
        ROOT / "environments.toml"
    ).read_bytes()
    assert (site / "files/github/workflows/deploy.yml") in linked


@pytest.mark.slow
def test_nothing_from_another_server(site: Path) -> None:
    """A page loads no script, style, font or picture from elsewhere."""
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="([^"]+)"', text)
        loaded += re.findall(r'<link[^>]* rel="(?:stylesheet|preconnect|icon)"[^>]*>', text)
        assert not [one for one in loaded if "//" in one], page


@pytest.mark.slow
@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](rules.md#nowhere)", "[x](../nowhere)"])
def test_a_broken_link_fails(tmp_path: Path, link: str) -> None:
    """A link to a page, a heading or a file that is not there ends the build."""
    for part in PARTS:
        place = ROOT / part
        copy = shutil.copytree if place.is_dir() else shutil.copyfile
        copy(place, tmp_path / part)
    page = tmp_path / "docs/security.md"
    page.write_text(f"{page.read_text('utf-8')}\n{link}\n", "utf-8")

    done = build(tmp_path, tmp_path / "site")

    assert done.returncode == 1
    assert "security.md" in done.stderr
