"""
The calls by which Terraform makes roles and keeps its states, judged: real boto3, real policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gate_world import ANYTHING, REGION, World, allow, document, refusal
from sandbox_estates import NONPROD, PROD, trust_policy

if TYPE_CHECKING:
    from sandbox_estates import Json

    from sandbox.server.aws_session import AwsSession

IAM = f"arn:aws:iam::{NONPROD}"
BUCKET = "gate-state"
STATES = f"arn:aws:s3:::{BUCKET}/ours"
ABOUT_US = {"StringLike": {"s3:prefix": "ours/*"}}
READ = (
    allow("s3:ListBucket", on=f"arn:aws:s3:::{BUCKET}", when=ABOUT_US),
    allow("s3:GetObject", on=f"{STATES}/*"),
)


@pytest.fixture(scope="module", autouse=True)
def _buckets(world: World) -> None:
    """
    Make a bucket in two accounts, with a state in it.
    """
    for account, name in ((NONPROD, BUCKET), (PROD, "foreign-state")):
        s3 = world.session(account).client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=name, Key="ours/a.tfstate", Body=b"{}")
        s3.put_object(Bucket=name, Key="theirs/a.tfstate", Body=b"{}")


def entered(world: World, *statements: Json, **more: Any) -> AwsSession:
    """Sign in to a new role with these statements."""
    return world.enter(world.role(world.fresh("terraform"), *statements, **more))


def why(call: Any, **parameters: Any) -> str:
    """Return the action and the resource that a call is refused for."""
    text = refusal(call, **parameters)[2]
    return text.partition("to perform: ")[2].partition(" because")[0].replace("on resource: ", "")


def test_reading_states(world: World) -> None:
    """A role that reads its own states reads no others, and writes none."""
    s3 = entered(world, *READ).client("s3")
    ours, theirs = {"Key": "ours/a.tfstate"}, {"Key": "theirs/a.tfstate"}

    assert s3.get_object(Bucket=BUCKET, **ours)["Body"].read() == b"{}"
    assert s3.head_object(Bucket=BUCKET, **ours)["ContentLength"] == 2
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="ours/")["KeyCount"] == 1
    at = f"arn:aws:s3:::{BUCKET}"
    assert why(s3.get_object, Bucket=BUCKET, **theirs) == f"s3:GetObject {at}/theirs/a.tfstate"
    assert why(s3.list_objects_v2, Bucket=BUCKET) == f"s3:ListBucket {at}"
    assert why(s3.list_objects_v2, Bucket=BUCKET, Prefix="theirs/") == f"s3:ListBucket {at}"
    assert why(s3.put_object, Bucket=BUCKET, **ours) == f"s3:PutObject {at}/ours/a.tfstate"
    assert why(s3.delete_object, Bucket=BUCKET, **ours) == f"s3:DeleteObject {at}/ours/a.tfstate"
    assert refusal(s3.head_object, Bucket=BUCKET, **theirs)[0] == 403


def test_a_key_is_read_as_it_is_written(world: World) -> None:
    """A key with signs of an address in it is the one that the policy names, and no other."""
    key = "ours/a b+c%2Fd=#é.tfstate"
    s3 = entered(world, allow("s3:*", on=f"arn:aws:s3:::{BUCKET}/{key}")).client("s3")

    s3.put_object(Bucket=BUCKET, Key=key, Body=b"odd")

    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"odd"
    held = world.session(NONPROD).client("s3").get_object(Bucket=BUCKET, Key=key)
    assert held["Body"].read() == b"odd"


def test_a_lock_is_held_once(world: World) -> None:
    """A lock that is there already is not written again, as `If-None-Match` says."""
    s3 = entered(world, allow("s3:*")).client("s3")
    lock = {"Bucket": BUCKET, "Key": "ours/b.tfstate.tflock", "Body": b"me", "IfNoneMatch": "*"}

    s3.put_object(**lock)

    assert refusal(s3.put_object, **lock)[:2] == (412, "PreconditionFailed")
    s3.delete_object(Bucket=BUCKET, Key=lock["Key"])
    s3.put_object(**lock)


def test_a_state_that_is_missing(world: World) -> None:
    """Only who may list the bucket learns that there is none yet."""
    missing = {"Bucket": BUCKET, "Key": "ours/new.tfstate"}
    lists = entered(world, *READ).client("s3")
    not_lists = entered(world, READ[1]).client("s3")

    assert refusal(lists.get_object, **missing)[:2] == (404, "NoSuchKey")
    assert refusal(not_lists.get_object, **missing)[:2] == (403, "AccessDenied")


def test_a_bucket_of_another_account(world: World) -> None:
    """Both sides have to allow it there, and a bucket may deny what a role allows."""
    foreign = "arn:aws:s3:::foreign-state"
    role = world.role(world.fresh("reader"), allow("s3:GetObject", on=f"{foreign}/*"))
    s3 = world.enter(role).client("s3")
    state = {"Bucket": "foreign-state", "Key": "ours/a.tfstate"}
    assert "no resource-based policy allows" in refusal(s3.get_object, **state)[2]

    shared = {**allow("s3:GetObject", on=f"{foreign}/ours/*"), "Principal": {"AWS": role}}
    policy = document(shared)
    world.session(PROD).client("s3").put_bucket_policy(Bucket="foreign-state", Policy=policy)

    assert s3.get_object(**state)["Body"].read() == b"{}"
    assert refusal(s3.get_object, **{**state, "Key": "theirs/a.tfstate"})[1] == "AccessDenied"


def test_the_key_of_a_state(world: World) -> None:
    """A state under a key of KMS is written and read with that key, by way of S3 alone."""
    kms = world.session(NONPROD).client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    state = {"Bucket": BUCKET, "Key": "ours/secret.tfstate"}
    put = {**state, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    via = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    states = allow("s3:PutObject", "s3:GetObject", on=f"{STATES}/*")
    writer = entered(world, states, allow("kms:GenerateDataKey", on=key, when=via)).client("s3")
    reader = entered(world, states, allow("kms:Decrypt", on=key)).client("s3")

    writer.put_object(**put, Body=b"{}")

    assert reader.get_object(**state)["Body"].read() == b"{}"
    assert why(writer.get_object, **state) == f"kms:Decrypt {key}"
    assert why(reader.put_object, **put, Body=b"{}") == f"kms:GenerateDataKey {key}"
    missing = key[:-12] + "000000000000"
    found = refusal(writer.put_object, **{**put, "SSEKMSKeyId": missing}, Body=b"{}")
    assert found[1] == "KMS.NotFoundException"


def test_a_key_whose_policy_leaves_it_to_others(world: World) -> None:
    """The policy of a key has to let the account in: no policy of a role is enough."""
    kms = world.session(NONPROD).client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    other = {**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"}}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(other))
    s3 = entered(world, ANYTHING).client("s3")

    found = refusal(
        s3.put_object,
        Bucket=BUCKET,
        Key="ours/k.tfstate",
        Body=b"{}",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=key,
    )

    assert "no resource-based policy allows the kms:GenerateDataKey action" in found[2]


BOUNDARY = f"{IAM}:policy/boundary"
MAKES = (
    allow("iam:CreateRole", on="*", when={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}),
    allow("iam:GetRole", "iam:DeleteRole"),
)
ROLE = {"AssumeRolePolicyDocument": trust_policy(NONPROD, "repo:acme/web:ref:refs/heads/main")}


def test_making_a_role(world: World) -> None:
    """A role is made with its boundary, under its path, and with leave to tag it."""
    name = world.fresh("made")
    world.iam.create_policy(PolicyName="boundary", PolicyDocument=document(ANYTHING))
    iam = entered(world, *MAKES).client("iam")
    arn = f"{IAM}:role/ci/{name}"
    asked = {"RoleName": name, "Path": "/ci/", **ROLE}

    assert why(iam.create_role, **asked) == f"iam:CreateRole {arn}"
    bounded = {**asked, "PermissionsBoundary": BOUNDARY}
    tags = [{"Key": "team", "Value": "web"}]
    assert why(iam.create_role, **bounded, Tags=tags) == f"iam:TagRole {arn}"
    assert iam.create_role(**bounded)["Role"]["Arn"] == arn
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == arn
    assert why(iam.list_role_policies, RoleName=name) == f"iam:ListRolePolicies {arn}"


def test_a_role_is_judged_by_its_path_and_boundary(world: World) -> None:
    """IAM is told a name alone, and judges the ARN and the boundary of the role that has it."""
    name = world.fresh("found")
    arn = world.role(
        name, path="/ci/", PermissionsBoundary=world.policy(world.fresh("b"), ANYTHING)
    )
    only = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    iam = entered(
        world,
        allow("iam:GetRole", on=f"{IAM}:role/{name}"),
        allow("iam:AttachRolePolicy", when=only),
    ).client("iam")

    assert why(iam.get_role, RoleName=name) == f"iam:GetRole {arn}"
    attach = {"RoleName": name, "PolicyArn": BOUNDARY}
    assert why(iam.attach_role_policy, **attach) == f"iam:AttachRolePolicy {arn}"


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        pytest.param("secretsmanager", "get_secret_value", {"SecretId": "db"}, id="a secret"),
        pytest.param("ssm", "get_parameter", {"Name": "/web/db"}, id="a parameter"),
        pytest.param("ssm", "get_parameters", {"Names": ["/a", "/b"]}, id="parameters"),
        pytest.param("ssm", "get_parameters_by_path", {"Path": "/"}, id="all parameters"),
    ],
)
def test_secrets(world: World, service: str, method: str, parameters: Json) -> None:
    """Reading a secret is refused for want of a permission, and not for want of knowledge."""
    client = entered(world, *READ).client(service)

    assert refusal(getattr(client, method), **parameters)[1] == "AccessDeniedException"
