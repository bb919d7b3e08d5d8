"""What the code under review left behind is unpacked as data, or not at all."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING
from zipfile import ZipInfo

import pytest
from artifacts import HONEST, STACK, manifest, special, understated, zipped, zipped_entries
from fake_github import RUN, TOKEN, FakeGitHub
from github_server import call

from deploy_access.input_file import LIMIT
from deploy_access.terraform.loaded_names import LOCK

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

LARGE = 10_000_001
"""Many more bytes than an archive says."""


def _fetch(github: FakeGitHub, folder: Path, *artifacts: bytes) -> subprocess.CompletedProcess[str]:
    github.artifacts = {number: ("head", raw) for number, raw in enumerate(artifacts, 1)}
    given = {"RUN_ID": str(RUN), "ARTIFACT": "head", "FOLDER": str(folder / "out" / "head")}
    return call(github, "fetch", folder, **given)


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_synthesized_stacks_come_out_as_they_are(github: FakeGitHub, tmp_path: Path) -> None:
    """An honest artifact is unpacked whole."""
    run = _fetch(github, tmp_path, zipped(HONEST))
    assert (run.returncode, run.stdout) == (0, "head: 2 files.\n"), run.stderr
    assert _files(tmp_path / "out" / "head") == HONEST


def test_what_terraform_loads_comes_out_too(github: FakeGitHub, tmp_path: Path) -> None:
    """Files beside a stack are unpacked, as the review has to see that they are there."""
    names = ("override.tf", "more.tf.json", "terraform.tfvars", ".x.auto.tfvars", LOCK, "x.tofu")
    files = HONEST | {f"stacks/web-prod/{name}": "" for name in names}
    run = _fetch(github, tmp_path, zipped(files))
    assert (run.returncode, run.stdout) == (0, "head: 8 files.\n"), run.stderr
    assert _files(tmp_path / "out" / "head") == files


def test_the_host_of_artifacts_does_not_see_the_token(github: FakeGitHub, tmp_path: Path) -> None:
    """GitHub redirects to another host, and the token stays behind."""
    _fetch(github, tmp_path, zipped(HONEST))
    assert github.blob_headers
    assert TOKEN not in str(github.blob_headers)


def test_a_run_that_was_repeated_has_the_newest_artifact_read(
    github: FakeGitHub, tmp_path: Path
) -> None:
    """Of several artifacts with one name the last one counts."""
    old = HONEST | {STACK: '{"old": {}}'}
    _fetch(github, tmp_path, zipped(old), zipped(HONEST))
    assert _files(tmp_path / "out" / "head") == HONEST


def test_a_run_without_the_artifact_is_refused(github: FakeGitHub, tmp_path: Path) -> None:
    """No artifact is no empty one."""
    run = _fetch(github, tmp_path)
    assert (run.returncode, run.stdout) == (1, f"::error::Run {RUN} has no artifact 'head'.\n")


ESCAPING = "stacks/../../../escaped/cdk.tf.json"
EVIL = {
    "no-zip": (b"no zip file", "cannot be unpacked"),
    "cut-off": (zipped(HONEST)[:-30], "cannot be unpacked"),
    "traversal": (zipped(HONEST | {"../escaped": "x"}), "does not belong"),
    "traversal-in-stacks": (zipped(HONEST | {ESCAPING: "{}"}), "does not belong"),
    "stack-named-dots": (zipped(HONEST | {"stacks/../cdk.tf.json": "{}"}), "does not belong"),
    "absolute": (zipped(HONEST | {"/tmp/escaped": "x"}), "does not belong"),  # noqa: S108 - is refused
    "backslash": (zipped(HONEST | {"stacks\\..\\x\\cdk.tf.json": "{}"}), "does not belong"),
    "line-break": (zipped(HONEST | {"stacks/x\n::error::y/cdk.tf.json": "{}"}), "does not belong"),
    "script": (zipped(HONEST | {"stacks/web-prod/run.sh": "true"}), "does not belong"),
    "asset": (zipped(HONEST | {"stacks/web-prod/assets/a.zip": ""}), "does not belong"),
    "hidden": (zipped(HONEST | {"stacks/web-prod/.x.tf": ""}), "does not belong"),
    "deeper": (zipped(HONEST | {"stacks/a/b/cdk.tf.json": "{}"}), "does not belong"),
    "folder": (zipped(HONEST | {"stacks/": ""}), "does not belong"),
    "other-case": (zipped(HONEST | {"stacks/Web-Prod/cdk.tf.json": "{}"}), "does not belong"),
    "twice": (
        zipped_entries([(ZipInfo(name), text) for name, text in HONEST.items()] * 2),
        "does not belong",
    ),
    "symbolic-link": (special(STACK, stat.S_IFLNK), "no plain file"),
    "linked-manifest": (special("manifest.json", stat.S_IFLNK), "no plain file"),
    "device": (special(STACK, stat.S_IFCHR), "no plain file"),
    "too-many": (
        zipped(HONEST | {f"stacks/s{n}/cdk.tf.json": "" for n in range(5000)}),
        "more than 5000 files",
    ),
    "larger-than-it-says": (
        understated(HONEST | {STACK: b"0" * LARGE}, size=10),
        "cannot be unpacked",
    ),
    "no-manifest": (zipped({STACK: "{}"}), "has no manifest.json"),
    "broken-manifest": (zipped(HONEST | {"manifest.json": "{"}), "not as CDKTF writes it"),
    "list-manifest": (zipped(HONEST | {"manifest.json": "[]"}), "not as CDKTF writes it"),
    "deep-manifest": (
        zipped(HONEST | {"manifest.json": "[" * 100_000}),
        "not as CDKTF writes it",
    ),
    "manifest-names-a-file-of-the-runner": (
        zipped(HONEST | {"manifest.json": manifest(web="/etc/hostname")}),
        "not as CDKTF writes it",
    ),
    "manifest-climbs": (
        zipped(HONEST | {"manifest.json": manifest(web="../../event.json")}),
        "not as CDKTF writes it",
    ),
    "manifest-goes-in-a-circle": (
        zipped(HONEST | {"manifest.json": manifest(needs={"web-prod": ["web-prod"]})}),
        "not as CDKTF writes it",
    ),
    "manifest-names-what-is-not-in-it": (
        zipped(HONEST | {"manifest.json": manifest(web="stacks/web/cdk.tf.json")}),
        "names a file that is not there",
    ),
}


@pytest.mark.parametrize(("raw", "reason"), EVIL.values(), ids=EVIL.keys())
def test_anything_else_is_refused(
    github: FakeGitHub, tmp_path: Path, raw: bytes, reason: str
) -> None:
    """The step fails in one line of its own, and nothing is written beside the folder."""
    before = {*_files(tmp_path), "event.json"}
    run = _fetch(github, tmp_path, raw)
    assert (run.returncode, run.stdout.count("\n")) == (1, 1), run.stderr
    assert reason in run.stdout
    outside = {name for name in _files(tmp_path) if not name.startswith("out/head/")}
    assert outside == before


def test_much_that_is_small_is_too_large_together(github: FakeGitHub, tmp_path: Path) -> None:
    """The files together have no more than 256 MiB, whatever each says."""
    half = b"0" * (LIMIT // 2)
    files = {"stacks/a/cdk.tf.json": half, "stacks/b/cdk.tf.json": half}
    run = _fetch(github, tmp_path, zipped(HONEST | files))
    assert (run.returncode, run.stdout) == (
        1,
        "::error::The artifact has more than 256 MiB when unpacked.\n",
    )
