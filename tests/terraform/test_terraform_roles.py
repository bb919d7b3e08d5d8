"""Roles are joined with what gives them policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cdktf_out import write_out
from reading_files import ACCOUNT, FILE, OTHER, PROVIDER, TRUST, read

from deploy_access.acceptance import Acceptance
from deploy_access.errors import InvalidValue
from deploy_access.terraform.estate import Document, NamedPolicy, Role, Where
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

ROLE = {"name": "web", "assume_role_policy": TRUST}
MANAGED = {"name": "p", "policy": TRUST}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
P_ARN = f"arn:aws:iam::{ACCOUNT}:policy/p"


def at(address: str) -> Where:
    """Say where something in the one file is."""
    return Where(FILE, address)


def document(address: str) -> Document:
    """Make the document that all have here."""
    return Document(content=TRUST, where=at(address))


def test_every_argument_of_a_role() -> None:
    """A role is read whole: its arguments, its policies, its boundary and its acceptances."""
    body = {
        **ROLE,
        "//": {"deploy_access": {"format": 1, "accept": {"repo-wide": "pilot"}, "new": 1}},
        "path": "/ci/",
        "max_session_duration": 7200,
        "permissions_boundary": P_ARN,
        "inline_policy": {"name": "in", "policy": TRUST},
        "managed_policy_arns": [READ_ONLY],
    }
    resource = {"aws_iam_role": {"Web": body}, "aws_iam_policy": {"P": MANAGED}}

    assert read(resource=resource).roles == (
        Role(
            account=ACCOUNT,
            name="web",
            path="/ci/",
            arn=f"arn:aws:iam::{ACCOUNT}:role/ci/web",
            where=at("aws_iam_role.Web"),
            trust=document("aws_iam_role.Web.assume_role_policy"),
            policies=(
                NamedPolicy(
                    name="ReadOnlyAccess",
                    kind="attached-arn",
                    document=None,
                    where=at("aws_iam_role.Web"),
                    arn=READ_ONLY,
                ),
                NamedPolicy(
                    name="in",
                    kind="inline",
                    document=document("aws_iam_role.Web.inline_policy[0].policy"),
                    where=at("aws_iam_role.Web.inline_policy[0]"),
                ),
            ),
            boundary=NamedPolicy(
                name="p",
                kind="managed",
                document=document("aws_iam_policy.P.policy"),
                where=at("aws_iam_role.Web.permissions_boundary"),
                arn=P_ARN,
            ),
            max_session_duration=7200,
            accept={"repo-wide": Acceptance("pilot")},
            region="eu-central-1",
        ),
    )


@pytest.mark.parametrize("role", ["web", "${aws_iam_role.Web.name}", "${aws_iam_role.Web.id}"])
def test_inline_policies_of_their_own(role: str) -> None:
    """An `aws_iam_role_policy` finds its role by name and by any reference."""
    resource = {
        "aws_iam_role": {"Web": [ROLE]},
        "aws_iam_role_policy": {"X": {"name": "x", "role": role, "policy": TRUST}},
    }
    estate = read(resource=[resource])

    assert [role.policies for role in estate.roles] == [
        (
            NamedPolicy(
                name="x",
                kind="inline",
                document=document("aws_iam_role_policy.X.policy"),
                where=at("aws_iam_role_policy.X"),
            ),
        )
    ]
    assert estate.problems == ()


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        (
            "aws_iam_role_policy_attachment",
            {"role": "web", "policy_arn": "${aws_iam_policy.P.arn}"},
        ),
        ("aws_iam_role_policy_attachment", {"role": "web", "policy_arn": "${aws_iam_policy.P.id}"}),
        ("aws_iam_role_policy_attachment", {"role": "web", "policy_arn": P_ARN}),
        (
            "aws_iam_policy_attachment",
            {"name": "n", "roles": ["${aws_iam_role.Web.name}"], "policy_arn": P_ARN},
        ),
        (
            "aws_iam_role_policy_attachments_exclusive",
            {"role_name": "web", "policy_arns": [P_ARN, P_ARN]},
        ),
    ],
)
def test_managed_policies(kind: str, block: dict[str, object]) -> None:
    """A managed policy is found by reference and by ARN, and counts once."""
    resource = {
        "aws_iam_role": {"Web": ROLE},
        "aws_iam_policy": {"P": MANAGED},
        kind: {"A": block},
    }
    estate = read(resource=resource)

    assert [role.policies for role in estate.roles] == [
        (
            NamedPolicy(
                name="p",
                kind="managed",
                document=document("aws_iam_policy.P.policy"),
                where=at(f"{kind}.A"),
                arn=P_ARN,
            ),
        )
    ]
    assert estate.problems == ()


def test_references_join_without_an_account() -> None:
    """Where no ARN can be built, the reference itself is what joins."""
    resource = {
        "aws_iam_role": {"Web": {"name_prefix": "web-", "assume_role_policy": TRUST}},
        "aws_iam_policy": {"P": {"policy": TRUST}},
        "aws_iam_role_policy_attachment": {
            "A": {"role": "${aws_iam_role.Web.name}", "policy_arn": "${aws_iam_policy.P.arn}"}
        },
    }
    estate = read(resource=resource, provider={"aws": {"region": "eu-central-1"}})

    assert [(r.account, r.name, r.arn) for r in estate.roles] == [
        (None, "${aws_iam_role.Web.name}", None)
    ]
    assert [p.document for p in estate.roles[0].policies] == [document("aws_iam_policy.P.policy")]
    assert {p.given for p in estate.problems} == {"aws_iam_role.Web.name"}


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        pytest.param({}, "(generated for aws_iam_role_policy.P)", id="none"),
        pytest.param(
            {"name_prefix": "web-"}, "web-(generated for aws_iam_role_policy.P)", id="prefix"
        ),
    ],
)
def test_an_inline_policy_without_a_name(arguments: dict[str, str], name: str) -> None:
    """Terraform makes a name up, which is no loss."""
    policy = {"role": "web", "policy": TRUST, **arguments}

    estate = read(resource={"aws_iam_role": {"Web": ROLE}, "aws_iam_role_policy": {"P": policy}})

    assert [p.name for p in estate.roles[0].policies] == [name]
    assert estate.problems == ()


def test_a_role_named_by_its_arn() -> None:
    """IAM refuses it, so it is a problem; whose policy it was meant to be is clear."""
    role = f"arn:aws:iam::{ACCOUNT}:role/ci/web"
    attachment = {"role": role, "policy_arn": READ_ONLY}
    estate = read(
        resource={
            "aws_iam_role": {"Web": ROLE},
            "aws_iam_role_policy_attachment": {"A": attachment},
        }
    )

    assert [(r.name, [p.name for p in r.policies]) for r in estate.roles] == [
        ("web", ["ReadOnlyAccess"])
    ]
    assert [(p.kind, p.given, str(p.where)) for p in estate.problems] == [
        ("malformed", role, f"{FILE}: aws_iam_role_policy_attachment.A.role")
    ]


def stacks(folder: Path, **documents: dict[str, object]) -> Path:
    """Write a `cdktf.out`."""
    return write_out(folder, documents)


def attaching(role: str, account: str | None = ACCOUNT) -> dict[str, object]:
    """Write a stack that attaches a policy to a role of another one."""
    provider = PROVIDER if account else {"region": "eu-central-1"}
    attachment = {"role": role, "policy_arn": READ_ONLY}
    return {
        "provider": {"aws": [{**provider, "allowed_account_ids": [account]}] if account else {}},
        "resource": {"aws_iam_role_policy_attachment": {"A": attachment}},
    }


def making(account: str | None = ACCOUNT) -> dict[str, object]:
    """Write a stack that makes a role."""
    provider = {"allowed_account_ids": [account]} if account else {}
    return {"provider": {"aws": provider}, "resource": {"aws_iam_role": {"Web": ROLE}}}


@pytest.mark.parametrize(
    ("made", "attached", "roles", "problems"),
    [
        pytest.param(ACCOUNT, ACCOUNT, [(ACCOUNT, True, 1)], [], id="same account"),
        pytest.param(
            OTHER, ACCOUNT, [(ACCOUNT, False, 1), (OTHER, True, 0)], [], id="other account"
        ),
        pytest.param(None, ACCOUNT, [(None, True, 1)], ["account"], id="made anywhere"),
        pytest.param(ACCOUNT, None, [(ACCOUNT, True, 1)], ["account"], id="attached anywhere"),
        pytest.param(None, None, [(None, True, 1)], ["account"], id="both anywhere"),
    ],
)
def test_stacks_of_an_account_are_joined(
    tmp_path: Path,
    made: str | None,
    attached: str | None,
    roles: list[tuple[str | None, bool, int]],
    problems: list[str],
) -> None:
    """A name means the role of its account; without an account, the only one of that name."""
    out = stacks(tmp_path, b=making(made), a=attaching("web", attached))
    estate = read_estate(out)

    found = [(r.account, r.trust is not None, len(r.policies)) for r in estate.roles]
    assert (found, [p.kind for p in estate.problems]) == (roles, problems)


def test_a_name_that_two_roles_have_is_not_guessed(tmp_path: Path) -> None:
    """Which of two is meant is not known, so it is neither, and a problem."""
    estate = read_estate(stacks(tmp_path, a=making(), b=making(OTHER), c=attaching("web", None)))

    assert [(r.account, len(r.policies)) for r in estate.roles] == [
        (None, 1),
        (ACCOUNT, 0),
        (OTHER, 0),
    ]
    assert [p.kind for p in estate.problems] == ["account"]


def test_what_cdktf_passes_between_stacks_is_followed(tmp_path: Path) -> None:
    """A reference to another stack goes through an output of it."""
    source = {**making(), "output": {"cross": {"value": "${aws_iam_role.Web.name}"}}}
    state = "data.terraform_remote_state.cross-stack-reference-input-b.outputs.cross"
    estate = read_estate(stacks(tmp_path, a=attaching(f"${{{state}}}"), b=source))

    assert [(r.name, len(r.policies)) for r in estate.roles] == [("web", 1)]


def test_a_role_of_elsewhere_is_listed() -> None:
    """A role that is only named has no trust policy, and its policies are kept."""
    attachment = {"role": "far", "policy_arn": P_ARN}
    estate = read(resource={"aws_iam_role_policy_attachment": {"A": attachment}})

    where = at("aws_iam_role_policy_attachment.A")
    policy = NamedPolicy(name="p", kind="attached-arn", document=None, where=where, arn=P_ARN)
    assert estate.roles == (
        Role(
            account=ACCOUNT,
            name="far",
            path=None,
            arn=None,
            where=where,
            trust=None,
            policies=(policy,),
            region="eu-central-1",
        ),
    )
    assert [(p.kind, p.given) for p in estate.problems] == [("unresolved", P_ARN)]


@pytest.mark.parametrize(
    ("argument", "given", "roles", "problems"),
    [
        ("count", 0, 0, []),
        ("count", 1, 1, []),
        ("count", 2, 2, []),
        ("count", "${var.x}", 1, ["${var.x}"]),
        ("for_each", "${toset(var.x)}", 1, ["${toset(var.x)}"]),
    ],
)
def test_several_at_once(argument: str, given: object, roles: int, problems: list[str]) -> None:
    """How many roles a block makes is read, or it is one role and a problem."""
    estate = read(resource={"aws_iam_role": {"Web": {**ROLE, argument: given}}})

    assert len(estate.roles) == roles
    assert [p.given for p in estate.problems if p.kind == "multiplicity"] == problems


def test_modules_are_named() -> None:
    """What a module makes is not in the file."""
    estate = read(module={"net": {"source": "./net"}})

    assert [(p.kind, p.given, p.where.address) for p in estate.problems] == [
        ("module", "./net", "module.net")
    ]


def test_metadata_of_a_later_format_is_refused() -> None:
    """Whoever reads acceptances that it does not understand would accept the wrong things."""
    body = {**ROLE, "//": {"deploy_access": {"format": 2}}}

    with pytest.raises(InvalidValue, match="Upgrade `deploy-access`"):
        read(resource={"aws_iam_role": {"Web": body}})


def test_comments_are_no_expressions() -> None:
    """Terraform does not read `//`, so a reason may hold anything."""
    body = {**ROLE, "//": {"deploy_access": {"accept": {"repo-wide": "${because}"}}}}
    estate = read(resource={"aws_iam_role": {"Web": json.loads(json.dumps(body))}})

    assert estate.roles[0].accept == {"repo-wide": Acceptance("${because}")}
