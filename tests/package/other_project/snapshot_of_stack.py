"""What the stack is synthesized to, for review."""

from web_stack import WebStack  # isort: skip - before cdktf: it makes Node start fast
import json

from cdktf import Testing
from syrupy.assertion import SnapshotAssertion


def test_web_prod(snapshot: SnapshotAssertion) -> None:
    """Nothing in the stack changes unseen."""
    assert json.loads(Testing.synth(WebStack(Testing.app(), "web-prod"))) == snapshot
