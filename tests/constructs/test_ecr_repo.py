"""The repository: its settings, and what ECR would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from synth import ACCOUNT, OTHER_ACCOUNT, REGION, new_stack, synth

from constructs_lib import EcrRepo, EcrRepoBase, Encryption, TagMutability, constrain_aws_provider
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdktf import App, TerraformStack

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DEFAULTS: dict[str, Any] = {
    "name": "web",
    "image_tag_mutability": "IMMUTABLE",
    "image_scanning_configuration": {"scan_on_push": True},
    "encryption_configuration": [{"encryption_type": "AES256"}],
    "force_delete": False,
}


def test_defaults(stack: TerraformStack) -> None:
    """Immutable tags, a scan on push, encryption, no forced deletion."""
    image = EcrRepo(stack, "Image", name="web")

    made = synth(stack)
    assert made.paths() == ["Image/Lifecycle", "Image/Resource"]
    assert made["Image/Resource"].arguments == DEFAULTS
    assert made["Image/Resource"].facts == {"format": 1, "construct": "EcrRepo"}
    assert image.arn == f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"
    assert image.registry == f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    assert image.url == f"{image.registry}/web"


@pytest.mark.parametrize(
    ("keywords", "arguments"),
    [
        pytest.param(
            {"tag_mutability": TagMutability.mutable()},
            {"image_tag_mutability": "MUTABLE"},
            id="mutable",
        ),
        pytest.param(
            {"tag_mutability": TagMutability.immutable()},
            {"image_tag_mutability": "IMMUTABLE"},
            id="immutable",
        ),
        pytest.param(
            {"tag_mutability": TagMutability.immutable_except("buildcache*", "latest")},
            {
                "image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION",
                "image_tag_mutability_exclusion_filter": [
                    {"filter": "buildcache*", "filter_type": "WILDCARD"},
                    {"filter": "latest", "filter_type": "WILDCARD"},
                ],
            },
            id="immutable with exclusions",
        ),
        pytest.param(
            {"tag_mutability": TagMutability.mutable_except("v*")},
            {
                "image_tag_mutability": "MUTABLE_WITH_EXCLUSION",
                "image_tag_mutability_exclusion_filter": [
                    {"filter": "v*", "filter_type": "WILDCARD"}
                ],
            },
            id="mutable with exclusions",
        ),
        pytest.param(
            {"encryption": Encryption.kms()},
            {"encryption_configuration": [{"encryption_type": "KMS"}]},
            id="KMS",
        ),
        pytest.param(
            {"encryption": Encryption.kms(KEY)},
            {"encryption_configuration": [{"encryption_type": "KMS", "kms_key": KEY}]},
            id="KMS with a key",
        ),
        pytest.param(
            {"encryption": Encryption.kms_dsse("${aws_kms_key.Key.arn}")},
            {
                "encryption_configuration": [
                    {"encryption_type": "KMS_DSSE", "kms_key": "${aws_kms_key.Key.arn}"}
                ]
            },
            id="two layers, key by reference",
        ),
        pytest.param(
            {"scan_on_push": False},
            {"image_scanning_configuration": {"scan_on_push": False}},
            id="no scan",
        ),
        pytest.param({"force_delete": True}, {"force_delete": True}, id="force delete"),
        pytest.param(
            {"prevent_destroy": True},
            {"lifecycle": {"prevent_destroy": True}},
            id="prevent destroy",
        ),
        pytest.param({"tags": {"team": "web"}}, {"tags": {"team": "web"}}, id="tags"),
    ],
)
def test_settings(
    stack: TerraformStack, keywords: dict[str, Any], arguments: dict[str, Any]
) -> None:
    """Each keyword changes its own arguments and nothing else."""
    EcrRepo(stack, "Image", name="web", **keywords)

    assert synth(stack)["Image/Resource"].arguments == {**DEFAULTS, **arguments}


def test_accept(stack: TerraformStack) -> None:
    """What is accepted, and why, stands in the metadata."""
    EcrRepo(stack, "Image", name="web", accept={"repo-wide": "pilot"})

    assert synth(stack)["Image/Resource"].facts["accept"] == {"repo-wide": "pilot"}


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        pytest.param({"name": ""}, "is named by 2 to 256 lower-case", id="no name"),
        pytest.param({"name": "w"}, "is named by 2 to 256 lower-case", id="short name"),
        pytest.param({"name": "a" * 257}, "is named by 2 to 256 lower-case", id="long name"),
        pytest.param({"name": "Web"}, "`terraform plan` does not notice", id="upper case"),
        pytest.param({"name": "web-"}, "lower-case", id="dash at the end"),
        pytest.param({"name": "we..b"}, "lower-case", id="two dots"),
        pytest.param({"name": "/web"}, "lower-case", id="slash at the start"),
        pytest.param({"name": "team//web"}, "lower-case", id="two slashes"),
        pytest.param({"name": "web:latest"}, "lower-case", id="with a tag"),
        pytest.param(
            {"force_delete": True, "prevent_destroy": True}, "contradict", id="delete and prevent"
        ),
        pytest.param({"tags": {"aws:x": "y"}}, "A tag has a key", id="tag"),
        pytest.param({"accept": {"repowide": "x"}}, "Did you mean 'repo-wide'", id="rule"),
        pytest.param({"accept": {"repo-wide": ""}}, "needs a reason", id="reason"),
    ],
)
def test_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """What ECR would refuse is refused here, as one problem."""
    given: dict[str, Any] = {"name": "web"} | keywords

    with pytest.raises(InvalidValue, match=message) as caught:
        EcrRepo(stack, "Image", **given)

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("ab", id="short"),
        pytest.param("a" * 256, id="long"),
        pytest.param("9lives", id="digit first"),
        pytest.param("team/web__api/v1.x--y", id="separators"),
        pytest.param("${var.name}", id="reference"),
    ],
)
def test_names_taken(stack: TerraformStack, name: str) -> None:
    """Every name that ECR takes is taken, and references pass through."""
    EcrRepo(stack, "Image", name=name)

    assert synth(stack)["Image/Resource"].arguments["name"] == name


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(TagMutability.immutable_except, "takes 1 to 5 exclusions", id="none"),
        pytest.param(
            lambda: TagMutability.mutable_except(*"abcdef"), "takes 1 to 5 exclusions", id="six"
        ),
        pytest.param(
            lambda: TagMutability.immutable_except("a*b*c*"),
            "at most 2 of them `*`",
            id="wildcards",
        ),
        pytest.param(lambda: TagMutability.immutable_except(""), "1 to 128", id="empty"),
        pytest.param(lambda: TagMutability.immutable_except("a" * 129), "1 to 128", id="long"),
        pytest.param(lambda: TagMutability.immutable_except("a/b"), "letters, digits", id="slash"),
        pytest.param(
            lambda: TagMutability("IMMUTABLE", ("latest",)), "takes no exclusions", id="wrong mode"
        ),
        pytest.param(lambda: Encryption.kms("1234abcd"), "the ARN of a KMS key", id="key id"),
        pytest.param(lambda: Encryption.kms("alias/ecr"), "the ARN of a KMS key", id="alias"),
        pytest.param(lambda: Encryption.kms(f"{KEY}/a"), "the ARN of a KMS key", id="slash"),
        pytest.param(lambda: Encryption("AES256", KEY), "for KMS encryption", id="key for AES256"),
    ],
)
def test_settings_refused(make: Callable[[], object], message: str) -> None:
    """A setting that ECR would refuse is refused when it is made, as one problem."""
    with pytest.raises(InvalidValue, match=message) as caught:
        make()

    assert len(caught.value.problems) == 1


def test_longest_exclusions() -> None:
    """Five exclusions of 128 characters with two wildcards each are taken."""
    exclusions = [f"{n}*{'a' * 125}*" for n in range(5)]

    assert TagMutability.immutable_except(*exclusions).exclusions == tuple(exclusions)


def provider_version(stack: TerraformStack) -> str:
    """Read which versions of the AWS provider a stack accepts."""
    return synth(stack).config["terraform"]["required_providers"]["aws"]["version"]


def test_constrained(stack: TerraformStack) -> None:
    """A constrained stack accepts every version that knows what it uses."""
    constrain_aws_provider(stack)
    EcrRepo(stack, "Image", name="web")

    assert provider_version(stack) == ">= 5.100.0, < 7.0.0"


def test_constrained_with_exclusions(stack: TerraformStack) -> None:
    """Exclusions raise the lower bound to the first version that knows them, once for all."""
    constrain_aws_provider(stack)
    EcrRepo(stack, "Cached", name="web", tag_mutability=TagMutability.immutable_except("cache*"))
    EcrRepo(stack, "Plain", name="api")

    assert provider_version(stack) == ">= 6.8.0, < 7.0.0"


def test_constrained_late(stack: TerraformStack) -> None:
    """The bound does not depend on which came first, the exclusions or the constraint."""
    EcrRepo(stack, "Image", name="web", tag_mutability=TagMutability.immutable_except("cache*"))
    constrain_aws_provider(stack)
    constrain_aws_provider(stack)

    assert provider_version(stack) == ">= 6.8.0, < 7.0.0"


def test_not_constrained(stack: TerraformStack) -> None:
    """A stack that pins the provider exactly keeps its pin, with exclusions too."""
    EcrRepo(stack, "Image", name="web", tag_mutability=TagMutability.immutable_except("cache*"))

    assert provider_version(stack) == "6.25.0"


def test_constrained_alone(app: App) -> None:
    """What one stack uses does not bind another."""
    plain, cached = new_stack(app, "plain"), new_stack(app, "cached")
    for stack in (plain, cached):
        constrain_aws_provider(stack)
    EcrRepo(cached, "Image", name="web", tag_mutability=TagMutability.mutable_except("v*"))

    assert provider_version(plain) == ">= 5.100.0, < 7.0.0"


@pytest.mark.parametrize(
    ("keywords", "account", "region", "suffix"),
    [
        pytest.param({}, ACCOUNT, REGION, "amazonaws.com", id="here"),
        pytest.param(
            {"account": OTHER_ACCOUNT}, OTHER_ACCOUNT, REGION, "amazonaws.com", id="account"
        ),
        pytest.param({"region": "us-east-1"}, ACCOUNT, "us-east-1", "amazonaws.com", id="region"),
        pytest.param(
            {"account": OTHER_ACCOUNT, "region": "us-east-1"},
            OTHER_ACCOUNT,
            "us-east-1",
            "amazonaws.com",
            id="both",
        ),
    ],
)
def test_from_name(
    stack: TerraformStack, keywords: dict[str, Any], account: str, region: str, suffix: str
) -> None:
    """A repository that exists is named, and nothing is made."""
    image = EcrRepo.from_name(stack, "Image", name="team/web", **keywords)

    assert image.arn == f"arn:aws:ecr:{region}:{account}:repository/team/web"
    assert image.url == f"{account}.dkr.ecr.{region}.{suffix}/team/web"
    assert synth(stack).paths() == []


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        pytest.param({"name": "Web"}, "lower-case", id="name"),
        pytest.param({"name": "web", "account": "prod"}, "twelve digits", id="account"),
        pytest.param({"name": "web", "region": "Frankfurt"}, "partitions", id="region"),
    ],
)
def test_from_name_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """What AWS cannot have is refused."""
    with pytest.raises(InvalidValue, match=message):
        EcrRepo.from_name(stack, "Image", **keywords)


def test_kinds(stack: TerraformStack) -> None:
    """Only what is made here has a resource and a policy to add to."""
    made = EcrRepo(stack, "Made", name="made")
    existing = EcrRepo.from_name(stack, "Existing", name="existing")

    assert isinstance(made, EcrRepoBase)
    assert made.resource.name_input == "made"
    assert not isinstance(existing, EcrRepo)
    assert not hasattr(existing, "resource")
    assert not hasattr(existing, "allow_pull_from")
