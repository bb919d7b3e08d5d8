"""Where a stack deploys: said, discovered, or looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cdktf import TerraformStack, TerraformVariable
from synth import ACCOUNT, OTHER_ACCOUNT, REGION, WEB, new_stack, synth

from constructs_lib import AwsTarget, EcrRepo, EcsDeployPolicy, GithubDeployRole, OidcProvider
from constructs_lib.provider import AwsProvider
from deploy_access.errors import InvalidValue, TargetUnknown

if TYPE_CHECKING:
    from cdktf import App

ACCOUNT_READ = "${data.aws_caller_identity.DeployAccessAccount.account_id}"
REGION_READ = "${data.aws_region.DeployAccessRegion.id}"
PARTITION_READ = "${data.aws_partition.DeployAccessPartition.partition}"
SUFFIX_READ = "${data.aws_partition.DeployAccessPartition.dns_suffix}"


def what_is_known(target: AwsTarget) -> tuple[str, str, str, str]:
    """Take the four texts out of a target."""
    return target.account, target.region, target.partition, target.dns_suffix


def region_variable(stack: TerraformStack) -> str:
    """Make a variable for the region, which is known at apply only."""
    return TerraformVariable(stack, "region", type="string").string_value


def test_set(app: App) -> None:
    """What the user says needs no provider."""
    stack = TerraformStack(app, "web")

    said = AwsTarget.set(stack, account=OTHER_ACCOUNT, region="us-east-1")

    assert AwsTarget.of(stack) is said
    assert what_is_known(said) == (OTHER_ACCOUNT, "us-east-1", "aws", "amazonaws.com")


def test_set_wins(app: App) -> None:
    """What the user says is taken in place of what the provider shows."""
    stack = new_stack(app)
    AwsTarget.set(stack, account=OTHER_ACCOUNT, region="us-east-1")

    assert AwsTarget.of(stack).account == OTHER_ACCOUNT


@pytest.mark.parametrize(
    ("account", "region", "message"),
    [
        pytest.param("1234", REGION, "An AWS account id has twelve digits", id="account"),
        pytest.param(ACCOUNT, "Frankfurt", "lies in one of AWS's partitions", id="region"),
    ],
)
def test_set_refused(app: App, account: str, region: str, message: str) -> None:
    """An account or a region that AWS cannot have is refused."""
    with pytest.raises(InvalidValue, match=message):
        AwsTarget.set(TerraformStack(app, "web"), account=account, region=region)


def test_discovered(stack: TerraformStack) -> None:
    """Region and single allowed account are read from the provider, without a data source."""
    target = AwsTarget.of(stack)

    assert what_is_known(target) == (ACCOUNT, REGION, "aws", "amazonaws.com")
    assert target.literal
    assert synth(stack).paths() == []


def test_provider_made_after(app: App) -> None:
    """A construct that comes before the provider is refused: its ARNs would be a guess."""
    stack = TerraformStack(app, "web")

    with pytest.raises(TargetUnknown, match="Make the AwsProvider before the constructs"):
        OidcProvider(stack, "Github")


def test_only_an_aliased_provider(app: App) -> None:
    """An aliased provider does not say where constructs without it land."""
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region=REGION, allowed_account_ids=[ACCOUNT], alias="frankfurt")

    with pytest.raises(TargetUnknown):
        AwsTarget.of(stack)


def test_region_from_a_variable(app: App) -> None:
    """A region that is known at apply only is read, and partition and suffix with it."""
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region=region_variable(stack), allowed_account_ids=[ACCOUNT])

    target = AwsTarget.of(stack)

    assert what_is_known(target) == (ACCOUNT, REGION_READ, PARTITION_READ, SUFFIX_READ)
    assert not target.literal


@pytest.mark.parametrize(
    "accounts",
    [
        pytest.param(None, id="none"),
        pytest.param([ACCOUNT, OTHER_ACCOUNT], id="two"),
    ],
)
def test_account_not_said(app: App, accounts: list[str] | None) -> None:
    """An account is read unless the provider allows exactly one."""
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region=REGION, allowed_account_ids=accounts)

    assert what_is_known(AwsTarget.of(stack))[:3] == (ACCOUNT_READ, REGION, "aws")


def test_region_that_no_partition_knows(app: App) -> None:
    """A new kind of region stays as it is; only its partition is read."""
    stack = new_stack(app, region="moon-north-1")

    assert what_is_known(AwsTarget.of(stack)) == (
        ACCOUNT,
        "moon-north-1",
        PARTITION_READ,
        SUFFIX_READ,
    )


def test_data_sources_once(app: App) -> None:
    """However many constructs need them, a stack has each data source once."""
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region=region_variable(stack))

    role = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider(stack, "Github"),
        subjects=[WEB.environment("prod")],
    )
    for name in ("web", "api"):
        EcrRepo(stack, name, name=name).grant_push(role)

    assert [path for path in synth(stack).paths() if path.startswith("DeployAccess")] == [
        "DeployAccessAccount",
        "DeployAccessPartition",
        "DeployAccessRegion",
    ]


def test_alias(app: App) -> None:
    """An aliased provider says where the constructs that are made with it land."""
    stack = new_stack(app)
    far = AwsProvider(
        stack, "Far", region="us-east-1", allowed_account_ids=[OTHER_ACCOUNT], alias="far"
    )

    assert what_is_known(AwsTarget.of(stack, far)) == (
        OTHER_ACCOUNT,
        "us-east-1",
        "aws",
        "amazonaws.com",
    )
    assert AwsTarget.of(stack).account == ACCOUNT


def test_alias_that_says_nothing(app: App) -> None:
    """Data sources of an aliased provider are its own, beside those of the default one."""
    stack = new_stack(app, account=None)
    far = AwsProvider(stack, "Far", region="us-east-1", alias="far")

    accounts = {AwsTarget.of(stack).account, AwsTarget.of(stack, far).account}

    made = synth(stack)
    assert accounts == {
        f"${{{made[path].address}.account_id}}"
        for path in ("DeployAccessAccount", "DeployAccessAccount-far")
    }
    assert made["DeployAccessAccount-far"].arguments == {"provider": "aws.far"}


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "audience"),
    [
        pytest.param("eu-west-1", "aws", "amazonaws.com", "sts.amazonaws.com", id="commercial"),
        pytest.param(
            "cn-northwest-1", "aws-cn", "amazonaws.com.cn", "sts.amazonaws.com.cn", id="China"
        ),
        pytest.param(
            "us-gov-west-1", "aws-us-gov", "amazonaws.com", "sts.amazonaws.com", id="GovCloud"
        ),
        pytest.param(
            "eusc-de-east-1", "aws-eusc", "amazonaws.eu", "sts.amazonaws.com", id="sovereign"
        ),
        pytest.param("us-iso-east-1", "aws-iso", "c2s.ic.gov", "sts.amazonaws.com", id="iso"),
        pytest.param("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov", "sts.amazonaws.com", id="b"),
        pytest.param("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk", "sts.amazonaws.com", id="e"),
        pytest.param("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov", "sts.amazonaws.com", id="f"),
    ],
)
def test_partitions(app: App, region: str, partition: str, suffix: str, audience: str) -> None:
    """ARNs, registry and audience are those of the region's partition."""
    stack = new_stack(app, region=region)

    github = OidcProvider(stack, "Github")
    image = EcrRepo(stack, "Image", name="web")

    assert github.arn.startswith(f"arn:{partition}:iam::{ACCOUNT}:oidc-provider/")
    assert github.audiences == (audience,)
    assert image.arn == f"arn:{partition}:ecr:{region}:{ACCOUNT}:repository/web"
    assert image.registry == f"{ACCOUNT}.dkr.ecr.{region}.{suffix}"


def test_repository_of_a_stack_that_does_not_say(app: App) -> None:
    """A policy in another stack cannot refer to a data source of the repository's stack."""
    images = new_stack(app, "images", account=None)
    image = EcrRepo(images, "Image", name="web")
    web = new_stack(app)
    role = GithubDeployRole.from_name(web, "Deploy", name="web-deploy")

    with pytest.raises(TargetUnknown, match="account of stack 'images' is known at apply only"):
        image.grant_push(role)


def test_repository_in_a_region_from_a_variable(app: App) -> None:
    """The region is as necessary as the account for an ARN in another stack."""
    images = TerraformStack(app, "images")
    AwsProvider(images, "Aws", region=region_variable(images), allowed_account_ids=[ACCOUNT])
    image = EcrRepo(images, "Image", name="web")
    role = GithubDeployRole.from_name(new_stack(app), "Deploy", name="web-deploy")

    with pytest.raises(TargetUnknown, match="region of stack 'images' is known at apply only"):
        image.grant_push(role)


def test_repository_in_an_unknown_partition(app: App) -> None:
    """The partition of a new kind of region is a data source of that stack only."""
    image = EcrRepo(new_stack(app, "images", region="moon-north-1"), "Image", name="web")
    role = GithubDeployRole.from_name(new_stack(app), "Deploy", name="web-deploy")

    with pytest.raises(TargetUnknown, match="partition of stack 'images' is known at apply only"):
        image.grant_push(role)


def test_provider_of_a_stack_that_does_not_say(app: App) -> None:
    """A trust policy cannot refer to a data source of the provider's stack."""
    github = OidcProvider(new_stack(app, "account", account=None), "Github")

    with pytest.raises(TargetUnknown, match="account of stack 'account'"):
        GithubDeployRole(
            new_stack(app),
            "Deploy",
            name="web-deploy",
            oidc_provider=github,
            subjects=[WEB.environment("prod")],
        )


def test_two_stacks_that_do_not_say(app: App) -> None:
    """Two unknown accounts are not taken for one because their data sources have one name."""
    role = GithubDeployRole.from_name(
        new_stack(app, "account", account=None), "Deploy", name="web-deploy"
    )

    with pytest.raises(TargetUnknown, match="is known at apply only"):
        EcsDeployPolicy(
            new_stack(app, account=None),
            "Ecs",
            role=role,
            cluster="prod",
            services=["web"],
            task_roles=[],
            execution_role=None,
        )


def test_alias_of_an_unknown_account(app: App) -> None:
    """An account that an aliased provider does not say is not taken for another account."""
    stack = new_stack(app)
    far = AwsProvider(stack, "Far", region="us-east-1", alias="far")
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")

    with pytest.raises(TargetUnknown, match="is known at apply only"):
        EcrRepo(stack, "Image", name="web", provider=far).grant_push(role)
