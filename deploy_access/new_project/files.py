"""The files of a new project, but its workflows, which are made from what it synthesizes."""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from deploy_access.layout import module_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.new_project.facts import ProjectFacts

MARK = "# REPLACE"
"""What stands behind each value that is the example's."""

# Where each lies in this package: under its own name a tool would take some for files of this one.
_FILES = {
    ".gitignore": "gitignore.txt",
    "Makefile": "Makefile",
    "cdktf.json": "cdktf.json",
    "environments.toml": "environments.toml",
    "main.py": "main.py.txt",
    "requirements.txt": "requirements.txt",
    "tests/test_project.py": "test_project.py.txt",
}
_WORD = re.compile(r" ?@(?P<word>[a-z_]+)@")


def project_files(facts: ProjectFacts) -> dict[str, str]:
    """Return the text of each file by its path in the project."""
    words = _words(facts)
    folder = files("deploy_access.new_project") / "files"
    return {
        name: _filled((folder / source).read_text("utf-8"), words)
        for name, source in _FILES.items()
    }


def _words(facts: ProjectFacts) -> Mapping[str, str]:
    values = {name: facts[name] for name in facts.names()}
    marks = {f"mark_{name}": MARK if facts.stands_in(name) else "" for name in values}
    return {
        **values,
        **marks,
        "bucket": facts.bucket,
        "name": facts.name,
        "owner": facts.owner,
        "partition": facts.partition,
        "service_key": facts.service_key,
        "stacks": module_of("stacks"),
        "version": version("deploy-access"),
    }


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Fill the words of a text; an empty one goes with the space before it."""

    def fill(found: re.Match[str]) -> str:
        space = found[0].startswith(" ")
        value = words[found["word"]]
        return f"{' ' * (space and bool(value))}{value}"

    return _WORD.sub(fill, text)
