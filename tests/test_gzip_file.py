"""What gzip has packed is read whole, or refused; and never further than the limit."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access import gzip_file
from deploy_access.errors import InvalidValue
from deploy_access.gzip_file import is_packed, unpack

PACKED = gzip.compress(b"a log of CloudTrail")


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=3), st.integers(0, 3))
def test_pieces(pieces: list[bytes], padding: int) -> None:
    """Pieces that were packed by themselves are one file, whatever pads it."""
    packed = b"".join(map(gzip.compress, pieces)) + b"\0" * padding

    assert is_packed(packed)
    assert unpack(packed, "log") == b"".join(pieces)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(PACKED[:-1], "it ends before its checksum", id="cut in the checksum"),
        pytest.param(PACKED[:12], "it ends before its checksum", id="cut in the data"),
        pytest.param(PACKED[:2], "it ends before its checksum", id="cut in the header"),
        pytest.param(PACKED[:-8] + b"\0" * 8, "incorrect data check", id="another checksum"),
        pytest.param(PACKED[:10] + b"\xff" + PACKED[11:], "invalid block type", id="no data"),
        pytest.param(PACKED + b"x", "something else follows", id="more behind it"),
    ],
)
def test_damaged(raw: bytes, why: str) -> None:
    """What is not whole is refused, with the reason."""
    with pytest.raises(InvalidValue, match="damaged or cut off") as refused:
        unpack(raw, "log.gz")

    assert why in refused.value.problems[0].why


@pytest.mark.parametrize(("size", "is_refused"), [(1_000, False), (1_001, True), (10**7, True)])
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_bomb(
    size: int, pieces: int, monkeypatch: pytest.MonkeyPatch, *, is_refused: bool
) -> None:
    """What unpacks to more than the limit is refused, in one piece or in several."""
    monkeypatch.setattr(gzip_file, "LIMIT", 1_000)
    packed = b"".join(gzip.compress(b"0" * (size // pieces)) for _ in range(pieces))
    packed += gzip.compress(b"0" * (size % pieces))

    if is_refused:
        with pytest.raises(InvalidValue, match="when it is unpacked"):
            unpack(packed, "log.gz")
    else:
        assert len(unpack(packed, "log.gz")) == size
