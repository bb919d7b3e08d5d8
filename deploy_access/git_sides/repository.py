"""What git says of the repository that a folder is in, and worktrees of its commits."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, did_you_mean
from deploy_access.git_sides.child_program import run_program
from deploy_access.interrupt import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from deploy_access.git_sides.child_program import Ended

MERGE_BASE = "..."
"""What `git diff` takes behind a revision, too: where it and the head went apart."""
_SUBMODULE = "160000"
_FATAL = "fatal: "
# A hook that runs at a checkout is no part of a review.
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


def find_root(folder: Path) -> Path:
    """
    Return the root of the working tree that *folder* is in.

    Raises:
        InvalidValue: It is in none, or git is not there.
    """
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found.code == 0:
        return Path(found.output.removesuffix("\n"))
    if _answer(folder, "rev-parse", "--is-bare-repository") == "true":
        raise InvalidValue(_bare(folder))
    raise InvalidValue(_no_repository(folder, found))


def find_commit(root: Path, revision: str) -> str:
    """
    Return the commit that a revision names.

    Args:
        root: The root of the working tree.
        revision: What git takes as one; with `...` behind it, the merge base with the head.

    Raises:
        InvalidValue: There is none.
    """
    name = revision.removesuffix(MERGE_BASE)
    # With this end it is no option of git, whatever it begins with.
    commit = _answer(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if commit and name != revision:
        commit = _answer(root, "merge-base", commit, "HEAD")
    if not commit:
        raise InvalidValue(_no_revision(root, revision))
    return commit


@contextmanager
def worktree(root: Path, commit: str, place: Path) -> Generator[None]:
    """
    Check a commit out into *place*, with its submodules, and remove it in the end.

    A submodule that is not checked out in the working tree stays empty here too.

    Raises:
        InvalidValue: Git cannot do it.
    """
    try:
        _do(root, "worktree", "add", "--detach", str(place), commit)
        with ExitStack() as inner:
            for path, its_commit in _submodules(root, commit):
                if (root / path / ".git").exists():
                    _check_submodule(root, path, its_commit)
                    inner.enter_context(worktree(root / path, its_commit, place / path))
            yield
    finally:
        with uninterrupted():
            # Twice: git locks a worktree while it makes it.
            _git(root, "worktree", "remove", "--force", "--force", str(place))


def _submodules(root: Path, commit: str) -> Iterator[tuple[str, str]]:
    listed = _do(root, "ls-tree", "-r", "-z", "--full-tree", commit)
    for entry in filter(None, listed.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _kind, its_commit = about.split()
        if mode == _SUBMODULE:
            yield path, its_commit


def _check_submodule(root: Path, path: str, commit: str) -> None:
    if _git(root / path, "cat-file", "-e", f"{commit}^{{commit}}").code:
        raise InvalidValue(
            Problem(
                what=f"The submodule {path!r} does not have the commit that the revision wants.",
                given=commit,
                why="Without it the stacks of that revision cannot be synthesized.",
                fix=f"Fetch it: `git -C {path} fetch`.",
            )
        )


def _answer(folder: Path, *words: str) -> str | None:
    found = _git(folder, *words)
    return found.output.strip() if found.code == 0 else None


def _do(folder: Path, *words: str) -> str:
    found = _git(folder, *words)
    if found.code:
        raise InvalidValue(_failed(words, found))
    return found.output


def _git(folder: Path, *words: str) -> Ended:
    program = shutil.which("git")
    if program is None:
        raise InvalidValue(_no_git())
    # In a hook, git says by such variables which repository it is about: here the folder says it.
    kept = {k: v for k, v in os.environ.items() if k not in GIT_VARIABLES}
    command = (program, *_NO_HOOKS, "-C", str(folder), *words)
    return run_program(command, folder, {**kept, "GIT_TERMINAL_PROMPT": "0"})


GIT_VARIABLES = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
}
"""The variables that tell git where its repository is, as in its hooks."""


def _no_git() -> Problem:
    return Problem(
        what="There is no git.",
        given=os.environ.get("PATH", ""),
        why="`--git` asks it for the base, and no program of that name is on the PATH.",
        fix="Install git, or synthesize both sides into folders and name these: BASE HEAD.",
    )


def _no_repository(folder: Path, found: Ended) -> Problem:
    return Problem(
        what="The folder is in no git repository.",
        given=str(folder),
        why=f"`--git` takes the base from one. Git says: {_said(found)}.",
        fix="Run it in a clone of the repository that has the stacks.",
    )


def _bare(folder: Path) -> Problem:
    return Problem(
        what="The repository is bare.",
        given=str(folder),
        why="It has no working tree, and that is the head of the review.",
        fix="Run it in a clone with a working tree, or in one that `git worktree add` makes.",
    )


def _no_revision(root: Path, revision: str) -> Problem:
    name = revision.removesuffix(MERGE_BASE)
    known = _answer(root, "for-each-ref", "--format=%(refname:short)") or ""
    fix = (
        did_you_mean(name, known.split())
        or "Name a branch, a tag or a commit; `git fetch` gets those of the remote."
    )
    if _answer(root, "rev-parse", "--is-shallow-repository") == "true":
        fix = (
            "Fetch it, as the clone is shallow: `git fetch --unshallow`, or in a workflow "
            "`fetch-depth: 0` of `actions/checkout`."
        )
    return Problem(
        what="There is no such revision.",
        given=revision,
        why="The base is what this revision has, and git knows no commit of that name"
        + (" that the head has come from." if name != revision else "."),
        fix=fix,
    )


def _failed(words: tuple[str, ...], found: Ended) -> Problem:
    return Problem(
        what="Git has failed.",
        given=f"git {' '.join(words)}",
        why=f"It says: {_said(found)}.",
        fix="Run `git worktree prune` and try again; if it fails again, mend what git says.",
    )


def _said(found: Ended) -> str:
    """Return git's own reason, without the advice around it."""
    lines = found.errors.strip().splitlines() or [f"exit code {found.code}"]
    fatal = (line for line in lines if line.startswith(_FATAL))
    return next(fatal, lines[-1]).removeprefix(_FATAL).rstrip(".")
