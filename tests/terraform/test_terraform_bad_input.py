"""Broken, hostile and huge files: always one line, never a traceback, never long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_estate import read_raw_estate
from reading_files import FILE, TRUST, read
from reading_strategies import FILES

from deploy_access.errors import InvalidValue
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

pytestmark = pytest.mark.slow

BIG = 10_000_000


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param(b"", "no JSON", id="empty"),
        pytest.param(b'{"resource": {"a', "no JSON", id="truncated"),
        pytest.param(b"\xff\xfe\xfa", "no JSON", id="no text"),
        pytest.param(b'{"a": "\xe4"}', "is not written in UTF-8", id="latin-1"),
        pytest.param(b'\xff\xfe{"a":1}', "is not written in UTF-8", id="half of UTF-16"),
        pytest.param(b"PK\x03\x04\x14\x00", "terraform show -json plan", id="binary plan"),
        pytest.param(
            b"[command]/home/runner/work/_temp/terraform-bin show -json plan\n{}\n",
            r"\[command\]/home/runner.*`terraform_wrapper: false`",
            id="wrapper",
        ),
        pytest.param(
            b'{"format_version": "1.2"}\n::debug::Terraform exited with code 0.\n',
            "'::debug::Terraform exited with code 0.'.*`terraform_wrapper: false`",
            id="wrapper behind it",
        ),
        pytest.param(
            b"/usr/bin/terraform show -json plan\n\n{}",
            "'/usr/bin/terraform show -json plan'.*terraform_wrapper",
            id="shell",
        ),
        pytest.param(
            "Terraform used\n{}".encode("utf-16"), "line 'Terraform used'", id="line in UTF-16"
        ),
        pytest.param(b'{"a": NaN}', "JSON has no NaN", id="NaN"),
        pytest.param(b'{"a": "\\ud800"}', "one half of a character", id="half a character"),
        pytest.param(b'{"Statement": ' + b"1" * 5000 + b"}", "too many digits", id="long number"),
        pytest.param(b'{"Statement": -1e999}', "too many digits", id="endless number"),
        pytest.param(b"[]", "JSON list.*Name the policies themselves", id="list"),
        pytest.param(b"null", "single value", id="null"),
        pytest.param(b"{}", "nothing about roles", id="nothing"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too deep", id="deep objects"),
        pytest.param(b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "too deep", id="deep lists"),
    ],
)
def test_no_file_of_ours(raw: bytes, words: str) -> None:
    """What cannot be read at all is refused in one line."""
    with pytest.raises(InvalidValue, match=words) as caught:
        read_raw_estate(raw, FILE)

    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file, a folder without stacks and a manifest without files are refused."""
    empty = tmp_path / "out"
    empty.mkdir()
    (empty / "manifest.json").write_text('{"stacks": {"a": {}}}', "utf-8")

    for path in (tmp_path / "none", tmp_path / "no\0ne", tmp_path, empty):
        with pytest.raises(InvalidValue):
            read_estate(path)


def test_utf_16() -> None:
    """PowerShell writes what a command prints in another encoding."""
    raw = '{"Statement": []}'.encode("utf-16")

    assert len(read_raw_estate(raw, FILE).roles) == 1


def test_duplicate_keys_are_named() -> None:
    """The last one counts, as for Terraform, and each is a problem with its path."""
    roles = f'{{"Web": {{"name": "a", "name": "b", "assume_role_policy": {json.dumps(TRUST)}}}}}'
    raw = f'{{"resource": [{{"aws_iam_role": {roles}}}], "locals": {{}}, "locals": {{}}}}'
    estate = read_raw_estate(raw.encode(), FILE)

    assert [role.name for role in estate.roles] == ["b"]
    assert estate.problems == tuple(
        Unread(
            kind="duplicate-key",
            what="A key stands twice in one object; the last one counts.",
            given=path,
            where=Where(FILE, path),
        )
        for path in ("locals", "resource[0].aws_iam_role.Web.name")
    )


def test_blocks_that_are_none_are_named() -> None:
    """A block of another type is a problem with its address."""
    estate = read(resource={"aws_iam_role": {"Web": 5}, "x": "y"}, locals=[1])

    assert [(p.kind, p.given, p.where.address) for p in estate.problems] == [
        ("malformed", "int", "resource.aws_iam_role.Web"),
        ("malformed", "str", "resource.x"),
        ("malformed", "int", "locals"),
    ]


def one_role(policy: str) -> bytes:
    """Write a file with one role."""
    role = {"name": "web", "assume_role_policy": policy}
    return json.dumps({"resource": {"aws_iam_role": {"Web": role}}}).encode()


def many(kind: str, body: dict[str, object], size: int) -> bytes:
    """Write a file with as many blocks as fit."""
    number = BIG // size
    blocks = {f"r{index}": body for index in range(number)}
    return json.dumps({"resource": {kind: blocks}}).encode()


def many_of(policy: str, number: int) -> bytes:
    """Write a file with roles of which each has an expression of its own."""
    roles = {
        f"r{index}": {"name": f"r{index}", "assume_role_policy": policy.replace("N", str(index))}
        for index in range(number)
    }
    return json.dumps({"resource": {"aws_iam_role": roles}}).encode()


def locals_of(value: str) -> bytes:
    """Write locals that each hold the next one, several times."""
    chain = {f"a{i}": value.replace("N", f"${{local.a{i + 1}}}") for i in range(5_000)}
    roles = {f"r{i}": {"assume_role_policy": f"${{local.a{i}}}"} for i in range(5_000)}
    return json.dumps({"locals": chain, "resource": {"aws_iam_role": roles}}).encode()


HUGE: Mapping[str, Callable[[], bytes]] = {
    "one text": lambda: one_role("x" * BIG),
    "expressions": lambda: one_role("${a.b}" * (BIG // 6)),
    "open expressions": lambda: one_role("${" * (BIG // 2)),
    "open strings": lambda: one_role('${"' * (BIG // 3)),
    "brackets": lambda: one_role("${jsonencode(" + "[" * BIG + ")}"),
    "objects": lambda: one_role("${jsonencode([" + "{a=1}," * (BIG // 6) + "])}"),
    "lists": lambda: b'{"resource": [' + b"[]," * (BIG // 3) + b"[]]}",
    "keys": lambda: b'{"Statement": 1,' + b'"a":1,' * (BIG // 6) + b'"a":1}',
    "duplicates": lambda: b'{"Statement": [' + b'{"a":1,"a":"xxxxxx"},' * (BIG // 21) + b"1]}",
    "roles": lambda: many("aws_iam_role", {"name": "x"}, 25),
    "large roles": lambda: many("aws_iam_role", {"name": "x", "policy": "y" * 1_000}, 1_060),
    "laughter": lambda: locals_of("NNNNNNNN"),
    "chain": lambda: locals_of("N"),
    "wide": lambda: many_of("${jsonencode([" + "{a=1}," * 15_000 + "N])}", 100),
    "distinct": lambda: many_of("${a.bN}" + "x" * 480, 19_000),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_files(name: str) -> None:
    """Ten megabytes are read or refused in one line, whatever they are; none of them hangs."""
    raw = HUGE[name]()
    try:
        estate = read_raw_estate(raw, FILE)
    except InvalidValue as error:
        lines = [str(error)]
    else:
        lines = [str(problem) for problem in estate.problems]

    assert all(len(line.splitlines()) == 1 for line in lines)


def refused_or_read(raw: bytes) -> None:
    """Read *raw*; only the documented error may come out, and every message is one line."""
    try:
        estate = read_raw_estate(raw, FILE)
    except InvalidValue as error:
        lines = [str(error)]
    else:
        lines = [str(problem) for problem in estate.problems]
        assert repr(estate).encode()
    assert all(len(line.splitlines()) == 1 for line in lines)


@given(content=FILES)
def test_wrong_types_are_refused_or_named(content: object) -> None:
    """JSON that has anything where something belongs is read as far as it makes sense."""
    refused_or_read(json.dumps(content).encode())


@given(content=FILES, at=st.floats(0, 1), byte=st.binary(max_size=2))
def test_broken_json_is_refused(content: object, at: float, byte: bytes) -> None:
    """A file that was cut off or changed by a byte is refused or read, and never a crash."""
    raw = json.dumps(content).encode()
    place = int(at * len(raw))

    refused_or_read(raw[:place] + byte)
    refused_or_read(raw[:place] + byte + raw[place + 1 :])


@given(expression=st.text(alphabet='${}"[]()=,.:\\\n%abx1 ~', max_size=60))
def test_any_expression_is_read(expression: str) -> None:
    """An expression that is none hides nothing but itself."""
    refused_or_read(one_role(f"${{jsonencode({expression})}}{expression}"))


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    """A folder without stacks and without Terraform's files says what to name."""
    with pytest.raises(InvalidValue) as caught:
        read_estate(tmp_path)

    assert str(caught.value) == (
        f"The folder has no synthesized stacks. Got '{tmp_path}'. There is no manifest.json in it, "
        "which lists them. Name a folder with `.tf` or `.tf.json` files; a `cdktf.out`; plan or "
        "policy files one by one; or, to a review, `none` for a side that has no stacks yet."
    )
