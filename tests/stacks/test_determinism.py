"""`python main.py`: the same bytes in any directory, nothing to read but mistakes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = ("main.py", "environments.toml", "stacks", "constructs_lib", "deploy_access")

# No ids: which form its subjects have is a guess, and synthesis warns.
WITHOUT_IDS = """
[services.legacy]
repository = "legacy"
[services.legacy.environments.dev]
"""


# Kills the program before it moves a file for the N-th time: the first time makes the output count.
KILLED = """
import os, runpy, signal, sys
from itertools import count
moves = count(1)
def kill(event, arguments):
    if event == "os.rename" and "cdktf.out" in str(arguments[0]) and next(moves) == {}:
        os.kill(os.getpid(), signal.SIGKILL)
sys.path.insert(0, os.path.dirname(sys.argv[1]))
sys.addaudithook(kill)
runpy.run_path(sys.argv[1], run_name="__main__")
"""
KILLED_AT = {"first": KILLED.format(1), "third": KILLED.format(3)}

# What the shell prints are the exit codes of the two runs that are refused.
NO_ROOM = """
mount -t tmpfs -o size=1m none cdktf.out
cd .
"$PYTHON" "$MAIN"
find cdktf.out -type f -exec cksum {} + | sort > before
head -c 2m /dev/zero > cdktf.out/full 2> /dev/null || true
"$PYTHON" "$MAIN" || echo $?
mount -o remount,ro cdktf.out
"$PYTHON" "$MAIN" || echo $?
mount -o remount,rw cdktf.out
rm cdktf.out/full
find cdktf.out -type f -exec cksum {} + | sort | cmp - before
"""


def clone(folder: Path) -> Path:
    """Copy what `main.py` needs into *folder*, as a clone has it."""
    for name in PROJECT:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    with (folder / "environments.toml").open("a", encoding="utf-8") as environments:
        environments.write(WITHOUT_IDS)
    return folder


def run(project: Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the *project*'s `main.py` in *folder*."""
    return _run([str(project / "main.py")], folder, variables)


def run_with(script: str, project: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script that runs the *project*'s `main.py`."""
    return _run(["-c", script, str(project / "main.py")], folder, {})


def _run(
    arguments: list[str], folder: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CDKTF_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def written(out: Path) -> dict[str, bytes]:
    """Read every file below *out*."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


@pytest.fixture(name="here", scope="module")
def _here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("here") / "project")


@pytest.fixture(name="first_run", scope="module", autouse=True)
def _first_run(here: Path) -> subprocess.CompletedProcess[str]:
    return run(here, here)


def test_says_nothing(first_run: subprocess.CompletedProcess[str]) -> None:
    """A run without mistakes is silent: cdktf shows whatever it writes as an error."""
    assert (first_run.returncode, first_run.stdout, first_run.stderr) == (0, "", "")


def test_same_bytes_in_another_directory(here: Path, tmp_path: Path) -> None:
    """Two clones write the same bytes into every file, the manifest included."""
    there = clone(tmp_path / "a" / "longer path")
    run(there, there, PYTHONHASHSEED="7", TZ="Asia/Tokyo")

    assert written(there / "cdktf.out") == written(here / "cdktf.out")


def test_same_bytes_over_what_is_there(here: Path, tmp_path: Path) -> None:
    """
    A run from another directory replaces an earlier output whole.

    The file is the one beside `main.py`; `CDKTF_OUTDIR` of cdktf's command moves the output.
    """
    shutil.copytree(here / "cdktf.out", tmp_path / "elsewhere")
    for path in (tmp_path / "elsewhere").rglob("*.json"):
        path.write_text('{"stacks": "of an earlier run"}', encoding="utf-8")

    run(here, tmp_path, CDKTF_OUTDIR=str(tmp_path / "elsewhere"))

    assert written(tmp_path / "elsewhere") == written(here / "cdktf.out")


def test_warning_is_in_the_manifest(here: Path) -> None:
    """The estate under test has a warning, which cdktf's own way would make random."""
    manifest = json.loads((here / "cdktf.out" / "manifest.json").read_text(encoding="utf-8"))
    (annotation,) = manifest["stacks"]["legacy-dev"]["annotations"]

    assert annotation["constructPath"] == "legacy-dev/Deploy"
    assert annotation["level"] == "@cdktf/warn"
    assert "stacktrace" not in annotation


def test_no_path_of_this_machine(here: Path) -> None:
    """No file holds the directory that it was made in, or that of the packages."""
    places = (str(here).encode(), str(ROOT).encode(), sys.prefix.encode())
    found = written(here / "cdktf.out")

    assert not [name for name in found for place in places if place in found[name]]


def test_mistake_without_traceback(tmp_path: Path) -> None:
    """A mistake in the file is said in its own words, and nothing is written."""
    project = clone(tmp_path / "project")
    (project / "environments.toml").write_text('schema = 1\n[servces.web]\nrepository = "web"\n')
    done = run(project, tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "environments.toml cannot be used:\n"
        "  servces: There is no such key. Got {'web': {'repository': 'web'}}. What nobody reads "
        "would look as if it worked. Did you mean 'services'?\n"
    )
    assert not (tmp_path / "cdktf.out").exists()


@pytest.mark.parametrize("move", ["first", "third"])
def test_killed_while_it_writes(move: str, here: Path, tmp_path: Path) -> None:
    """After a kill there is the earlier output or no manifest, and the next run writes the same."""
    out = shutil.copytree(here / "cdktf.out", tmp_path / "cdktf.out")
    (out / "stacks" / "legacy-dev" / "cdk.tf.json").write_text("{}")
    before = written(out)
    killed = run_with(KILLED_AT[move], here, tmp_path)

    assert killed.returncode == -signal.SIGKILL
    if move == "first":
        found = written(out)
        assert {name: found[name] for name in before} == before
    assert (out / "manifest.json").exists() == (move == "first")
    assert run(here, tmp_path).returncode == 0
    assert written(out) == written(here / "cdktf.out")


def test_disk_without_room(here: Path, tmp_path: Path) -> None:
    """A full disk and a read-only one are each said in one line, and the output stays."""
    out = tmp_path / "cdktf.out"
    out.mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-euc", NO_ROOM],
        cwd=tmp_path,
        env={**os.environ, "MAIN": str(here / "main.py"), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
    )

    says = "The stacks cannot be written. Got 'cdktf.out'. The disk says: "
    full, read_only = done.stderr.splitlines()
    assert full.startswith(f"{says}No space left on device. What was synthesized before is as it")
    assert read_only.startswith(f"{says}Read-only file system")
    assert done.stdout == "1\n1\n"


def test_main_is_small() -> None:
    """What builds the app stays small enough to read at once."""
    assert len((ROOT / "main.py").read_text(encoding="utf-8").splitlines()) <= 30
