"""`review --git`: what is compared, in which repositories, and that nothing is left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from git_projects import (
    COMMAND,
    MAIN,
    commit,
    git,
    make_repository,
    review,
    trust,
    write_app,
)
from terminal_runs import on_a_terminal

WIDER = f"+ may be assumed by repo:acme@1/web@2:{MAIN}"


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project")


@pytest.fixture(name="scratch", autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where temporary folders are made."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    # What Python keeps of the app's modules is no matter of a review.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    return scratch


def left(root: Path, scratch: Path) -> list[str]:
    """List what is left: worktrees beside the own one, temporary files, changes, stacks."""
    worktrees = git(root, "worktree", "list", "--porcelain").count("worktree ") - 1
    changes = git(root, "status", "--porcelain", "--ignored").splitlines()
    return [*changes, *map(str, scratch.iterdir()), *["a worktree"] * worktrees]


def test_uncommitted_changes_are_the_head(root: Path, scratch: Path) -> None:
    """The working tree counts as it is on the disk, and `cdktf.out` is not touched."""
    trust(root, MAIN)
    found = review(root, "--git", "main")

    assert (found.returncode, found.stderr) == (0, "")
    assert WIDER in found.stdout
    assert "- may be assumed by repo:acme@1/web@2:environment:prod" in found.stdout
    git(root, "checkout", "--quiet", "subject.py")
    assert left(root, scratch) == []


def test_nothing_has_changed(root: Path) -> None:
    """A revision against itself is no change."""
    both = [review(root, "--git", one).stdout for one in ("main", "HEAD", "HEAD^{commit}")]

    assert len(set(both)) == 1
    assert "0" not in both[0]
    assert WIDER not in both[0]


def test_the_merge_base(root: Path) -> None:
    """With `...` what `main` has got since is no part of the change."""
    git(root, "checkout", "--quiet", "-b", "feature")
    git(root, "checkout", "--quiet", "main")
    trust(root, MAIN)
    commit(root)
    git(root, "checkout", "--quiet", "feature")

    assert "may be assumed by" in review(root, "--git", "main").stdout
    assert "may be assumed by" not in review(root, "--git", "main...").stdout


def test_a_project_in_a_folder(tmp_path: Path) -> None:
    """In a monorepo the project is the nearest folder with a `cdktf.json`."""
    root = make_repository(tmp_path / "mono", inside="infra/aws")
    trust(root / "infra/aws", MAIN)
    deeper = root / "infra/aws/docs"
    deeper.mkdir()

    assert WIDER in review(deeper, "--git", "HEAD").stdout
    above = review(root / "infra", "--git", "HEAD")
    assert above.returncode == 1
    assert above.stderr.startswith("fatal: There is no `cdktf.json`. ")


def test_a_project_that_is_new(root: Path, scratch: Path) -> None:
    """Where the revision has no such project, everything is new, and that is said."""
    write_app(root / "second")
    found = review(root / "second", "--git", "HEAD")
    named = review(root / "second", "--git", "HEAD", "--synth", "python app.py")

    assert found.returncode == 0
    assert found.stderr == "note: HEAD has no second/cdktf.json, so everything is new.\n"
    assert named.stderr == "note: HEAD has no second, so everything is new.\n"
    assert "New role web-deploy" in found.stdout
    shutil.rmtree(root / "second")
    assert left(root, scratch) == []


def test_another_program(root: Path) -> None:
    """`--synth` names the program of both sides, as a shell reads it."""
    (root / "app.py").rename(root / "other.py")
    commit(root)
    trust(root, MAIN)

    assert WIDER in review(root, "--git", "HEAD", "--synth", "true && python other.py").stdout


def test_submodules(root: Path, tmp_path: Path, scratch: Path) -> None:
    """A submodule is there in its commit of that revision, without a network."""
    shared = make_repository(tmp_path / "shared")
    git(root, "submodule", "add", "--quiet", str(shared), "lib")
    app = root / "app.py"
    app.write_text(
        app.read_text("utf-8").replace("import subject", "from lib import subject"), "utf-8"
    )
    commit(root)
    trust(root / "lib", MAIN)
    commit(root / "lib")
    commit(root)
    shutil.rmtree(shared)

    assert WIDER in review(root, "--git", "HEAD~1").stdout
    assert left(root, scratch) == []
    assert git(root / "lib", "worktree", "list").count("\n") == 1


def test_a_submodule_without_the_commit(root: Path, tmp_path: Path, scratch: Path) -> None:
    """A commit that the submodule does not have is named with the fetch that gets it."""
    make_repository(tmp_path / "shared")
    git(root, "submodule", "add", "--quiet", str(tmp_path / "shared"), "lib")
    git(root, "update-index", "--cacheinfo", f"160000,{'1' * 40},lib")
    git(root, "commit", "--quiet", "--message", "x")
    found = review(root, "--git", "HEAD")

    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert "`git -C lib fetch`" in found.stderr
    git(root, "reset", "--quiet", "--hard", "HEAD~1")
    shutil.rmtree(root / "lib", ignore_errors=True)
    assert left(root, scratch) == []


def test_the_modules_of_each_side_are_its_own(root: Path) -> None:
    """A path to the working tree does not bring its modules into the base."""
    (root / "src").mkdir()
    (root / "subject.py").rename(root / "src/subject.py")
    commit(root)
    trust(root / "src", MAIN)
    path = os.pathsep.join(filter(None, [str(root / "src"), os.environ.get("PYTHONPATH")]))

    assert WIDER in review(root, "--git", "HEAD", PYTHONPATH=path).stdout


def test_the_environment_of_the_program(root: Path, tmp_path: Path) -> None:
    """No identity of AWS, Terraform or GitHub reaches it; this Python is the first."""
    seen = tmp_path / "seen"
    withheld = {
        "AWS_ACCESS_KEY_ID": "x",
        "TF_VAR_x": "x",
        "GITHUB_TOKEN": "x",
        "GH_TOKEN": "x",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
        "GIT_DIR": str(tmp_path),
    }
    synth = f"env >> {seen}; command -v python >> {seen}; python app.py"
    found = review(root, "--git", "HEAD", "--synth", synth, **withheld, OWN="kept")

    assert found.returncode == 0, found.stderr
    lines = seen.read_text("utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines}
    assert names & withheld.keys() == set()
    assert not [name for name in names if name.startswith(("AWS_", "TF_"))]
    assert lines.count("OWN=kept") == 2
    assert lines.count(str(Path(sys.executable).parent / "python")) == 2


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('no such cluster')", "no such cluster"),
        ("import nothing_of_this_name", "nothing_of_this_name"),
        ("print('ready')", "has written no stacks"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "exit code 137"),
    ],
)
@pytest.mark.parametrize("side", ["HEAD", "the working tree"])
def test_a_side_that_fails(root: Path, scratch: Path, side: str, program: str, said: str) -> None:
    """A program that fails is one line, which names the side and the end of what it says."""
    if side == "HEAD":
        (root / "app.py").write_text(program, "utf-8")
        commit(root)
        write_app(root)
    else:
        (root / "app.py").write_text(program, "utf-8")
    found = review(root, "--git", "HEAD")
    git(root, "checkout", "--quiet", ".")

    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert found.stderr.startswith(f"fatal: The synthesis of {side} has ")
    assert said in found.stderr
    assert left(root, scratch) == []


@pytest.mark.parametrize(
    "revision", ["nothing", "--since=2020-01-01", "-q", "", "main..HEAD", "1234567", "main:app.py"]
)
def test_no_revision(root: Path, scratch: Path, revision: str) -> None:
    """What names no commit is refused, and nothing is run."""
    found = review(root, f"--git={revision}", "--synth", f"touch {root}/ran")

    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert found.stderr.startswith(f"fatal: There is no such revision. Got {revision!r}.")
    assert left(root, scratch) == []


def test_a_misspelt_revision(root: Path) -> None:
    """The branch that was probably meant is named."""
    assert review(root, "--git", "mian").stderr.endswith("Did you mean 'main'?\n")


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    """A clone without the revision says how to get it."""
    trust(root, MAIN)
    commit(root)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")

    assert review(tmp_path / "shallow", "--git", "HEAD").returncode == 0
    found = review(tmp_path / "shallow", "--git", "HEAD~1")
    assert found.returncode == 1
    assert "`git fetch --unshallow`" in found.stderr


def test_no_repository(tmp_path: Path) -> None:
    """A folder of no repository, and a bare one, are each told."""
    write_app(tmp_path / "plain")
    git(tmp_path, "init", "--quiet", "--bare", "bare")
    ceiling = {"GIT_CEILING_DIRECTORIES": str(tmp_path)}
    plain, bare = (review(tmp_path / one, "--git", "main", **ceiling) for one in ("plain", "bare"))

    assert (plain.returncode, bare.returncode) == (1, 1)
    assert plain.stderr.startswith("fatal: The folder is in no git repository. ")
    assert bare.stderr.startswith("fatal: The repository is bare. ")


def test_no_commit(tmp_path: Path) -> None:
    """A repository without a commit has no base."""
    write_app(tmp_path / "new")
    git(tmp_path / "new", "init", "--quiet")

    assert "There is no such revision" in review(tmp_path / "new", "--git", "HEAD").stderr


def test_no_git(root: Path, tmp_path: Path) -> None:
    """Without git it says what it needs git for."""
    found = review(root, "--git", "HEAD", PATH=str(tmp_path))

    assert found.returncode == 1
    assert found.stderr.startswith("fatal: There is no git. ")


def test_in_a_hook(root: Path, tmp_path: Path) -> None:
    """What git tells its hooks does not lead to another repository."""
    other = make_repository(tmp_path / "other")
    trust(root, MAIN)
    found = review(root, "--git", "HEAD", GIT_DIR=str(other / ".git"), GIT_WORK_TREE=str(other))

    assert WIDER in found.stdout


def test_no_hook_runs(root: Path, tmp_path: Path) -> None:
    """The hook of a checkout is no part of a review."""
    hook = root / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", "utf-8")
    hook.chmod(0o755)

    assert review(root, "--git", "HEAD").returncode == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("side", ["head", "base"])
@pytest.mark.usefixtures("interruptible")
def test_an_interrupt(
    root: Path, scratch: Path, tmp_path: Path, number: signal.Signals, side: str
) -> None:
    """Whenever it is ended, nothing is left: no worktree, no folder, no program of its own."""
    started = tmp_path / "started"
    waits = f"sh -c 'touch {started}; sleep 60; touch {started}-in-vain'"
    first = "true" if side == "base" else waits
    synth = f"case $PWD in {root}) {first};; *) {waits};; esac; python app.py"
    with subprocess.Popen(
        [COMMAND, "review", "--git", "HEAD", "--synth", synth],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        until = time.monotonic() + 60
        while not started.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert started.exists()
        run.send_signal(number)
        out, err = run.communicate(timeout=60)

    assert (run.returncode, out, err) == (128 + number, b"", b"")
    assert left(root, scratch) == []
    assert _running(str(started)) == []


def _running(text: str) -> list[str]:
    """List the processes whose command line has a text."""
    listed = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if text in line and "sleep" in line]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--synth", "python app.py"), id="no revision"),
        pytest.param(("--git", "main", "a", "b"), id="folders too"),
    ],
)
def test_wrong_usage(root: Path, words: tuple[str, ...]) -> None:
    """What makes no sense together is wrong usage."""
    assert review(root, *words).returncode == 2


def test_output_and_conditions(root: Path) -> None:
    """The other options are as they are for folders."""
    trust(root, MAIN)
    found = review(root, "--git", "main", "--fail-on", "widened", "--output", "review.md")

    assert found.returncode == 10
    assert MAIN in (root / "review.md").read_text("utf-8")
    assert "/scratch/" not in found.stdout + (root / "review.md").read_text("utf-8")


def test_what_takes_time_is_named_on_a_terminal(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says which side is synthesized, and by what; the report stands alone in the end."""
    monkeypatch.chdir(root)
    synth = "sleep 1.5; python app.py"
    command = [COMMAND, "review", "--git", "HEAD", "--synth", synth]
    printed = on_a_terminal(command, 70)

    assert f"synthesizing the working tree: {synth}" in printed
    assert f"synthesizing HEAD: {synth}" in printed
    assert "synthesizing" not in printed.rpartition("\r")[2]
    assert "nothing would be destroyed" in printed.rpartition("\r")[2]


@pytest.mark.slow
def test_this_repository(tmp_path: Path) -> None:
    """The app of this repository, with Node: one more environment is one more role."""
    ours = Path(__file__).parents[2]
    root = tmp_path / "clone"
    tracked = git(ours, "ls-files", "-z").split("\0")
    for name in filter(None, tracked):
        if name.startswith(("constructs_lib/", "deploy_access/", "stacks/")) or name in {
            "main.py",
            "cdktf.json",
            "environments.toml",
        }:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ours / name, root / name)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    file = root / "environments.toml"
    text = file.read_text("utf-8")
    wider = text.replace(
        'subjects = [{ branch = "main" }]', 'subjects = [{ branch = "release" }]', 1
    )
    assert wider != text
    file.write_text(wider, "utf-8")
    found = review(root, "--git", "main")

    assert (found.returncode, found.stderr) == (0, "")
    assert "may be assumed by" in found.stdout
    assert "refs/heads/release" in found.stdout
