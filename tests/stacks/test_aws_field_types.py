"""What is said about texts in `environments.toml` that AWS would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, WEB, environment, mistakes

if TYPE_CHECKING:
    from pathlib import Path

S3 = {
    "type": '"s3"',
    "bucket": '"acme-state"',
    "region": '"eu-west-1"',
}
ACCOUNT = {
    "id": '"777788889999"',
    "region": '"eu-west-1"',
    "state": '"main"',
}
ROLE = (
    "This takes a role: its name, `path/name` or its ARN. Got {given!r}. IAM has no such role: a "
    "name is 1 to 64 letters, digits or `_+=,.@-`, and the path before it has no `/` in front. For "
    "example 'terraform', 'ops/terraform' or 'arn:aws:iam::111122223333:role/terraform'."
)
ROLE_ARN = (
    "A role that Terraform assumes is named by its ARN. Got {given!r}. Its account, path and name "
    "are read off it. For example 'arn:aws:iam::111122223333:role/terraform'."
)
WILDCARD = (
    "A role that Terraform assumes is named without wildcards. Got {given!r}. STS looks for "
    "exactly this role, and finds none. Write its whole path and name."
)
BUCKET = (
    "A bucket is named by 3 to 63 lower-case letters, digits, `.` or `-`; it begins and ends with "
    "a letter or digit, holds no `..`, and is no IP address. Got {given!r}. S3 has no other "
    "buckets, so `terraform init` would fail. Write the bucket's name, without `s3://` and not as "
    "an ARN: for example 'acme-terraform-state'."
)
PREFIX = (
    "`key_prefix` is empty, or ends in `/`, without one in front and without `//`. Got {given!r}. "
    "The stack's name follows it at once, and each `/` of a key in S3 counts. For example "
    "'deploy-access/'."
)
KEY = (
    "`kms_key` is the ARN of a KMS key. Got {given!r}. Permission to use a key is given by its "
    "ARN; an alias or an id names none. For example "
    "'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'."
)
KEY_OF_IMAGES = (
    "`kms_key` is the ARN of a KMS key. Got {given!r}. An id or an alias alone comes back from AWS "
    "as an ARN: every plan would replace the repository. For example "
    "'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'."
)
EMPTY = (
    "The text is empty. Got {given!r}. Nothing on AWS or GitHub has an empty name. Write the "
    "value, or remove the key."
)
PLAIN = (
    "This takes plain text. Got {given!r}. Terraform would read `${{` and `%{{` as an expression. "
    "Write the value itself."
)


def table(name: str, keys: dict[str, str], key: str, value: str) -> str:
    """Write a table in which one key has another value."""
    lines = [f"{each} = {text}" for each, text in {**keys, key: value}.items()]
    return "\n".join([f"[{name}]", *lines, ""])


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("terra form", ROLE),
        ("/terraform", ROLE),
        ("ops/", ROLE),
        ("r" * 65, ROLE),
        ("terraform-*", WILDCARD),
        ("ops?/terraform", WILDCARD),
        ("arn:aws:iam::777788889999:role/*", WILDCARD),
        ("arn:aws:iam::777788889999:user/terraform", ROLE_ARN),
        ("arn:aws:iam::7777:role/terraform", ROLE_ARN),
        (
            " ",
            EMPTY,
        ),
    ],
)
def test_assumed_role(tmp_path: Path, role: str, message: str) -> None:
    """What names no role of IAM is refused, for an account and for an environment."""
    text = table("accounts.x", ACCOUNT, "assume_role", f'"{role}"') + environment("y")
    said = message.format(given=role)

    assert mistakes(tmp_path, f'{HEAD}{text}assume_role = "{role}"') == (
        f"accounts.x.assume_role: {said}",
        f"environments.y.assume_role: {said}",
    )


def test_path_that_is_too_long(tmp_path: Path) -> None:
    """A role's path is as long as IAM allows, in an ARN too."""
    arn = f"arn:aws:iam::777788889999:role/{'p' * 511}/terraform"
    (problem,) = mistakes(tmp_path, HEAD + table("accounts.x", ACCOUNT, "assume_role", f'"{arn}"'))

    assert problem.startswith(
        "accounts.x.assume_role: A path begins and ends with `/` and has at most 512 characters. "
    )


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param(
            table(
                "accounts.x", ACCOUNT, "assume_role", '"arn:aws:iam::111122223333:role/terraform"'
            ),
            "accounts.x.assume_role: This role is in another account than the stacks that are "
            "deployed with it. Got 'arn:aws:iam::111122223333:role/terraform'. It is in "
            "111122223333, and `accounts.x` is 777788889999: Terraform refuses to touch any other "
            "account than that. Name a role of 777788889999; its name or `path/name` is enough.",
            id="account",
        ),
        pytest.param(
            environment("y") + 'assume_role = "arn:aws:iam::444455556666:role/ops/terraform"',
            "environments.y.assume_role: This role is in another account than the stacks that are "
            "deployed with it. Got 'arn:aws:iam::444455556666:role/ops/terraform'. It is in "
            "444455556666, and `accounts.nonprod` is 111122223333: Terraform refuses to touch any "
            "other account than that. Name a role of 111122223333; its name or `path/name` is "
            "enough.",
            id="environment",
        ),
    ],
)
def test_assumed_role_of_another_account(tmp_path: Path, text: str, mistake: str) -> None:
    """A role in another account than the stacks is refused, and both accounts are named."""
    assert mistakes(tmp_path, HEAD + text) == (mistake,)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("role_arn", "terraform", ROLE_ARN),
        ("role_arn", "arn:aws:iam::999900001111:role/state-*", WILDCARD),
        ("bucket", "ab", BUCKET),
        ("bucket", "a" * 64, BUCKET),
        ("bucket", "Acme-state", BUCKET),
        ("bucket", "acme_state", BUCKET),
        ("bucket", "-acme-state", BUCKET),
        ("bucket", "acme-state.", BUCKET),
        ("bucket", "acme..state", BUCKET),
        ("bucket", "192.168.5.4", BUCKET),
        ("bucket", "s3://acme-state", BUCKET),
        ("kms_key", "alias/state", KEY),
        ("kms_key", "1234abcd", KEY),
        ("kms_key", "arn:aws:kms:eu-west-1:999900001111:alias/state", KEY),
        ("key_prefix", "deploy-access", PREFIX),
        ("key_prefix", "/deploy-access/", PREFIX),
        ("key_prefix", "deploy-access//", PREFIX),
        ("key_prefix", "/", PREFIX),
        ("key_prefix", "${var.team}/", PLAIN),
    ],
)
def test_state(tmp_path: Path, key: str, value: str, message: str) -> None:
    """What S3, KMS or IAM would refuse about a state is refused here."""
    text = table("states.x", S3, key, f'"{value}"')

    assert mistakes(tmp_path, HEAD + text) == (f"states.x.{key}: {message.format(given=value)}",)


@pytest.mark.parametrize("key", ["alias/images", "arn:aws:s3:::images"])
def test_key_of_images(tmp_path: Path, key: str) -> None:
    """A repository's key is named by an ARN, in the service and in an environment."""
    said = KEY_OF_IMAGES.format(given=key)
    text = f'{WEB}ecr.kms_key = "{key}"\n{DEV}ecr.kms_key = "{key}"'

    assert mistakes(tmp_path, HEAD + text) == (
        f"services.web.ecr.kms_key: {said}",
        f"services.web.environments.dev.ecr.kms_key: {said}",
    )


@pytest.mark.parametrize(
    ("tags", "given"),
    [
        ('{ owner = "${var.owner}" }', "${var.owner}"),
        ('{ owner = "%{ if true }a%{ endif }" }', "%{ if true }a%{ endif }"),
        ('{ "${var.key}" = "platform" }', "${var.key}"),
    ],
)
def test_expression_in_a_tag(tmp_path: Path, tags: str, given: str) -> None:
    """Neither the key nor the value of a tag is an expression of Terraform's."""
    text = table("accounts.x", ACCOUNT, "tags", tags) + environment("y") + f"tags = {tags}"
    said = PLAIN.format(given=given)

    assert mistakes(tmp_path, HEAD + text) == (
        f"accounts.x.tags: {said}",
        f"environments.y.tags: {said}",
    )


@pytest.mark.parametrize(
    ("keyword", "most"), [("trust_policy_quota", 8192), ("managed_policies_quota", 25)]
)
@pytest.mark.parametrize("past", [False, True], ids=["none", "too many"])
def test_quota(tmp_path: Path, keyword: str, most: int, *, past: bool) -> None:
    """A quota that AWS never gives is refused."""
    quota = most + 1 if past else 0
    text = table("accounts.x", ACCOUNT, keyword, str(quota))
    (problem,) = mistakes(tmp_path, HEAD + text)

    assert problem == (
        f"accounts.x.{keyword}: `{keyword}` is 1 to {most}. Got {quota}. AWS raises this quota no "
        "further. Say what the account has: AWS console, Service Quotas, IAM."
    )
