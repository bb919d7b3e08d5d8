"""What a side is read as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from review_sides import Json, one, stack, write_side

from deploy_access.errors import InvalidValue
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading, same_stack

if TYPE_CHECKING:
    from pathlib import Path

ROLE = one("aws_iam_role", name="web", assume_role_policy='{"Statement": []}')


def test_a_folder(tmp_path: Path) -> None:
    """A folder is the stacks of its manifest, with what each needs and where it is."""
    out = write_side(tmp_path, {"web": stack(ROLE), "account": stack()}, {"web": ["account"]})

    found = Reading().sources(out)

    assert [(s.stack, s.directory, s.dependencies) for s in found] == [
        ("account", "stacks/account", ()),
        ("web", "stacks/web", ("account",)),
    ]
    assert [role.name for role in read_snapshot(found).estate.roles] == ["web"]


def test_equal_files_are_parsed_once(tmp_path: Path) -> None:
    """Files of the same bytes are one value, so nothing of them has to be compared."""
    sides = (write_side(tmp_path / name, {"web": stack(ROLE)}) for name in ("base", "head"))
    reading = Reading()

    (base,), (head,) = (reading.sources(side) for side in sides)

    assert base.is_same(head)
    assert base.file == head.file


def test_other_files_are_other(tmp_path: Path) -> None:
    """Files of other bytes are two values, also where they mean the same."""
    base = write_side(tmp_path / "base", {"web": stack(ROLE)})
    head = write_side(tmp_path / "head", {"web": stack(ROLE, output={})})
    reading = Reading()

    (one_,), (other,) = reading.sources(base), reading.sources(head)

    assert not one_.is_same(other)


def test_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`none` is a side without anything, unless there is a folder of that name."""
    monkeypatch.chdir(tmp_path)
    assert Reading().sources("none") == ()

    write_side(tmp_path / "none", {"web": stack()})
    assert [source.stack for source in Reading().sources("none")] == ["web"]


def test_single_files_are_one_stack(tmp_path: Path) -> None:
    """Two single files are two versions of one stack, whatever they are called."""
    (tmp_path / "old.tf.json").write_text(json.dumps(stack(ROLE)), "utf-8")
    named = {**stack(ROLE), "//": {"metadata": {"stackName": "web"}}}
    (tmp_path / "new.tf.json").write_text(json.dumps(named), "utf-8")
    reading = Reading()

    base, head = same_stack(
        reading.sources(tmp_path / "old.tf.json"), reading.sources(tmp_path / "new.tf.json")
    )

    assert list(read_snapshot(base).stacks) == list(read_snapshot(head).stacks) == ["web"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "The file is no JSON", id="empty"),
        pytest.param(b"[]", "The file is a JSON list", id="a-list"),
        pytest.param(b'{"a":' * 5000, "nested too deep", id="deep"),
        pytest.param(b'{"stacks": {"web": {}}}', "does not say where stack 'web' is", id="no-path"),
        pytest.param(b'{"stacks": {"web": 1}}', "does not say where stack 'web' is", id="number"),
        pytest.param(
            b'{"stacks": {"web": {"synthesizedStackPath": "gone"}}}',
            "There is nothing to read",
            id="gone",
        ),
    ],
)
def test_manifests_that_are_broken(tmp_path: Path, content: bytes, said: str) -> None:
    """A manifest that is broken is refused with what is wrong with it."""
    (tmp_path / "manifest.json").write_bytes(content)

    with pytest.raises(InvalidValue, match=said):
        Reading().sources(tmp_path)


def test_a_file_that_is_no_stack(tmp_path: Path) -> None:
    """What the command line of AWS prints has roles and no stack."""
    policy: Json = {"Version": "2012-10-17", "Statement": []}
    (tmp_path / "trust.json").write_text(json.dumps(policy), "utf-8")

    found = read_snapshot(Reading().sources(tmp_path / "trust.json"))

    assert found.stacks == {}
    assert [role.name for role in found.estate.roles] == ["trust"]
