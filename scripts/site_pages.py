# ruff: noqa: INP001 - MkDocs loads it as a file, from no package
"""
What the site has beside docs/: the README as its first page, and the files that pages link to.

MkDocs calls the functions: https://www.mkdocs.org/user-guide/configuration/#hooks
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
HOME = "index.md"
# A page of the site, or a file of the repository in a folder of its own.
_DOCS, _FILES = "docs/", "files/"
# No image of another server, and no link within the page.
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the README as the first page, and each file outside of docs/ that is linked to."""
    readme = (ROOT / "README.md").read_text("utf-8")
    files.append(File.generated(config, HOME, content=_rewritten(readme, "README.md")))
    pages = {"README.md": readme}
    pages |= {f"{_DOCS}{one.name}": one.read_text("utf-8") for one in (ROOT / "docs").glob("*.md")}
    linked = {target for name, text in pages.items() for target in _targets(text, name)}
    for target in sorted(one for one in linked if not one.startswith(_DOCS)):
        path = ROOT / target
        if path.is_file():
            files.append(File.generated(config, _place(target), content=path.read_bytes()))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Let links lead to where the site has what they name."""
    if page.file.src_uri == HOME:
        return markdown
    return _rewritten(markdown, f"{_DOCS}{page.file.src_uri}")


def _targets(text: str, name: str) -> Iterator[str]:
    """List what a file of the repository links to, from the root of the repository."""
    for link in _LINK.finditer(text):
        yield _whole(link[1], name)


def _rewritten(text: str, name: str) -> str:
    def link(found: re.Match[str]) -> str:
        return f"]({_place(_whole(found[1], name))}{found[2] or ''})"

    return _LINK.sub(link, text)


def _whole(target: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def _place(target: str) -> str:
    if target.startswith(_DOCS):
        return target.removeprefix(_DOCS)
    # Shown as it is: a page of the site it is not. MkDocs leaves out what begins with a dot.
    name = f"{target}.txt" if target.endswith(".md") else target
    return f"{_FILES}{name.removeprefix('.')}"
