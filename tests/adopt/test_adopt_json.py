"""What `adopt` prints for programs is what its schema says, and what its text says too."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import systems
from answers_of_aws import (
    ACCOUNT,
    GITHUB,
    RETIRED,
    account,
    allow,
    policy,
    pushes,
    repository,
    role,
    trust,
)
from click.testing import CliRunner
from report_schemas import mistakes, unseen
from synthesized import synth_file
from test_read_files import STATE

from deploy_access.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def organization(folder: Path) -> Path:
    """Make a role that trusts an organization, and one that nothing can take over."""
    return account(
        folder,
        [
            role("wide", trust("repo:acme/*")),
            role("web", trust("repo:acme/web:environment:prod", "repo:acme/web:ref:main")),
        ],
        repositories=[repository("web")],
    )


def odd(folder: Path) -> Path:
    """Make a role with what no key says: a subject, a policy, and a cluster too many."""
    document = pushes("web")
    document["Statement"] += [
        allow("s3:PutObject", "arn:aws:s3:::site/*"),
        *systems.deploys("prod", "web"),
        *systems.deploys("staging", "web"),
    ]
    key = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
    encrypted = repository("web", encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key})
    trusted = trust("repo:acme*", "repo:acme/web:environment:prod")
    return account(
        folder,
        [role("web", trusted, inline={"ci": document, "push": pushes("web")})],
        repositories=[encrypted],
        providers=(GITHUB, RETIRED),
    )


def nothing(folder: Path) -> Path:
    """Make an account with no role that GitHub reaches."""
    return account(folder, [role("function", policy())])


SYSTEMS = {
    one.__name__: one
    for one in (
        *(systems.console, systems.shared, systems.environments, systems.command_line),
        *(organization, odd, nothing),
    )
}


def run(*words: str) -> Result:
    """Run the command for programs."""
    return CliRunner().invoke(main, ["adopt", *words, "--format", "json"])


def printed(*words: str) -> Any:
    """Return what it prints, which is nothing but JSON."""
    result = run(*words)
    assert result.exit_code in {0, 10}, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_schema(system: Callable[[Path], Path], tmp_path: Path) -> None:
    """Each system gives a report of the schema, with the text that is written."""
    place = str(system(tmp_path))
    found = printed(place)
    written = printed(place, "--write", str(tmp_path / "new"))

    assert mistakes("adopt", found) + mistakes("adopt", written) == []
    assert found["environments"] == written["environments"]
    if found["environments"]:
        path = tmp_path / "new/environments.toml"
        assert written["written"] == {"path": str(path), "changed": True}
        assert path.read_text("utf-8") == found["environments"]
    else:
        assert (written["written"], (tmp_path / "new").exists()) == (None, False)


def compared(folder: Path, place: str) -> list[Any]:
    """Synthesize what was written, as it is and without its key, and compare it with an account."""
    file = folder / "environments.toml"
    documents: list[Any] = []
    for out in ("as-it-is", "without"):
        synth_file(file, folder / out)
        documents.append(printed(place, "--synthesized", str(folder / out)))
        text = re.sub(r'kms_key = ".*"\n', "", file.read_text("utf-8"))
        file.write_text(text, "utf-8")
    repositories = folder / "account/repositories.json"
    if repositories.exists():
        repositories.unlink()
        documents.append(printed(place, "--synthesized", str(folder / "as-it-is")))
    return documents


def test_every_part_is_seen(tmp_path: Path) -> None:
    """Together they have every key of the schema, so that none of it is untried."""
    documents: list[Any] = []
    for name, system in SYSTEMS.items():
        folder = tmp_path / name
        folder.mkdir()
        place = str(system(folder))
        documents.append(printed(place, "--write", str(folder)))
        if documents[-1]["environments"]:
            documents += compared(folder, place)
    state = tmp_path / "terraform.tfstate"
    state.write_text(json.dumps(STATE), "utf-8")
    documents.append(printed(str(state), "--write", str(tmp_path)))
    documents += compared(tmp_path, str(state))

    assert [one for document in documents for one in mistakes("adopt", document)] == []
    assert unseen("adopt", documents) == []


def test_a_second_time(tmp_path: Path) -> None:
    """The same text is no change of the file."""
    place = str(systems.console(tmp_path))
    again = [printed(place, "--write", str(tmp_path))["written"]["changed"] for _ in range(2)]

    assert again == [True, False]


@pytest.mark.parametrize("words", [(), ("--commands",)])
def test_the_commands_are_text(words: tuple[str, ...]) -> None:
    """What makes the files is no report, so that a program is told and not fed a script."""
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "`--format json` is for what FILES say" in result.stderr


def test_markdown_is_for_changes(tmp_path: Path) -> None:
    """Without `--synthesized` there is no Markdown, and text is not printed in its place."""
    place = str(systems.console(tmp_path))
    result = CliRunner().invoke(main, ["adopt", place, "--format", "markdown"])

    assert (result.exit_code, result.stdout) == (2, "")
