"""The repository that git's settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deploy_access.github.checkout import repository_of

if TYPE_CHECKING:
    from pathlib import Path

ADDRESSES = [
    ("https://github.com/acme/web.git", "acme/web"),
    ("https://github.com/acme/web", "acme/web"),
    ("https://someone@github.com/acme/web/", "acme/web"),
    ("git@github.com:acme/web.git", "acme/web"),
    ("ssh://git@github.com/acme/web.git", "acme/web"),
    ("git@github.com:acme/web.site.git", "acme/web.site"),
    ("https://gitlab.com/acme/web.git", None),
    ("https://evil.example/github.com/acme/web", None),
    ("../web", None),
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_origin(address: str, expected: str | None, tmp_path: Path) -> None:
    """The address of `origin` says the repository, in each form that git takes."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text(
        '[core]\n\tbare = false\n[remote "other"]\n\turl = git@github.com:acme/fork.git\n'
        f'[remote "origin"]\n\tfetch = +refs/heads/*\n\turl = {address}\n[branch "main"]\n',
        "utf-8",
    )
    (tmp_path / ".github/workflows").mkdir(parents=True)

    assert repository_of(tmp_path / ".github/workflows") == expected


def test_no_checkout(tmp_path: Path) -> None:
    """Without git there is no repository."""
    assert repository_of(tmp_path / "deploy.yml") is None
