"""The one door for files: which files are read, and which are refused before they are opened."""

from __future__ import annotations

import ast
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from source_tree import parse

from deploy_access import input_file
from deploy_access.errors import InvalidValue
from deploy_access.input_file import is_inside, read_given, read_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(input_file.__file__).parent
# These read what is installed with the package, which no user names.
OWN_DATA = {"importlib.resources"}
OPENING = {"read_text", "read_bytes", "open", "fdopen"}


def make_folder(path: Path) -> None:
    """Make a folder."""
    path.mkdir()


def make_pipe(path: Path) -> None:
    """Make a named pipe."""
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    """Make a socket, whose own path may have only some hundred bytes."""
    with socket.socket(socket.AF_UNIX) as opened:
        here = Path.cwd()
        os.chdir(path.parent)
        opened.bind(path.name)
        os.chdir(here)


def make_device(path: Path) -> None:
    """Lead to a device that has no end."""
    path.symlink_to("/dev/zero")


SPECIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "folder": (make_folder, "There is a folder where a file belongs"),
    "named pipe": (make_pipe, "There is a named pipe where a file belongs"),
    "socket": (make_socket, "There is a socket where a file belongs"),
    "device": (make_device, "There is a device where a file belongs"),
}


@pytest.fixture
def pipe() -> Iterator[int]:
    """Open a pipe that has all that it will be given, and close it."""
    reading, writing = os.pipe()
    os.write(writing, b"{}")
    os.close(writing)
    yield reading
    os.close(reading)


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    """A file that may have no end is never opened, so that nothing waits for it."""
    make, said = SPECIAL[kind]
    make(tmp_path / "x")

    with pytest.raises(InvalidValue, match=said) as caught:
        read_given(tmp_path / "x")

    assert caught.value.problems[0].given == str(tmp_path / "x")


@pytest.mark.parametrize("kind", ["folder", "named pipe", "socket"])
def test_inside_of_a_folder_only_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    """What a folder holds is a regular file, or is refused by name."""
    make, said = SPECIAL[kind]
    make(tmp_path / "x")

    with pytest.raises(InvalidValue, match=said):
        read_inside(tmp_path, "x")


@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_a_pipe_that_is_open_is_read(pipe: int, name: str) -> None:
    """The `<(...)` of bash and of zsh is read to its end."""
    assert read_given(name.format(pipe)) == b"{}"


def test_a_named_pipe_that_is_open_is_read(tmp_path: Path) -> None:
    """A pipe that the caller has opened is read where it is, although its writer is gone."""
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(tmp_path / "pipe", os.O_WRONLY)
    os.write(writing, b"{}")
    os.close(writing)

    found = read_given(f"/dev/fd/{reading}")

    os.close(reading)
    assert found == b"{}"


def test_an_open_file_is_read_from_its_start(tmp_path: Path) -> None:
    """A regular file behind a descriptor is whole, wherever its caller has stopped to read."""
    (tmp_path / "x").write_bytes(b"{}")
    with (tmp_path / "x").open("rb") as opened:
        opened.read()

        assert read_given(f"/dev/fd/{opened.fileno()}") == b"{}"


@pytest.mark.parametrize("name", ["/dev/fd/999999", "/dev/fd/99999999999", "none", "", "no\0ne"])
def test_what_is_not_there_is_one_problem(name: str) -> None:
    """A name of no file, a closed descriptor and a null character are refused by name."""
    with pytest.raises(InvalidValue) as caught:
        read_given(name)

    assert [problem.given for problem in caught.value.problems] == [name]


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    """A file of more than 256 MiB is refused before it is opened, and the limit is named."""
    with (tmp_path / "x").open("wb") as file:
        file.truncate(256 * 1024 * 1024 + 1)

    with pytest.raises(InvalidValue, match="The input has more than 256 MiB"):
        read_given(tmp_path / "x")


def test_as_much_as_the_limit_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pipe: int
) -> None:
    """The last byte that may be there is read, of a file and of a pipe."""
    monkeypatch.setattr(input_file, "LIMIT", 2)
    (tmp_path / "x").write_bytes(b"{}")

    assert [read_given(tmp_path / "x"), read_given(f"/dev/fd/{pipe}")] == [b"{}", b"{}"]


def test_a_device_that_is_open_is_read_up_to_the_limit() -> None:
    """What has no end is read no further than the limit."""
    zero = os.open("/dev/zero", os.O_RDONLY)

    with pytest.raises(InvalidValue, match="The input has more than 256 MiB"):
        read_given(f"/dev/fd/{zero}")

    os.close(zero)


@pytest.mark.parametrize(
    "path", ["", ".", "/etc/hostname", "../x", "a/../../x", "a/../b", "..\\x", "C:\\x", "a\0b"]
)
def test_no_path_leaves_its_folder(tmp_path: Path, path: str) -> None:
    """A path with `..`, an absolute one, and one that Windows would read so, are refused."""
    assert not is_inside(tmp_path, path)
    with pytest.raises(InvalidValue, match="A path leads out of its folder"):
        read_inside(tmp_path, path)


@pytest.mark.parametrize(
    ("place", "target", "inside"),
    [
        ("link", "../outside", False),
        ("link", "gone", True),
        ("link", "stacks/own", True),
        ("stacks/web", "/etc", False),
        ("stacks/web", "../stacks", True),
        ("stacks/web", "../../outside", False),
    ],
)
def test_no_link_leaves_the_folder(
    tmp_path: Path, place: str, target: str, *, inside: bool
) -> None:
    """A symbolic link may lead to another place of the folder, and nowhere else."""
    folder = tmp_path / "folder"
    (folder / "stacks" / "own").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (folder / place).symlink_to(target)

    assert is_inside(folder, place) is inside


def test_a_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    """The folder that the user names is where it is, whatever leads to it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_bytes(b"1")
    (tmp_path / "link").symlink_to("real")

    assert read_inside(tmp_path / "link", "x") == b"1"


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    """A symbolic link that leads to itself is refused by name, in a folder and outside."""
    (tmp_path / "x").symlink_to("x")

    with pytest.raises(InvalidValue, match="'x'"):
        read_inside(tmp_path, "x")
    with pytest.raises(InvalidValue, match="cannot be opened"):
        read_given(tmp_path / "x")


def test_a_file_of_the_system_is_read_as_far_as_it_goes() -> None:
    """A file of `/proc` claims to be empty; what it does not give is refused by name."""
    assert Path("/proc/self/status").stat().st_size == 0
    assert read_given("/proc/self/status").startswith(b"Name:")
    with pytest.raises(InvalidValue, match="'/proc/self/mem'"):
        read_given("/proc/self/mem")


def _calls(path: Path) -> set[str]:
    """Name the calls of a file that open others, except those of what is installed with it."""
    tree = parse(path)
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {func.id for func in called if isinstance(func, ast.Name)} & {"open"}
    methods = {func.attr for func in called if isinstance(func, ast.Attribute)} & OPENING
    return named | (methods if not imported & OWN_DATA else set())


def test_nothing_else_opens_a_file() -> None:
    """No other module opens a file to read it."""
    found = {
        str(path.relative_to(PACKAGE)): calls
        for path in sorted(PACKAGE.rglob("*.py"))
        if (calls := _calls(path))
    }

    assert found == {
        "commands/fatal.py": {"open"},  # the null device, for output that is not wanted
        "commands/last_resort.py": {"open"},  # the null device, for a stream that is closed
        "input_file.py": {"open"},
        "workflow/output.py": {"fdopen"},  # to write
    }
