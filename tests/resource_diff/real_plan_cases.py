"""One stack before and after for each thing that Terraform does, and what it plans."""

from __future__ import annotations

import json

from review_sides import ACCOUNT, Json, one, policy, stack

TAGGED = "other-default-tags"
"""The provider of this case is another, so it is a stack of its own."""
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        },
    }
)
REORDERED = json.dumps(
    {
        "Statement": [
            {
                "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
                "Action": ["sts:AssumeRole"],
                "Effect": "Allow",
            }
        ],
        "Version": "2012-10-17",
    }
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def role(name: str, **body: object) -> Json:
    """Write the arguments of a role."""
    return {"name": name, "assume_role_policy": TRUST, **body}


def repository(name: str, **body: object) -> Json:
    """Write the arguments of a repository."""
    return {"name": name, **body}


def encrypted(**block: str) -> list[Json]:
    """Write how a repository is encrypted."""
    return [{"encryption_type": "KMS", **block}]


def roles(**bodies: Json) -> Json:
    """Write several roles."""
    return {"aws_iam_role": bodies}


def images(**bodies: Json) -> Json:
    """Write several repositories."""
    return {"aws_ecr_repository": bodies}


def inline(name: str, reference: str, **body: object) -> Json:
    """Write an inline policy of a role that is named by an expression."""
    return {
        "aws_iam_role_policy": {
            "P": {"name": name, "role": reference, "policy": policy("s3:GetObject"), **body}
        }
    }


NAME = "${aws_iam_role.R.name}"
ID = "${aws_iam_role.R.id}"

CASES: dict[str, tuple[Json, Json, dict[str, str]]] = {
    "renamed-repository": (
        stack(images(I=repository("a-web"))),
        stack(images(I=repository("a-shop"))),
        {"aws_ecr_repository.I": "replace"},
    ),
    "other-encryption": (
        stack(images(I=repository("b-web"))),
        stack(images(I=repository("b-web", encryption_configuration=encrypted(kms_key=KEY)))),
        {"aws_ecr_repository.I": "replace"},
    ),
    "same-encryption": (
        stack(images(I=repository("c-web"))),
        stack(
            images(I=repository("c-web", encryption_configuration={"encryption_type": "AES256"}))
        ),
        {},
    ),
    "encryption-left-out": (
        stack(images(I=repository("d-web", encryption_configuration=encrypted(kms_key=KEY)))),
        stack(images(I=repository("d-web"))),
        {"aws_ecr_repository.I": "replace"},
    ),
    "default-encryption-left-out": (
        stack(
            images(I=repository("dd-web", encryption_configuration={"encryption_type": "AES256"}))
        ),
        stack(images(I=repository("dd-web"))),
        {},
    ),
    "updated-repository": (
        stack(images(I=repository("e-web"))),
        stack(
            images(I=repository("e-web", image_tag_mutability="IMMUTABLE", tags={"tier": "one"}))
        ),
        {"aws_ecr_repository.I": "update"},
    ),
    "other-address": (
        stack(images(Old=repository("f-web"))),
        stack(images(New=repository("f-web"))),
        {"aws_ecr_repository.Old": "destroy", "aws_ecr_repository.New": "create"},
    ),
    "moved": (
        stack(images(Old=repository("g-web"))),
        stack(
            images(New=repository("g-web")),
            moved=[{"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.New"}],
        ),
        {"aws_ecr_repository.New": "move"},
    ),
    "moved-in-steps": (
        stack(images(Old=repository("h-web"))),
        stack(
            images(New=repository("h-web", tags={"tier": "one"})),
            moved=[
                {"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.Between"},
                {"from": "aws_ecr_repository.Between", "to": "aws_ecr_repository.New"},
            ],
        ),
        {"aws_ecr_repository.New": "update"},
    ),
    "moved-and-renamed": (
        stack(images(Old=repository("i-web"))),
        stack(
            images(New=repository("i-shop")),
            moved=[{"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.New"}],
        ),
        {"aws_ecr_repository.New": "replace"},
    ),
    "moved-to-what-is-there": (
        stack(images(Old=repository("j-web"), New=repository("j-shop"))),
        stack(
            images(New=repository("j-shop")),
            moved=[{"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.New"}],
        ),
        {"aws_ecr_repository.Old": "destroy"},
    ),
    "moved-one-after-the-other": (
        stack(images(A=repository("ja-web"), B=repository("jb-web"))),
        stack(
            images(C=repository("jb-web")),
            moved=[
                {"from": "aws_ecr_repository.A", "to": "aws_ecr_repository.B"},
                {"from": "aws_ecr_repository.B", "to": "aws_ecr_repository.C"},
            ],
        ),
        {"aws_ecr_repository.A": "destroy", "aws_ecr_repository.C": "move"},
    ),
    "forgotten": (
        stack({**images(I=repository("k-web")), **roles(R=role("k"))}),
        stack(
            roles(R=role("k")),
            removed=[{"from": "aws_ecr_repository.I", "lifecycle": {"destroy": False}}],
        ),
        {"aws_ecr_repository.I": "forget"},
    ),
    "removed": (
        stack({**images(I=repository("l-web")), **roles(R=role("l"))}),
        stack(
            roles(R=role("l")),
            removed=[{"from": "aws_ecr_repository.I", "lifecycle": {"destroy": True}}],
        ),
        {"aws_ecr_repository.I": "destroy"},
    ),
    "imported": (
        stack(roles(R=role("m"))),
        stack(
            roles(R=role("m"), Old=role("from-outside")),
            import_=[{"to": "aws_iam_role.Old", "id": "from-outside"}],
        ),
        {"aws_iam_role.Old": "import"},
    ),
    "role-with-another-path": (
        stack(roles(R=role("n"))),
        stack(roles(R=role("n", path="/ci/"))),
        {"aws_iam_role.R": "replace"},
    ),
    "role-with-the-default-path": (
        stack(roles(R=role("o"))),
        stack(roles(R=role("o", path="/"))),
        {},
    ),
    "role-that-is-updated": (
        stack(roles(R=role("p"))),
        stack(roles(R=role("p", description="Deploys.", max_session_duration=7200))),
        {"aws_iam_role.R": "update"},
    ),
    "trust-in-another-order": (
        stack(roles(R=role("q"))),
        stack(roles(R=role("q", assume_role_policy=REORDERED))),
        {},
    ),
    "policy-of-a-renamed-role": (
        stack({**roles(R=role("r")), **inline("push", NAME)}),
        stack({**roles(R=role("r-new")), **inline("push", NAME)}),
        {"aws_iam_role.R": "replace", "aws_iam_role_policy.P": "replace"},
    ),
    "policy-by-the-id-of-a-role-made-anew": (
        stack({**roles(R=role("s")), **inline("push", ID)}),
        stack({**roles(R=role("s", path="/ci/")), **inline("push", ID)}),
        {"aws_iam_role.R": "replace", "aws_iam_role_policy.P": "replace"},
    ),
    "policy-by-the-name-of-a-role-made-anew": (
        stack({**roles(R=role("sn")), **inline("push", NAME)}),
        stack({**roles(R=role("sn", path="/ci/")), **inline("push", NAME)}),
        {"aws_iam_role.R": "replace"},
    ),
    "policy-of-a-role-that-is-updated": (
        stack({**roles(R=role("t")), **inline("push", ID)}),
        stack({**roles(R=role("t", description="Deploys.")), **inline("push", ID)}),
        {"aws_iam_role.R": "update"},
    ),
    "other-inline-policy": (
        stack({**roles(R=role("u")), **inline("push", NAME)}),
        stack({**roles(R=role("u")), **inline("push", NAME, policy=policy("s3:PutObject"))}),
        {"aws_iam_role_policy.P": "update"},
    ),
    "other-attached-policy": (
        stack(
            {
                **roles(R=role("v")),
                **one("aws_iam_role_policy_attachment", role=NAME, policy_arn=READ_ONLY),
            }
        ),
        stack(
            {
                **roles(R=role("v")),
                **one("aws_iam_role_policy_attachment", role=NAME, policy_arn=f"{READ_ONLY}2"),
            }
        ),
        {"aws_iam_role_policy_attachment.This": "replace"},
    ),
    "managed-policy-with-another-description": (
        stack(one("aws_iam_policy", name="w", policy=policy("s3:GetObject"))),
        stack(one("aws_iam_policy", name="w", policy=policy("s3:GetObject"), description="Reads.")),
        {"aws_iam_policy.This": "replace"},
    ),
    "fewer-instances": (
        stack(images(I=repository("x-${count.index}", count=3))),
        stack(images(I=repository("x-${count.index}", count=1))),
        {"aws_ecr_repository.I[1]": "destroy", "aws_ecr_repository.I[2]": "destroy"},
    ),
    "counted-from-now-on": (
        stack(images(I=repository("y-web"))),
        stack(images(I=repository("y-web", count=1))),
        {"aws_ecr_repository.I[0]": "move"},
    ),
    "other-keys": (
        stack(images(I=repository("z-${each.key}", for_each={"a": "1", "b": "2"}))),
        stack(images(I=repository("z-${each.key}", for_each={"b": "2", "c": "3"}))),
        {'aws_ecr_repository.I["a"]': "destroy", 'aws_ecr_repository.I["c"]': "create"},
    ),
    "other-default-tags": (
        stack({**roles(R=role("aa")), **inline("push", NAME)}),
        stack(
            {**roles(R=role("aa")), **inline("push", NAME)},
            provider={"default_tags": [{"tags": {"tier": "one"}}]},
        ),
        {"aws_iam_role.R": "update"},
    ),
    "ignored": (
        stack(roles(R=role("bb", lifecycle={"ignore_changes": ["description"]}))),
        stack(
            roles(
                R=role("bb", description="Deploys.", lifecycle={"ignore_changes": ["description"]})
            )
        ),
        {},
    ),
    "triggered": (
        stack({**roles(R=role("cc")), **images(I=repository("cc"))}),
        stack(
            {
                **roles(R=role("cc", description="Deploys.")),
                **images(
                    I=repository("cc", lifecycle={"replace_triggered_by": ["aws_iam_role.R"]})
                ),
            }
        ),
        {"aws_iam_role.R": "update", "aws_ecr_repository.I": "replace"},
    ),
    "nothing": (stack(roles(R=role("dd"))), stack(roles(R=role("dd"))), {}),
}
