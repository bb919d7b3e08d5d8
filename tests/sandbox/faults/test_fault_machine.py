"""
The machine in trouble: one error that says what to do, and the run after it works.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from operations_page import is_shown
from own_mounts import PROJECT, Step, run_steps
from sandbox_estates import role, stack, write_out

from sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.terraform

APPLY = "deploy-access sandbox apply --out out"
OLD = "#!/bin/sh\necho Terraform v1.5.7\n"


@pytest.fixture(name="clone")
def _clone(tmp_path: Path) -> Path:
    """
    Stand in a clone: the app, its file, and beside them one small stack that is synthesized.
    """
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("main.py", "environments.toml", "cdktf.json"):
        shutil.copy(PROJECT / name, clone)
    (clone / "stacks").symlink_to(PROJECT / "stacks")
    write_out(clone / "out", {"web": stack("web", resource=role("web-deploy"))})
    return clone


def assert_one_line(step: Step, code: int = 1) -> None:
    """
    Compare an error with the page: one line, no traceback.
    """
    assert step.code == code
    assert "\n" not in step.said
    assert is_shown(step.said), step.said


def test_disk_full_while_synthesizing(clone: Path) -> None:
    """
    What was synthesized before stays, and with room again it is replaced.
    """
    script = """
    mkdir cdktf.out; mount -t tmpfs -o size=400k tmpfs cdktf.out
    step python main.py
    step sha256sum cdktf.out/manifest.json cdktf.out/stacks/web-prod/cdk.tf.json
    head -c 1m /dev/zero >cdktf.out/filler || true
    step python main.py
    step sha256sum cdktf.out/manifest.json cdktf.out/stacks/web-prod/cdk.tf.json
    rm cdktf.out/filler
    step python main.py
    step ls -A cdktf.out
    """

    first, before, full, after, again, left = run_steps(clone, script)

    assert (first.code, before, again.code) == (0, after, 0)
    assert_one_line(full)
    assert left.said.split() == ["manifest.json", "stacks"]


def test_no_room_for_node(clone: Path) -> None:
    """
    A full home and a full folder for temporary files are named, and the run after them works.
    """
    script = """
    mkdir small; mount -t tmpfs -o size=200k tmpfs small
    HOME=$PWD/small step python main.py
    rm -rf small/.cache
    TMPDIR=$PWD/small step python main.py
    step python main.py
    """

    *full, again = run_steps(clone, script)

    for step in full:
        shown = re.sub(r"TMPDIR=\S+ HOME=\S+'", "TMPDIR=/small, HOME=/root'", step.said)
        assert_one_line(Step(code=step.code, said=shown))
    assert again == Step(code=0, said="")


def test_read_only(clone: Path) -> None:
    """
    A clone and a home that cannot be written: the app and the sandbox say so, or work elsewhere.
    """
    script = f"""
    mkdir mounted elsewhere home
    mount --bind {clone} mounted; mount -o remount,ro,bind mounted
    mount -t tmpfs -o ro tmpfs home
    cd mounted
    step python main.py
    step {APPLY}
    HOME=$OLDPWD/home CDKTF_OUTDIR=../elsewhere/cdktf.out step python main.py
    step ls ../elsewhere/cdktf.out
    """

    app, sandbox, elsewhere, written = run_steps(clone.parent, script)

    assert_one_line(app)
    assert_one_line(sandbox)
    assert elsewhere == Step(code=0, said="")
    assert written.said.split() == ["manifest.json", "stacks"]


def test_disk_full_while_applying(clone: Path) -> None:
    """
    Of a state that the disk does not take nothing is lost: the next apply makes nothing twice.

    There is no HOME either: nothing of it is needed.
    """
    script = f"""
    unset HOME
    mkdir .sandbox; mount -t tmpfs -o size=3m tmpfs .sandbox
    step deploy-access sandbox env --out out
    head -c 4m /dev/zero >.sandbox/filler || true
    step {APPLY}
    truncate -s -700K .sandbox/filler
    step {APPLY}
    rm .sandbox/filler
    step {APPLY}
    step deploy-access sandbox verify --out out
    step deploy-access sandbox destroy --out out
    """

    env, full, unwritten, again, verified, destroyed = run_steps(clone, script)

    assert env.code == 0
    assert_one_line(Step(code=full.code, said=full.said.splitlines()[-1]))
    assert unwritten.code == 1
    assert '"lineage"' not in unwritten.said
    assert is_shown(unwritten.said.rpartition("\n\n")[2])
    assert again.code == 0
    assert "0 added, 0 changed, 0 destroyed" in again.said
    assert (verified.code, destroyed.code) == (0, 0)
    assert "1 destroyed" in destroyed.said


def test_no_terraform(clone: Path) -> None:
    """
    No Terraform, one that is too old, one without a provider: each says so, with exit code 3.
    """
    with Sandbox(clone / "out") as sandbox:
        mirror, terraform = sandbox.provider.mirror, sandbox.terraform.program
    (clone / "old").mkdir()
    (clone / "old" / "terraform").write_text(OLD, "utf-8")
    (clone / "old" / "terraform").chmod(0o755)
    script = f"""
    export HTTPS_PROXY=http://127.0.0.1:9 HOME={clone}
    TERRAFORM_BINARY_NAME=terraform-1.11 step {APPLY}
    TERRAFORM_BINARY_NAME={clone}/old/terraform step {APPLY}
    mount -t tmpfs tmpfs {mirror}
    TERRAFORM_BINARY_NAME={terraform} step {APPLY}
    umount {mirror}
    step {APPLY}
    step deploy-access sandbox destroy --out out
    """

    missing, old, alone, *working = run_steps(clone, script)

    assert_one_line(missing, 3)
    assert_one_line(Step(code=old.code, said=old.said.replace(f"{clone}/", "")), 3)
    assert alone.code == 3
    assert alone.said.startswith("Terraform finds no AWS provider >= 5.100.0, < 7.0.0 (asked: ")
    assert "It said of the last: Error: Failed to query available provider packages" in alone.said
    assert [step.code for step in working] == [0, 0]
