"""The assets that a stack names, and what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.asset_files import asset_digest, asset_files, named_assets

if TYPE_CHECKING:
    from pathlib import Path


def write(place: Path, name: str, text: str = "x") -> None:
    """Write a file of a stack's folder."""
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, "utf-8")


def test_names_stand_in_texts_and_expressions() -> None:
    """A name is found wherever it stands; what only ends like the folder is none."""
    text = (
        b'{"a": "assets/Code/AB12/archive.zip", "b": "${filebase64(\\"assets/k.pem\\")}",'
        b'"c": "${path.module}/assets/dir/", "d": "./assets/e", "f": "my-assets/g", "h": "assets"}'
    )

    assert named_assets([text]) == (
        *("assets/Code/AB12/archive.zip", "assets/dir", "assets/e", "assets/k.pem"),
    )


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    """A folder is all that lies in it; a name that leads out of the stack is nothing."""
    for name in ("assets/dir/b/two", "assets/dir/one", "assets/other", "outside"):
        write(tmp_path, name)
    (tmp_path / "assets" / "link").symlink_to(tmp_path.parent)

    assert asset_files(tmp_path, "assets/dir") == ("assets/dir/b/two", "assets/dir/one")
    assert asset_files(tmp_path, "assets/other") == ("assets/other",)
    assert asset_files(tmp_path, "assets/none") == ()
    assert asset_files(tmp_path, "assets/../outside") == ()
    assert asset_files(tmp_path, "assets/link") == ()


def test_a_digest_is_of_all_that_a_folder_holds(tmp_path: Path) -> None:
    """It changes with the content and with the name of any file."""
    write(tmp_path, "assets/dir/one", "1")
    first = asset_digest(tmp_path, "assets/dir")
    write(tmp_path, "assets/dir/one", "2")
    second = asset_digest(tmp_path, "assets/dir")
    (tmp_path / "assets/dir/one").rename(tmp_path / "assets/dir/two")
    third = asset_digest(tmp_path, "assets/dir")

    assert len({first, second, third, b"", asset_digest(tmp_path, "assets/none")}) == 4
