"""What is read from `cdktf.out`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cdktf_out import PROD, s3_backend, stack, write_out

from deploy_access.errors import InvalidValue
from deploy_access.terraform.sources import Reading
from deploy_access.terraform.stacks import S3Backend, Stack, read_stacks

if TYPE_CHECKING:
    from pathlib import Path

ROLE = f"arn:aws:iam::{PROD}:role/terraform"
KEY = f"arn:aws:kms:eu-central-1:{PROD}:key/1234"


def test_a_stack_in_s3(tmp_path: Path) -> None:
    """The un-aliased provider and the backend say where a stack deploys and keeps its state."""
    backend = s3_backend("account-prod", kms_key_id=KEY, assume_role=[{"role_arn": ROLE}])
    out = write_out(tmp_path, {"account-prod": stack(role_arn=ROLE, backend=backend)})

    assert read_stacks(out) == {
        "account-prod": Stack(
            name="account-prod",
            account=PROD,
            region="eu-central-1",
            role_arn=ROLE,
            backend=S3Backend(
                bucket="acme-state",
                region="eu-central-1",
                key="deploy-access/account-prod.tfstate",
                kms_key=KEY,
                role_arn=ROLE,
            ),
        )
    }


@pytest.mark.parametrize(
    "spelling",
    [
        {"role_arn": ROLE},
        {"assume_role": {"role_arn": ROLE}},
        {"assume_role": [{"role_arn": ROLE}]},
    ],
    ids=["old", "block", "list"],
)
def test_the_role_of_the_state(tmp_path: Path, spelling: dict[str, object]) -> None:
    """Terraform has several spellings for the role of a backend, and CDKTF writes any of them."""
    out = write_out(tmp_path, {"a": stack(backend=s3_backend("a", **spelling))})

    backend = read_stacks(out)["a"].backend

    assert backend is not None
    assert backend.role_arn == ROLE


def test_a_stack_with_local_state(tmp_path: Path) -> None:
    """A state beside the stack is no state in S3, and no role is assumed unless one is named."""
    out = write_out(tmp_path, {"a": stack()})

    assert read_stacks(out)["a"] == Stack(
        name="a", account=PROD, region="eu-central-1", role_arn=None, backend=None
    )


def test_what_terraform_fills_in_is_not_known(tmp_path: Path) -> None:
    """A reference, or a choice of several accounts, is nothing to build an ARN from."""
    document = {
        "provider": {
            "aws": {"region": "${var.region}", "allowed_account_ids": [PROD, "111122223333"]}
        }
    }
    out = write_out(tmp_path, {"a": document})

    assert read_stacks(out)["a"] == Stack(
        name="a", account=None, region=None, role_arn=None, backend=None
    )


def test_stacks_are_sorted(tmp_path: Path) -> None:
    """The order of the manifest says nothing."""
    out = write_out(tmp_path, {"b": stack(), "a": stack()})

    assert list(read_stacks(out)) == ["a", "b"]


def test_no_output_says_what_to_run(tmp_path: Path) -> None:
    """Whoever has not synthesized learns how."""
    with pytest.raises(InvalidValue, match=r"Run `python main\.py` or `cdktf synth`"):
        read_stacks(tmp_path / "cdktf.out")


def test_interrupted_synthesis_says_what_to_run(tmp_path: Path) -> None:
    """Stacks without a manifest are what a killed synthesis leaves for a moment."""
    out = write_out(tmp_path, {"a": stack()})
    (out / "manifest.json").unlink()

    with pytest.raises(InvalidValue, match=r"Synthesize anew: `python main\.py`"):
        Reading().sources(out)


def test_half_an_output_says_what_to_run(tmp_path: Path) -> None:
    """A file that was cut off is named."""
    out = write_out(tmp_path, {"a": stack()})
    path = out / "stacks" / "a" / "cdk.tf.json"
    path.write_text(json.dumps(stack())[:-5], "utf-8")

    with pytest.raises(InvalidValue, match=r"`python main\.py` or `cdktf synth`") as caught:
        read_stacks(out)

    assert caught.value.problems[0].given == str(path)


def test_a_backend_that_is_not_written_out_is_refused(tmp_path: Path) -> None:
    """A bucket that is only known at init cannot be made."""
    backend = {"s3": {"bucket": "acme-state", "region": "${var.region}"}}
    out = write_out(tmp_path, {"a": stack(backend=backend)})

    with pytest.raises(InvalidValue) as caught:
        read_stacks(out)

    assert caught.value.problems[0].given == ["key", "region"]


@pytest.mark.parametrize("written", [111122223333, "111122223333", [111122223333]])
def test_an_account_as_terraform_converts_it(tmp_path: Path, written: object) -> None:
    """Terraform converts a number to a text, so a number names the same account."""
    provider = {"region": "eu-central-1", "allowed_account_ids": written}
    document = {"provider": {"aws": [provider]}}
    out = write_out(tmp_path, {"a": document})

    assert read_stacks(out)["a"].account == "111122223333"


def test_names_are_resolved(tmp_path: Path) -> None:
    """What a local or the default of a variable says is known before Terraform runs."""
    document = {
        "locals": {"account": PROD},
        "variable": {"region": {"default": "eu-central-1"}},
        "provider": {
            "aws": {"region": "${var.region}", "allowed_account_ids": ["${local.account}"]}
        },
    }
    out = write_out(tmp_path, {"a": document})

    assert read_stacks(out)["a"] == Stack(
        name="a", account=PROD, region="eu-central-1", role_arn=None, backend=None
    )
