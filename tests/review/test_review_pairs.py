"""Pairs of small stacks that once passed in silence: each fails the condition that it should."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy_access.cli import main

HERE = Path(__file__).parent
PAIRS = HERE / "pairs"
CONDITIONS = ("widened", "destroyed", "data", "findings", "notices", "unread")
# The other pairs run code, steer Terraform, give access that is not compared, or endanger data.
WIDENED = (
    "bucket-deny-narrowed",
    "deny-never-made-count",
    "deny-never-made-dynamic",
    "deny-never-made-for-each",
    "deny-never-made-on-both-sides",
    "for-each-attachment",
    "group-policy-widened",
    "managed-arn-conditional",
    "managed-arn-format",
    "override-one-sid-twice",
    "override-one-sid-twice-quiet",
    "policy-attachment-users",
    "queue-deny-narrowed",
    "second-policy-of-one-name",
    "second-writer-bucket-policy",
    "source-document-lower-case",
    "trust-by-splat",
    "trust-by-values",
)


def code(base: Path, head: Path, *conditions: str) -> int:
    """Review two files, and return the exit code."""
    asked = [word for condition in conditions for word in ("--fail-on", condition)]
    return CliRunner().invoke(main, ["review", str(base), str(head), *asked]).exit_code


@pytest.mark.parametrize("pair", sorted(PAIRS.iterdir()), ids=lambda pair: pair.name)
def test_pair(pair: Path) -> None:
    """A change that makes things more dangerous is told of; no change is none."""
    condition = "widened" if pair.name in WIDENED else "notices"
    base, head = pair / "base.tf.json", pair / "head.tf.json"

    assert code(base, head, condition) == 10
    assert [code(side, side, *CONDITIONS) for side in (base, head)] == [0, 0]


def test_all_pairs_are_there() -> None:
    """No pair of the list is left out."""
    assert set(WIDENED) < {pair.name for pair in PAIRS.iterdir()}


def test_what_holds_back_is_no_notice() -> None:
    """A public access block, a private list and a password policy give nobody access."""
    head = HERE / "holding_back.tf.json"

    assert (
        CliRunner().invoke(main, ["review", "none", str(head), "--fail-on", "notices"]).exit_code
        == 0
    )
