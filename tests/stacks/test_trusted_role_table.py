"""Roles of people in `environments.toml`: what they become, and what is said of a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, SHARED, WEB, load, mistakes, write
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments

if TYPE_CHECKING:
    from pathlib import Path

ADMIN = "arn:aws:iam::111122223333:role/admin"
PROD = "[services.web.environments.prod]\n"
ENTRY = "services.web.environments.dev.trusted_roles"


def people(*rows: str) -> str:
    """Write a service whose environment trusts people too."""
    return HEAD + WEB + PROD + DEV + f"trusted_roles = [{', '.join(rows)}]\n"


def test_people_have_statements_of_their_own(tmp_path: Path) -> None:
    """Each may assume the role of this environment alone, and says who it is where asked."""
    text = people(
        f'{{ arn = "{ADMIN}" }}',
        '{ arn = "arn:aws:iam::444455556666:role/ops/help", source_identity = ["alice", "bob"] }',
    )
    made = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")
    workflows, *others = made["web-dev"].trust_policy()["Statement"]

    assert workflows["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert others == [
        {
            "Sid": "People",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": ADMIN}},
        },
        {
            "Sid": "People2",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/ops/help"},
                "StringEquals": {"sts:SourceIdentity": ["alice", "bob"]},
            },
        },
    ]
    assert len(made["web-prod"].trust_policy()["Statement"]) == 1


def test_the_role_that_pushes_trusts_no_people(tmp_path: Path) -> None:
    """People of a deployment have nothing to do with the shared repository."""
    text = HEAD + WEB + SHARED + DEV + f'trusted_roles = [{{ arn = "{ADMIN}" }}]'
    estate = load(tmp_path, text)

    assert [role.arn for role in estate.services[0].role.trusted_roles] == [ADMIN]
    assert estate.images[0].role.trusted_roles == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            people('{ arn = "admin" }'),
            f"{ENTRY}[0]: A trusted role is named by its ARN, without a wildcard. Got 'admin'.",
            id="name",
        ),
        pytest.param(
            people(f'{{ arn = "{ADMIN}" }}', f'{{ arn = "{ADMIN}-*" }}'),
            f"{ENTRY}[1]: A trusted role is named by its ARN, without a wildcard.",
            id="wildcard",
        ),
        pytest.param(
            people('{ arn = "arn:aws:iam::111122223333:user/alice" }'),
            f"{ENTRY}[0]: A trusted role is named by its ARN, without a wildcard.",
            id="user",
        ),
        pytest.param(
            people('{ arn = "${aws_iam_role.admin.arn}" }'),
            f"{ENTRY}[0].arn: This takes plain text.",
            id="expression",
        ),
        pytest.param(
            people(f'{{ arn = "{ADMIN}" }}', f'{{ arn = "{ADMIN}", source_identity = ["al"] }}'),
            f"{ENTRY}: `trusted_roles` names each once.",
            id="one twice",
        ),
        pytest.param(
            people(f'{{ arn = "{ADMIN}", source_identity = ["a"] }}'),
            f"{ENTRY}[0]: A source identity has 2 to 64 letters, digits or `_+=,.@-`. Got 'a'.",
            id="identity",
        ),
        pytest.param(
            people(f'{{ arn = "{ADMIN}", source_identity = [] }}'),
            f"{ENTRY}[0].source_identity: `source_identity` names at least one.",
            id="no identity",
        ),
        pytest.param(
            people(f'{{ arn = "{ADMIN}", source_identity = "alice" }}'),
            f"{ENTRY}[0].source_identity: This takes a list. Got 'alice'.",
            id="one text",
        ),
        pytest.param(
            people('{ source_identity = ["alice"] }'),
            f"{ENTRY}[0].arn: The key is missing. It is the role that people have",
            id="nobody",
        ),
        pytest.param(
            people(f'"{ADMIN}"'),
            f"{ENTRY}[0]: This takes a table. Got '{ADMIN[:5]}",
            id="no table",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, expected: str) -> None:
    """A wrong entry is refused with its place in the file."""
    (found,) = mistakes(tmp_path, text)

    assert found.startswith(expected)


def test_another_partition(tmp_path: Path) -> None:
    """What depends on the role's own account is refused with the environment."""
    text = people('{ arn = "arn:aws-cn:iam::111122223333:role/admin" }')
    with pytest.raises(InvalidEnvironments, match=r"services\.web\.environments\.dev: "):
        synth_file(write(tmp_path, text), tmp_path / "cdktf.out")
