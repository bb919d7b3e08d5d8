"""The folder that is synthesized into, with the program killed at each step on the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cdktf_out import write_out

from deploy_access.errors import InvalidValue
from stacks.output_folder import chosen_folder, replacing

ROOT = Path(__file__).parents[2]
OLD, NEW = ("gone", "web"), ("api", "web")
KEPT = {
    "stacks/web/.terraform/providers/aws": "a program",
    "stacks/web/.terraform.lock.hcl": "locked",
    "stacks/web/plan": "planned",
    "stacks/gone/terraform.tfstate": "the only state",
    "note": "of a user",
}

# Each copy of a folder is replaced by a process of its own, which is killed before the N-th call to
# the file system; the last one comes to its end.
KILLED = """
import os, shutil, signal, sys
from itertools import count
from pathlib import Path
from stacks.output_folder import replacing

FILES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir", "shutil.rmtree"}
before, new, work = map(Path, sys.argv[1:])

def replace(last):
    calls = count(1)
    def kill(event, arguments):
        if event in FILES and next(calls) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    with replacing(work / str(last)) as draft:
        sys.addaudithook(kill)
        shutil.copytree(new, draft, dirs_exist_ok=True)
    os._exit(0)

for last in count(1):
    shutil.copytree(before, work / str(last))
    child = os.fork() or replace(last)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def synthesized(folder: Path, names: tuple[str, ...], version: str) -> Path:
    """Write stacks that all say in which synthesis they were made."""
    write_out(folder, {name: {"version": version} for name in names})
    return folder


def kept(folder: Path) -> dict[str, str]:
    """Read what lies beside the stacks and is of others."""
    return {name: (folder / name).read_text("utf-8") for name in KEPT if (folder / name).exists()}


def versions(folder: Path) -> tuple[tuple[str, ...], set[str]]:
    """Read which stacks the manifest lists, and of which synthesis they are."""
    names = tuple(sorted(json.loads((folder / "manifest.json").read_text("utf-8"))["stacks"]))
    read = ((folder / "stacks" / name / "cdk.tf.json").read_text("utf-8") for name in names)
    return names, {json.loads(text)["version"] for text in read}


WHOLE = ((OLD, {"old"}), (NEW, {"new"}))


@pytest.fixture(name="before", scope="module")
def _before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = synthesized(tmp_path_factory.mktemp("before") / "cdktf.out", OLD, "old")
    for name, text in KEPT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(name="new", scope="module")
def _new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesized(tmp_path_factory.mktemp("new") / "cdktf.out", NEW, "new")


@pytest.fixture(name="killed", scope="module")
def _killed(before: Path, new: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    work = tmp_path_factory.mktemp("killed")
    program = [sys.executable, "-c", KILLED, str(before), str(new), str(work)]
    subprocess.run(program, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return sorted(work.iterdir(), key=lambda folder: int(folder.name))


def test_old_or_new_after_a_kill(killed: list[Path]) -> None:
    """Whatever call it dies at: all stacks of one synthesis, or no manifest; all else is there."""
    found = [versions(folder) if (folder / "manifest.json").exists() else None for folder in killed]

    assert {repr(one) for one in found} == {repr(one) for one in (*WHOLE, None)}
    assert [kept(folder) for folder in killed] == [KEPT] * len(killed)


def test_next_start_finishes_or_undoes(killed: list[Path], tmp_path: Path) -> None:
    """The next program leaves one whole synthesis and no leftovers, even when it is refused."""
    for folder in killed:
        copy = shutil.copytree(folder, tmp_path / folder.name)
        with pytest.raises(ZeroDivisionError), replacing(copy):
            raise ZeroDivisionError

        assert versions(copy) in WHOLE
        assert kept(copy) == KEPT
        assert {path.name for path in copy.iterdir()} == {"manifest.json", "note", "stacks"}


def test_next_start_replaces(killed: list[Path], tmp_path: Path) -> None:
    """The next program that comes to its end is the one that counts."""
    for folder in killed:
        copy = shutil.copytree(folder, tmp_path / folder.name)
        with replacing(copy) as draft:
            synthesized(draft, ("last",), "last")

        assert versions(copy) == (("last",), {"last"})
        assert kept(copy) == KEPT


def test_folder_of_a_stack_stays(before: Path, new: Path, tmp_path: Path) -> None:
    """A Terraform that runs in the folder of a stack keeps its working directory."""
    out = shutil.copytree(before, tmp_path / "cdktf.out")
    inode = (out / "stacks" / "web").stat().st_ino
    with replacing(out) as draft:
        shutil.copytree(new, draft, dirs_exist_ok=True)

    assert (out / "stacks" / "web").stat().st_ino == inode


def test_second_program_waits(tmp_path: Path) -> None:
    """Two programs at once replace the folder one after the other."""
    script = "import sys; from pathlib import Path; from stacks.output_folder import replacing\n"
    script += "print('begun', flush=True)\n"
    script += (
        "with replacing(Path(sys.argv[1])) as draft: (draft / 'manifest.json').write_text('2')"
    )
    with replacing(tmp_path) as draft:
        second = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert second.stdout
        second.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=1)
        (draft / "manifest.json").write_text("1")

    second.communicate()
    assert (second.returncode, (tmp_path / "manifest.json").read_text()) == (0, "2")


IN_PYTHON = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
# The errors of Node have a text alone.
IN_NODE = RuntimeError("Error: ENOSPC: no space left on device, write")


@pytest.mark.parametrize("full", [IN_PYTHON, IN_NODE], ids=["python", "node"])
def test_full_disk(full: Exception, before: Path, tmp_path: Path) -> None:
    """A disk that is full is said in one line, and what was there is as it was."""
    out = shutil.copytree(before, tmp_path / "cdktf.out")
    with pytest.raises(InvalidValue) as refused, replacing(out):
        raise full

    assert str(refused.value) == (
        f"The stacks cannot be written. Got '{out}'. The disk says: No space left on device. What "
        "was synthesized before is as it was. Make room, or name a folder that can be written to "
        "in `CDKTF_OUTDIR`, and synthesize again."
    )
    assert (versions(out), kept(out)) == (WHOLE[0], KEPT)


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "x"), RuntimeError("ENOENT: x")])
def test_other_errors_pass(error: Exception, tmp_path: Path) -> None:
    """An error that is not of the disk stays what it is."""
    with pytest.raises(type(error)) as passed, replacing(tmp_path):
        raise error

    assert passed.value is error


def test_file_in_the_way(tmp_path: Path) -> None:
    """A file in place of the folder is named."""
    out = tmp_path / "cdktf.out"
    out.write_text("in the way")

    with pytest.raises(InvalidValue, match=r"The disk says: File exists: .*cdktf\.out"):
        replacing(out).__enter__()


def test_chosen_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is that of cdktf's command, which says it in a variable, or its usual one."""
    monkeypatch.delenv("CDKTF_OUTDIR", raising=False)
    assert chosen_folder() == Path("cdktf.out")

    monkeypatch.setenv("CDKTF_OUTDIR", "elsewhere")
    assert chosen_folder() == Path("elsewhere")
