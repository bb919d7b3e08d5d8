"""What a review says to write when a construct gets another id, written with real constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib import AwsTarget, EcrRepo  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack

from constructs_lib.provider import AwsProvider
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path


def synthesize(out: Path, identity: str, former: str | None = None) -> Path:
    """Synthesize a stack with one repository."""
    app = App(outdir=str(out))
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region="eu-central-1", allowed_account_ids=["111122223333"])
    AwsTarget.set(stack, account="111122223333", region="eu-central-1")
    image = EcrRepo(stack, identity, name="web")
    if former:
        image.resource.move_from_id(former)
    app.synth()
    return out


def test_a_construct_that_is_moved(tmp_path: Path) -> None:
    """Without the call that the review names the repository is destroyed, with it it is kept."""
    base = synthesize(tmp_path / "base", "Old")

    lost = review(base, synthesize(tmp_path / "head", "New")).destroyed[0]
    moved = review(base, synthesize(tmp_path / "moved", "New", lost.address))

    assert lost.type == "aws_ecr_repository"
    assert f'.move_from_id("{lost.address}")' in lost.note
    assert [c.action for c in moved.resources if c.type == lost.type] == ["move"]
