"""OIDC providers, repositories and the policies of resources."""

from __future__ import annotations

import json

import pytest
from reading_files import ACCOUNT, FILE, TRUST, content_of, read

from deploy_access.terraform.estate import (
    Document,
    IdentityProvider,
    Repository,
    ResourcePolicy,
    Where,
)


def test_oidc_provider() -> None:
    """A provider is known by the prefix of its condition keys."""
    body = {"url": "https://gitlab.com", "client_id_list": ["sts.amazonaws.com"]}
    estate = read(resource={"aws_iam_openid_connect_provider": {"Github": body}})

    assert estate.providers == (
        IdentityProvider(
            account=ACCOUNT,
            url="gitlab.com",
            audiences=("sts.amazonaws.com",),
            where=Where(FILE, "aws_iam_openid_connect_provider.Github"),
        ),
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({}, ("MUTABLE", False), id="nothing said"),
        pytest.param(
            {
                "image_tag_mutability": "IMMUTABLE",
                "image_scanning_configuration": {"scan_on_push": True},
            },
            ("IMMUTABLE", True),
            id="said",
        ),
        pytest.param(
            {
                "image_tag_mutability": "${var.x}",
                "image_scanning_configuration": [{"scan_on_push": "${var.y}"}],
            },
            (None, None),
            id="only known to Terraform",
        ),
    ],
)
def test_images_of_a_repository(
    body: dict[str, object], expected: tuple[str | None, bool | None]
) -> None:
    """Whether tags can move and images are scanned; what is not known is not guessed."""
    (found,) = read(resource={"aws_ecr_repository": {"I": {"name": "web", **body}}}).repositories

    assert (found.tag_mutability, found.scan_on_push) == expected


def test_repository_with_its_policies() -> None:
    """A repository, who may use it, and what expires in it."""
    policy = {"repository": "${aws_ecr_repository.Image.name}", "policy": TRUST}
    estate = read(
        resource={
            "aws_ecr_repository": {"Image": {"name": "web", "region": "us-east-1"}},
            "aws_ecr_repository_policy": {"Policy": policy},
            "aws_ecr_lifecycle_policy": {"Lifecycle": policy},
        }
    )

    def belonging(kind: str, name: str) -> ResourcePolicy:
        where = Where(FILE, f"{kind}.{name}.policy")
        return ResourcePolicy(
            type=kind,
            resource="web",
            account=ACCOUNT,
            region="eu-central-1",
            document=Document(content=TRUST, where=where),
            where=Where(FILE, f"{kind}.{name}"),
        )

    assert estate.repositories == (
        Repository(
            account=ACCOUNT,
            region="us-east-1",
            name="web",
            arn=f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/web",
            where=Where(FILE, "aws_ecr_repository.Image"),
            tag_mutability="MUTABLE",
            scan_on_push=False,
        ),
    )
    assert estate.resource_policies == (belonging("aws_ecr_repository_policy", "Policy"),)
    assert estate.lifecycles == (belonging("aws_ecr_lifecycle_policy", "Lifecycle"),)
    assert estate.problems == ()


def test_policies_inside_of_resources() -> None:
    """A resource may have its policy as an argument, or none at all."""
    buckets = {"A": {"bucket": "a", "policy": TRUST}, "B": {"bucket": "b"}}
    estate = read(
        resource={"aws_s3_bucket": buckets, "aws_ecr_registry_policy": {"R": {"policy": TRUST}}}
    )

    assert [(p.type, p.resource) for p in estate.resource_policies] == [
        ("aws_ecr_registry_policy", "registry"),
        ("aws_s3_bucket", "arn:aws:s3:::a"),
    ]


@pytest.mark.parametrize(
    ("reference", "arn"),
    [
        ("aws_iam_user.u.arn", f"arn:aws:iam::{ACCOUNT}:user/people/ann"),
        ("aws_iam_group.g.arn", f"arn:aws:iam::{ACCOUNT}:group/devs"),
        ("aws_iam_saml_provider.s.arn", f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"),
    ],
)
def test_an_arn_of_iam_is_known_by_the_name(reference: str, arn: str) -> None:
    """What a policy names by a reference is the user, the group or the provider itself."""
    policy = {"Statement": [{"Principal": {"AWS": f"${{{reference}}}"}}]}
    estate = read(
        resource={
            "aws_iam_user": {"u": {"name": "ann", "path": "/people/"}},
            "aws_iam_group": {"g": {"name": "devs"}},
            "aws_iam_saml_provider": {"s": {"name": "corp"}},
            "aws_sns_topic_policy": {"p": {"arn": "t", "policy": json.dumps(policy)}},
        }
    )

    (found,) = estate.resource_policies
    assert content_of(found.document) == {"Statement": [{"Principal": {"AWS": arn}}]}


def test_each_text_that_stands_for_a_resource() -> None:
    """A policy may name its bucket by the name, the ARN or a reference to either."""
    estate = read(resource={"aws_s3_bucket": {"b": {"bucket": "data"}}, "aws_kms_key": {"k": {}}})

    for text in ("data", "arn:aws:s3:::data"):
        assert estate.resources["aws_s3_bucket", ACCOUNT, text] == "data"
    assert ("aws_kms_key", ACCOUNT, "${aws_kms_key.k.arn}") in estate.resources
    assert estate.problems == ()
