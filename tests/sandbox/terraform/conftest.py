"""
The estate whose account was bootstrapped for real, deployed once for all tests of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from judged_estate import SERVICE, JudgedEstate, write_judged
from lab_stack import FIRST

from sandbox import Sandbox
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def judged_estate(
    tmp_path_factory: pytest.TempPathFactory, missing_tool: str | None
) -> Iterator[JudgedEstate]:
    """
    Bootstrap the account and deploy it, as an administrator does once by hand.
    """
    assert missing_tool is None
    services = {"web-dev": SERVICE, "lab-dev": FIRST}
    out = write_judged(tmp_path_factory.mktemp("judged"), services)
    with Sandbox(out) as sandbox, TokenIssuer() as issuer:
        sandbox.gate.believe({issuer.url: issuer.address})
        sandbox.apply("bootstrap")
        sandbox.apply("account-dev")
        yield JudgedEstate(sandbox=sandbox, issuer=issuer)
