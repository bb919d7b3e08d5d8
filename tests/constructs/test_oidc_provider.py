"""The OIDC provider: made, referred to, proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cdktf import TerraformStack, TerraformVariable
from synth import ACCOUNT, GITHUB, OTHER_ACCOUNT, WEB, new_stack, synth

from constructs_lib import GithubDeployRole, Issuer, OidcProvider, OidcProviderBase
from constructs_lib.provider import AwsProvider
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdktf import App

ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
THUMBPRINT = "0123456789abcdefABCDEF012345678901234567"


def without_region(app: App) -> TerraformStack:
    """Make a stack whose region, and so whose partition, is known at apply only."""
    stack = TerraformStack(app, "web")
    region = TerraformVariable(stack, "region", type="string").string_value
    AwsProvider(stack, "Aws", region=region, allowed_account_ids=[ACCOUNT])
    return stack


def test_defaults(stack: TerraformStack) -> None:
    """GitHub's issuer, the AWS action's audience, and nothing that AWS ignores."""
    github = OidcProvider(stack, "Github")

    block = synth(stack)["Github/Resource"]
    assert block.address == "aws_iam_openid_connect_provider.Github_67AA2193"
    assert block.arguments == {
        "url": f"https://{GITHUB}",
        "client_id_list": ["sts.amazonaws.com"],
    }
    assert block.facts == {"format": 1, "construct": "OidcProvider"}
    assert github.arn == ARN


@pytest.mark.parametrize(
    ("issuer", "host", "is_github"),
    [
        pytest.param(None, GITHUB, True, id="github.com"),
        pytest.param(Issuer.github(), GITHUB, True, id="github.com by name"),
        pytest.param(Issuer.github("acme"), f"{GITHUB}/acme", True, id="enterprise slug"),
        pytest.param(Issuer.ghe("acme"), "token.actions.acme.ghe.com", True, id="data residency"),
        pytest.param(
            Issuer.ghe("acme", "acme"),
            "token.actions.acme.ghe.com/acme",
            True,
            id="data residency with slug",
        ),
        pytest.param(
            Issuer.ghes("github.acme.example"),
            "github.acme.example/_services/token",
            True,
            id="enterprise server",
        ),
        pytest.param("https://gitlab.com", "gitlab.com", False, id="GitLab by URL"),
        pytest.param(
            "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            False,
            id="Bitbucket by URL",
        ),
    ],
)
def test_issuers(
    stack: TerraformStack, issuer: Issuer | str | None, host: str, *, is_github: bool
) -> None:
    """URL, ARN and condition keys all come from the issuer, slug included."""
    provider = OidcProvider(stack, "Idp", issuer=issuer)

    assert synth(stack)["Idp/Resource"].arguments["url"] == f"https://{host}"
    assert provider.condition_key_prefix == host
    assert provider.arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"
    assert provider.issuer.is_github is is_github


def test_audience_of_an_unknown_partition(app: App) -> None:
    """Where the region comes from a variable, Terraform chooses between the two audiences."""
    stack = without_region(app)

    github = OidcProvider(stack, "Github")

    audience = "${local.DeployAccessAudience}"
    assert github.audiences == (audience,)
    found = synth(stack)
    assert found["Github/Resource"].arguments["client_id_list"] == [audience]
    assert found.config["locals"] == {
        "DeployAccessAudience": "${data.aws_partition.DeployAccessPartition.partition"
        ' == "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com"}'
    }


def test_own_audiences(stack: TerraformStack) -> None:
    """Audiences of the user's own stand in place of the partition's."""
    github = OidcProvider(stack, "Github", audiences=["https://github.com/acme", "deploy"])

    block = synth(stack)["Github/Resource"]
    assert block.arguments["client_id_list"] == ["https://github.com/acme", "deploy"]
    assert github.audiences == ("https://github.com/acme", "deploy")


def test_thumbprints(stack: TerraformStack) -> None:
    """A list of thumbprints is passed on."""
    OidcProvider(stack, "Github", thumbprints=[THUMBPRINT])

    assert synth(stack)["Github/Resource"].arguments["thumbprint_list"] == [THUMBPRINT]


def test_thumbprint_from_a_reference(stack: TerraformStack) -> None:
    """A thumbprint that Terraform fills in later passes through."""
    OidcProvider(stack, "Github", thumbprints=["${var.thumbprint}"])

    assert synth(stack)["Github/Resource"].arguments["thumbprint_list"] == ["${var.thumbprint}"]


def test_thumbprint_read(stack: TerraformStack) -> None:
    """Terraform's tls provider reads the certificate of the issuer's configuration."""
    OidcProvider(stack, "Github", thumbprints="read")

    made = synth(stack)
    certificate = made["Github/Certificate"]
    assert certificate.type == "tls_certificate"
    assert certificate.arguments == {
        "url": f"https://{GITHUB}/.well-known/openid-configuration",
        "provider": "tls",
    }
    assert made["Github/Resource"].arguments["thumbprint_list"] == [
        f"${{{certificate.address}.certificates[0].sha1_fingerprint}}"
    ]


def test_tls_provider_once(stack: TerraformStack) -> None:
    """Two providers that read share one tls provider, which the stack requires."""
    OidcProvider(stack, "Github", thumbprints="read")
    OidcProvider(stack, "Gitlab", issuer="https://gitlab.com", thumbprints="read")

    config = synth(stack).config
    assert config["provider"]["tls"] == [{}]
    assert config["terraform"]["required_providers"]["tls"] == {
        "source": "hashicorp/tls",
        "version": "~> 4.0",
    }


def test_no_tls_provider(stack: TerraformStack) -> None:
    """A stack that reads no thumbprint does not require the tls provider."""
    OidcProvider(stack, "Github")

    assert list(synth(stack).config["terraform"]["required_providers"]) == ["aws"]


def test_tags(stack: TerraformStack) -> None:
    """Tags are passed on."""
    OidcProvider(stack, "Github", tags={"team": "platform"})

    assert synth(stack)["Github/Resource"].arguments["tags"] == {"team": "platform"}


@pytest.mark.parametrize(
    ("audiences", "message"),
    [
        pytest.param([], "`audiences` names at least one", id="none"),
        pytest.param("sts.amazonaws.com", "`audiences` is a list of texts", id="one text"),
        pytest.param(["a", "a"], "`audiences` names each once", id="twice"),
        pytest.param([""], "audiences of 1 to 255 characters", id="empty"),
        pytest.param(["a" * 256], "audiences of 1 to 255 characters", id="long"),
        pytest.param([str(n) for n in range(101)], "up to 100 audiences", id="many"),
    ],
)
def test_audiences_refused(stack: TerraformStack, audiences: Sequence[str], message: str) -> None:
    """Audiences that IAM refuses are refused here, with one message, also for existing ones."""
    with pytest.raises(InvalidValue, match=message) as made:
        OidcProvider(stack, "Github", audiences=audiences)
    with pytest.raises(InvalidValue, match=message):
        OidcProvider.from_account(stack, "Github", audiences=audiences)
    with pytest.raises(InvalidValue, match=message):
        OidcProvider.from_lookup(stack, "Github", audiences=audiences)
    with pytest.raises(InvalidValue, match=message):
        OidcProvider.from_arn(stack, "Github", arn=ARN, audiences=audiences)

    assert len(made.value.problems) == 1


@pytest.mark.parametrize("longest", [["a" * 255], [str(n) for n in range(100)]])
def test_longest_audiences(stack: TerraformStack, longest: list[str]) -> None:
    """What IAM just takes is taken."""
    assert OidcProvider(stack, "Github", audiences=longest).audiences == tuple(longest)


@pytest.mark.parametrize(
    ("thumbprints", "message"),
    [
        pytest.param([THUMBPRINT[:-1]], "40 hex digits", id="short"),
        pytest.param(["g" * 40], "40 hex digits", id="not hex"),
        pytest.param([f"{n:040x}" for n in range(6)], "up to 5 thumbprints", id="many"),
        pytest.param([THUMBPRINT, THUMBPRINT], "names each once", id="twice"),
        pytest.param(THUMBPRINT, "`thumbprints` is a list of texts", id="one text"),
    ],
)
def test_thumbprints_refused(
    stack: TerraformStack, thumbprints: Sequence[str], message: str
) -> None:
    """Thumbprints that IAM refuses are refused here, with one message."""
    with pytest.raises(InvalidValue, match=message) as caught:
        OidcProvider(stack, "Github", thumbprints=thumbprints)

    assert len(caught.value.problems) == 1


def test_everything_wrong_at_once(stack: TerraformStack) -> None:
    """Mistakes in several keywords come in one error."""
    with pytest.raises(InvalidValue) as caught:
        OidcProvider(stack, "Github", audiences=[], thumbprints=["x"], tags={"aws:x": "y"})

    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("issuer", "message"),
    [
        pytest.param("http://gitlab.com", "`https://` URL", id="no TLS"),
        pytest.param("https://gitlab.com/", "a slash at the end", id="slash"),
        pytest.param("https://gitlab.com:8443", "without port", id="port"),
        pytest.param("https://vstoken.actions.githubusercontent.com", "beta of 2021", id="retired"),
    ],
)
def test_issuer_refused(stack: TerraformStack, issuer: str, message: str) -> None:
    """An issuer that no token carries is refused wherever it is given."""
    with pytest.raises(InvalidValue, match=message):
        OidcProvider(stack, "Idp", issuer=issuer)
    with pytest.raises(InvalidValue, match=message):
        OidcProvider.from_account(stack, "Idp", issuer=issuer)


def test_from_account(stack: TerraformStack) -> None:
    """An existing provider is named, and nothing is made."""
    github = OidcProvider.from_account(stack, "Github", issuer=Issuer.github("acme"))

    assert github.arn == f"{ARN}/acme"
    assert github.audiences == ("sts.amazonaws.com",)
    assert synth(stack).paths() == []


def test_from_lookup(stack: TerraformStack) -> None:
    """A data source proves that the provider exists and takes the audience."""
    github = OidcProvider.from_lookup(stack, "Github")

    block = synth(stack)["Github/Lookup"]
    assert github.arn == ARN
    assert block.kind == "data"
    assert block.arguments == {
        "url": f"https://{GITHUB}",
        "lifecycle": {
            "postcondition": [
                {
                    "condition": '${contains(self.client_id_list, "sts.amazonaws.com")}',
                    "error_message": f"The OIDC provider {GITHUB} of this account does not take "
                    "the audience sts.amazonaws.com: STS would refuse every token with Incorrect "
                    "token audience. Add it: aws iam add-client-id-to-open-id-connect-provider "
                    f"--open-id-connect-provider-arn {ARN} --client-id sts.amazonaws.com",
                }
            ]
        },
    }


def test_from_lookup_with_audiences(stack: TerraformStack) -> None:
    """Every audience that a role may accept is proved."""
    OidcProvider.from_lookup(stack, "Github", audiences=["one", "two"])

    conditions = synth(stack)["Github/Lookup"].arguments["lifecycle"]["postcondition"]
    assert [c["condition"] for c in conditions] == [
        '${contains(self.client_id_list, "one")}',
        '${contains(self.client_id_list, "two")}',
    ]


@pytest.mark.parametrize(
    ("host", "issuer"),
    [
        pytest.param(GITHUB, Issuer.github(), id="github.com"),
        pytest.param(f"{GITHUB}/acme", Issuer.github("acme"), id="enterprise slug"),
        pytest.param("gitlab.com", Issuer("https://gitlab.com"), id="another"),
    ],
)
def test_from_arn(stack: TerraformStack, host: str, issuer: Issuer) -> None:
    """The ARN says who the issuer is."""
    arn = f"arn:aws:iam::{OTHER_ACCOUNT}:oidc-provider/{host}"

    provider = OidcProvider.from_arn(stack, "Idp", arn=arn)

    assert provider.issuer == issuer
    assert provider.arn == arn
    assert synth(stack).paths() == []


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("", id="empty"),
        pytest.param(GITHUB, id="host"),
        pytest.param(f"arn:aws:iam::1234:oidc-provider/{GITHUB}", id="short account"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:role/web", id="role"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:saml-provider/acme", id="SAML"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:oidc-provider/", id="no host"),
        pytest.param(f"{ARN}/", id="slash at the end"),
        pytest.param("${aws_iam_openid_connect_provider.Github.arn}", id="reference"),
        pytest.param(f"arn:aws-cn:iam::{ACCOUNT}:oidc-provider/{GITHUB}", id="other partition"),
    ],
)
def test_from_arn_refused(stack: TerraformStack, arn: str) -> None:
    """What is not the ARN of an OIDC provider of this partition is refused."""
    with pytest.raises(InvalidValue, match=r"ARN|issuer|partition"):
        OidcProvider.from_arn(stack, "Idp", arn=arn)


def test_from_arn_in_an_unknown_partition(app: App) -> None:
    """Where the partition is known at apply only, it is taken to be the ARN's own."""
    github = OidcProvider.from_arn(without_region(app), "Github", arn=ARN)

    assert github.arn.endswith(f"iam::{ACCOUNT}:oidc-provider/{GITHUB}")


def test_kinds(stack: TerraformStack) -> None:
    """Only what is made here has a resource."""
    made = OidcProvider(stack, "Made")
    existing = OidcProvider.from_account(stack, "Existing")

    assert isinstance(made, OidcProviderBase)
    assert made.resource.url_input == f"https://{GITHUB}"
    assert not isinstance(existing, OidcProvider)
    assert not hasattr(existing, "resource")


def by_account(stack: TerraformStack) -> OidcProviderBase:
    """Refer to the account's provider."""
    return OidcProvider.from_account(stack, "Github")


def by_lookup(stack: TerraformStack) -> OidcProviderBase:
    """Refer to it, and look."""
    return OidcProvider.from_lookup(stack, "Github")


def by_arn(stack: TerraformStack) -> OidcProviderBase:
    """Refer to it by its ARN."""
    return OidcProvider.from_arn(stack, "Github", arn=ARN)


def trust_in(stack: TerraformStack, github: OidcProviderBase) -> object:
    """Make a role that trusts *github*, and read its trust policy."""
    GithubDeployRole(
        stack,
        "Deploy",
        name=f"{stack.node.id}-deploy",
        oidc_provider=github,
        subjects=[WEB.environment("prod")],
    )
    return synth(stack)["Deploy/Resource"].policy


@pytest.mark.parametrize("existing", [by_account, by_lookup, by_arn])
def test_existing_is_trusted_alike(
    app: App, existing: Callable[[TerraformStack], OidcProviderBase]
) -> None:
    """A role trusts an existing provider with the same policy as one made here."""
    account, web = new_stack(app, "account"), new_stack(app, "web")

    made_here = trust_in(account, OidcProvider(account, "Github"))

    assert trust_in(web, existing(web)) == made_here


def test_prevent_destroy(stack: TerraformStack) -> None:
    """Terraform refuses to destroy it when told so, and not otherwise."""
    OidcProvider(stack, "Github", prevent_destroy=True)
    OidcProvider(stack, "Other", issuer="https://idp.example", prevent_destroy=False)

    made = synth(stack)
    assert made["Github/Resource"].arguments["lifecycle"] == {"prevent_destroy": True}
    assert "lifecycle" not in made["Other/Resource"].arguments
