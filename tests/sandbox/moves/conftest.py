"""
An AWS with an empty account, in which a move is walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from move_walk import Walk
from sandbox_estates import stack, write_out

from sandbox import Sandbox
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, missing_tool: str | None) -> Iterator[Walk]:
    """
    Start the servers, with nothing in them.
    """
    assert missing_tool is None
    # Two, as a sandbox has no more lanes for Terraform than it has stacks when it starts.
    nothing = {name: stack(name) for name in ("one", "two")}
    out = write_out(tmp_path_factory.mktemp("nothing"), nothing)
    with Sandbox(out) as box, TokenIssuer() as issuer:
        box.gate.believe({issuer.url: issuer.address})
        yield Walk(box=box, issuer=issuer)
