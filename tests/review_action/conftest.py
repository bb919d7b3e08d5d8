"""A GitHub on this machine for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from github_server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_github import FakeGitHub


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """Serve an empty repository."""
    with serve() as found:
        yield found
