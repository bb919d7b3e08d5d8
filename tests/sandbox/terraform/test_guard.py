"""
What is refused before anything starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sandbox_estates import NONPROD, PROD, role, stack, write_out

from sandbox import RefusedStacks, Sandbox, UnreadableEstate
from sandbox.terraform.guard import check_estate
from sandbox.terraform.sandbox_estate import read_sandbox_estate

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = {"path": "terraform.tfstate"}
S3 = {"bucket": "state", "key": "web", "region": "eu-central-1"}


def refusal(folder: Path, document: dict[str, Any]) -> str:
    """
    Return why a stack called `web` is refused.
    """
    out = write_out(folder / "cdktf.out", {"web": document})
    with pytest.raises(RefusedStacks) as caught, Sandbox(out, folder=folder / "box"):
        pass
    assert not (folder / "box").exists()
    assert {refusal.stack for refusal in caught.value.refusals} == {"web"}
    return "\n".join(refusal.reason for refusal in caught.value.refusals)


@pytest.mark.parametrize(
    "argument",
    [
        {"endpoints": [{"sts": "https://sts.amazonaws.com"}]},
        {"profile": "production"},
        {"access_key": "AKIAIOSFODNN7EXAMPLE"},
        {"secret_key": "secret"},
        {"token": "token"},
        {"shared_config_files": ["/home/somebody/.aws/config"]},
        {"shared_credentials_files": ["/home/somebody/.aws/credentials"]},
        {"assume_role_with_web_identity": [{"role_arn": "arn:aws:iam::1:role/x"}]},
        {"http_proxy": "http://proxy:3128"},
        {"https_proxy": "http://proxy:3128"},
        {"no_proxy": "*"},
        {"custom_ca_bundle": "/etc/ssl/ca.pem"},
        {"ec2_metadata_service_endpoint": "http://169.254.169.254"},
        {"skip_metadata_api_check": False},
        {"sts_region": "us-east-1"},
        {"use_fips_endpoint": True},
        {"use_dualstack_endpoint": True},
        {"an_argument_of_tomorrow": True},
    ],
    ids=lambda argument: next(iter(argument)),
)
def test_provider_argument(tmp_path: Path, argument: dict[str, Any]) -> None:
    """
    An argument of the AWS provider that is not known to be harmless is refused by its name.
    """
    assert f"`{next(iter(argument))}`" in refusal(tmp_path, stack("web", provider=argument))


@pytest.mark.parametrize(
    "argument",
    [
        {"endpoints": {"s3": "https://s3.amazonaws.com"}},
        {"endpoint": "https://s3.amazonaws.com"},
        {"profile": "production"},
        {"access_key": "AKIAIOSFODNN7EXAMPLE"},
        {"shared_credentials_files": ["/home/somebody/.aws/credentials"]},
        {"sts_endpoint": "https://sts.amazonaws.com"},
        {"iam_endpoint": "https://iam.amazonaws.com"},
        {"http_proxy": "http://proxy:3128"},
    ],
    ids=lambda argument: next(iter(argument)),
)
def test_backend_argument(tmp_path: Path, argument: dict[str, Any]) -> None:
    """
    An argument of the S3 backend that is not known to be harmless is refused by its name.
    """
    document = stack("web", backend={"s3": {**S3, **argument}})

    assert f"`{next(iter(argument))}`" in refusal(tmp_path, document)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        pytest.param(stack("web", backend={"gcs": {}}), "'gcs'", id="backend type"),
        pytest.param(
            stack("web", terraform={"cloud": {"organization": "acme"}}), "`cloud`", id="cloud"
        ),
        pytest.param(
            stack("web", terraform={"required_providers": {"tls": "~> 4.0"}}),
            "'tls'",
            id="provider by version",
        ),
        pytest.param(
            stack("web", terraform={"required_providers": {"aws": {"source": "evil/aws"}}}),
            "'evil/aws'",
            id="namesake of the provider",
        ),
        pytest.param(
            stack(
                "web",
                terraform=[
                    {"required_version": ">= 1"},
                    {"required_providers": [{"tls": "~> 4.0"}]},
                ],
            ),
            "'tls'",
            id="provider in a list of blocks",
        ),
        pytest.param(
            stack("web", provider={"alias": "x"}) | {"provider": [{"tls": [{"proxy": "x"}]}]},
            "'tls'",
            id="configuration of another provider",
        ),
        pytest.param(
            stack("web", provider={}) | {"provider": {"aws": {"profile": "p"}}},
            "`profile`",
            id="provider as one block",
        ),
        pytest.param(
            stack("web", resource={"null_resource": {"X": {"triggers": "x"}}}),
            "null_resource.X",
            id="null",
        ),
        pytest.param(
            stack("web", data={"external": {"X": {"program": ["sh"]}}}), "data.external.X", id="ext"
        ),
        pytest.param(
            stack("web", data={"http": {"X": {"url": "http://a"}}}), "data.http.X", id="http"
        ),
        pytest.param(
            stack("web", data={"aws_ip_ranges": {"X": {"services": []}}}),
            "data.aws_ip_ranges.X",
            id="AWS data from an address of its own",
        ),
        pytest.param(
            stack("web", resource=role("web", provisioner=[{"local-exec": {"command": "id"}}])),
            "`provisioner`",
            id="provisioner",
        ),
        pytest.param(
            stack("web", resource=[{"terraform_data": [{"X": [{"provisioner": {}}]}]}]),
            "`provisioner`",
            id="provisioner in lists of blocks",
        ),
        pytest.param(
            stack("web", resource=role("web", provider="evil.x")), "'evil'", id="provider of one"
        ),
        pytest.param(
            stack("web", module={"vpc": {"source": "./assets/vpc"}}), "`module`", id="module"
        ),
        pytest.param(stack("web", check={"x": {"data": {"http": {}}}}), "`check`", id="check"),
        pytest.param(
            stack("web", removed=[{"from": "x"}, {"from": "y", "provisioner": [{}]}]),
            "`provisioner`",
            id="removed with a provisioner",
        ),
        pytest.param(
            stack("web", removed={"from": "x", "connection": {}}), "`connection`", id="removed"
        ),
        pytest.param(
            stack("web", removed=[[{"from": "x", "provisioner": [{}]}]]),
            "list in a list",
            id="removed in a list of lists",
        ),
        pytest.param(
            stack(
                "web",
                data={"terraform_remote_state": {"X": {"backend": "http", "config": {}}}},
            ),
            "'http'",
            id="remote state type",
        ),
        pytest.param(
            stack(
                "web",
                data={
                    "terraform_remote_state": {
                        "X": {"backend": "s3", "config": {**S3, "profile": "production"}}
                    }
                },
            ),
            "`profile`",
            id="remote state argument",
        ),
        pytest.param(
            stack(
                "web",
                data={"terraform_remote_state": {"X": {"backend": "s3", "config": "${local.x}"}}},
            ),
            "only Terraform can compute",
            id="remote state expression",
        ),
        pytest.param(
            stack(
                "web",
                data={
                    "terraform_remote_state": {
                        "X": {"backend": "local", "config": {"path": "/home/me/terraform.tfstate"}}
                    }
                },
            ),
            "/home/me/terraform.tfstate",
            id="remote state of what is really deployed",
        ),
        pytest.param(
            stack(
                "web",
                data={
                    "terraform_remote_state": {
                        "X": {"backend": "local", "config": {"path": '${"/home/me/x.tfstate"}'}}
                    }
                },
            ),
            "only Terraform can compute",
            id="remote state at a path in an expression",
        ),
        pytest.param(
            stack("web") | {"provider": {"aws": [[{"profile": "p"}]]}},
            "`provider` block has a list in a list",
            id="provider in a list of a list",
        ),
        pytest.param(
            stack("web", backend={"s3": [[{**S3, "profile": "p"}]]}),
            "`terraform` block has a list in a list",
            id="backend in a list of a list",
        ),
        pytest.param(
            stack("web", resource={"aws_iam_role": {"X": [[{"provisioner": {}}]]}}),
            "resource.aws_iam_role.X is no block",
            id="resource in a list of a list",
        ),
        pytest.param(
            {
                **stack("web"),
                "provider": {
                    "aws": [
                        {"allowed_account_ids": [NONPROD]},
                        {"alias": "prod", "allowed_account_ids": [PROD]},
                    ]
                },
            },
            f"{NONPROD}, {PROD}",
            id="two accounts without a role",
        ),
    ],
)
def test_stack(tmp_path: Path, document: dict[str, Any], named: str) -> None:
    """
    A stack with something that leads out of the sandbox is refused, and the text names it.
    """
    assert named in refusal(tmp_path, document)


@pytest.mark.parametrize("destroy", [True, False])
def test_what_is_no_longer_managed(tmp_path: Path, *, destroy: bool) -> None:
    """
    A `removed` block that only names a resource, and whether it goes, is run.
    """
    gone = {"from": "aws_iam_role.Role", "lifecycle": [{"destroy": destroy}]}
    check_estate(read_sandbox_estate(write_out(tmp_path, {"web": stack("web", removed=[gone])})))


def test_key_that_is_there_twice(tmp_path: Path) -> None:
    """
    A key that is there twice is refused: Terraform reads both, and a check would see one.
    """
    out = write_out(tmp_path / "cdktf.out", {"web": stack("web")})
    path = out / "stacks" / "web" / "cdk.tf.json"
    twice = path.read_text().replace("{", '{"provider": {"aws": {"profile": "p"}}, ', 1)
    path.write_text(twice)

    with pytest.raises(UnreadableEstate, match="'provider' is there twice"), Sandbox(out):
        pass


def test_all_reasons_come_at_once(tmp_path: Path) -> None:
    """
    Every stack and every reason is named in one error.
    """
    stacks = {
        "web": stack("web", provider={"profile": "a", "access_key": "b"}),
        "api": stack("api", backend={"gcs": {}}),
        "fine": stack("fine"),
    }
    out = write_out(tmp_path / "cdktf.out", stacks)

    with pytest.raises(RefusedStacks) as caught, Sandbox(out):
        pass

    assert [refusal.stack for refusal in caught.value.refusals] == ["api", "web", "web"]
