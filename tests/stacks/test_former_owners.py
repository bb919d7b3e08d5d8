"""What `former_names` of `[github]` adds to the trust of an organization that was renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, WEB, load, mistakes

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = HEAD.replace('owner = "acme"\n', 'owner = "newco"\nformer_names = ["acme"]\n')
MAIN = ":ref:refs/heads/main"
NEW, OLD = ("repo:newco@1/web@2", "repo:newco/web"), ("repo:acme@1/web@2", "repo:acme/web")


@pytest.mark.parametrize(
    ("service", "prefixes"),
    [
        pytest.param(WEB, [NEW[0], OLD[0]], id="immutable"),
        pytest.param(
            '[services.web]\nrepository = "web"\nsubject_format = "legacy"\n',
            [NEW[1], OLD[1]],
            id="legacy",
        ),
        pytest.param(WEB + 'subject_format = "both"\n', [*NEW, *OLD], id="both"),
        pytest.param(
            WEB + 'former_names = ["newco@1/shop"]\n',
            [NEW[0], "repo:newco@1/shop@2", OLD[0]],
            id="renamed itself too",
        ),
        pytest.param(
            '[services.web]\nrepository = "other/web"\nowner_id = 9\nrepo_id = 2\n',
            ["repo:other@9/web@2"],
            id="of another owner",
        ),
    ],
)
def test_former_owner(tmp_path: Path, service: str, prefixes: list[str]) -> None:
    """Its repositories are trusted under both names, in the form that their tokens have."""
    (made,) = load(tmp_path, RENAMED + service + DEV).services
    (subject,) = made.role.subjects

    assert subject.exact == tuple(f"{one}{MAIN}" for one in prefixes)


def test_another_repository_of_the_owner(tmp_path: Path) -> None:
    """One that an entry of `subjects` names has the former owner too."""
    entry = 'subjects = [{ branch = "main", repository = "api", repo_id = 3 }]\n'
    (made,) = load(tmp_path, RENAMED + WEB + DEV + entry).services
    (subject,) = made.role.subjects

    assert subject.exact == (f"repo:newco@1/api@3{MAIN}", f"repo:acme@1/api@3{MAIN}")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param('["newco"]', "github: `former_names` holds the name", id="of today"),
        pytest.param('["acme/web"]', "github.former_names: The owner of a", id="a repository"),
        pytest.param('["a", "a"]', "github.former_names: `former_names` names each", id="twice"),
    ],
)
def test_refused(tmp_path: Path, names: str, expected: str) -> None:
    """It holds names of an owner, and not the one of today."""
    (found,) = mistakes(tmp_path, RENAMED.replace('["acme"]', names) + WEB + DEV)

    assert found.startswith(expected)
