"""What users, groups and managed policies gain, by every block that gives them something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_sides import ACCOUNT, one, stack, write_side
from written_sides import ADMIN, REPOSITORY, Json, allow, changes, deny, document, said

from deploy_access.report.review_graph import access_graph
from deploy_access.review.compare import review
from deploy_access.review.model import Review

if TYPE_CHECKING:
    from pathlib import Path

Case = tuple[Json, Json, list[str]]
PUSH = document(allow("ecr:PutImage", REPOSITORY))
EVERYTHING = document(allow("*"))
LIFTED = "a Deny was lifted, so other policies decide"
USER = one("aws_iam_user", "u", name="ann")
GROUP = one("aws_iam_group", "g", name="devs")
POLICY = one("aws_iam_policy", "p", name="push", policy=PUSH)
WIDE_POLICY = one("aws_iam_policy", "p", name="push", policy=EVERYTHING)
PUSHING = one("aws_iam_group_policy_attachment", group="devs", policy_arn="${aws_iam_policy.p.arn}")
ROLE = one("aws_iam_role", "r", name="deploy", assume_role_policy=document())
MADE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
BUCKET_POLICY = one(
    "aws_s3_bucket_policy",
    bucket="data",
    policy=document(allow("s3:GetObject", Principal={"AWS": MADE_ROLE})),
)
MEMBERS = one(
    "aws_iam_group_membership",
    name="m",
    group="${aws_iam_group.g.name}",
    users=["${aws_iam_user.u.name}"],
)


def of_user(policy: str) -> Json:
    """Give an inline policy to a user."""
    return one("aws_iam_user_policy", name="own", user="ann", policy=policy)


def of_group(policy: str) -> Json:
    """Give an inline policy to a group."""
    return one("aws_iam_group_policy", name="own", group="devs", policy=policy)


def of_role(*statements: Json) -> Json:
    """Give an inline policy to a role that is made elsewhere."""
    return one("aws_iam_role_policy", name="own", role="ops", policy=document(*statements))


def of_made_role(*statements: Json) -> Json:
    """Give an inline policy to the role that is made here."""
    return one("aws_iam_role_policy", name="own", role="deploy", policy=document(*statements))


def attached(kind: str, **to: object) -> Json:
    """Attach AWS's policy for administrators."""
    return one(f"aws_iam_{kind}", policy_arn=ADMIN, **to)


def bounded(name: str | None) -> Json:
    """Make a user with a boundary, or without one."""
    boundary = {"permissions_boundary": f"${{aws_iam_policy.{name}.arn}}"} if name else {}
    return one("aws_iam_user", "u", name="ann", **boundary)


ADMINS, UNKNOWN = "group admins", "nobody can tell what is in"
GAINS: dict[str, Case] = {
    "user-policy": (of_user(PUSH), of_user(EVERYTHING), ["+ kept user ann * *"]),
    "new-user": (
        {},
        {**USER, **of_user(PUSH)},
        [f"+ made user ann ecr:PutImage {REPOSITORY}"],
    ),
    "removed-user": (
        {**USER, **of_user(PUSH)},
        {},
        [f"- gone user ann ecr:PutImage {REPOSITORY}"],
    ),
    "group-policy": (of_group(PUSH), of_group(EVERYTHING), ["+ kept group devs * *"]),
    "user-attachment": (
        {},
        attached("user_policy_attachment", user="ann"),
        ["+ kept user ann * *"],
    ),
    "group-attachment": (
        {},
        attached("group_policy_attachment", group="devs"),
        ["+ kept group devs * *"],
    ),
    "attachment-of-many": (
        {**ROLE, **attached("policy_attachment", roles=["deploy"])},
        {**ROLE, **attached("policy_attachment", roles=["deploy"], users=["eve"], groups=["all"])},
        ["+ kept group all * *", "+ kept user eve * *"],
    ),
    "user-exclusive": (
        {},
        one("aws_iam_user_policy_attachments_exclusive", user_name="ann", policy_arns=[ADMIN]),
        ["+ kept user ann * *"],
    ),
    "group-exclusive": (
        {},
        one("aws_iam_group_policy_attachments_exclusive", group_name="devs", policy_arns=[ADMIN]),
        ["+ kept group devs * *"],
    ),
    "attached-policy-grows": (
        {**POLICY, **PUSHING},
        {**WIDE_POLICY, **PUSHING},
        ["+ kept group devs * *"],
    ),
    "policy-attached-elsewhere": (POLICY, WIDE_POLICY, ["+ kept policy push * *"]),
    "policy-that-lifts-a-deny": (
        one("aws_iam_policy", "p", name="push", policy=document(deny("s3:PutObject"))),
        one("aws_iam_policy", "p", name="push", policy=document(deny("s3:GetObject"))),
        [
            f"+ kept policy push perhaps s3:PutObject * ({LIFTED})",
            f"- kept policy push perhaps s3:GetObject * ({LIFTED.replace('lifted', 'added')})",
        ],
    ),
    "new-policy-of-nobody": ({}, WIDE_POLICY, []),
    "policy-that-goes": (POLICY, {}, []),
    "joins-a-group": (
        {**USER, **GROUP, **of_group(EVERYTHING)},
        {**USER, **GROUP, **of_group(EVERYTHING), **MEMBERS},
        ["+ kept user ann * *"],
    ),
    "joins-by-the-user": (
        {**USER, **GROUP, **of_group(EVERYTHING)},
        {
            **USER,
            **GROUP,
            **of_group(EVERYTHING),
            **one("aws_iam_user_group_membership", user="ann", groups=["devs"]),
        },
        ["+ kept user ann * *"],
    ),
    "joins-a-group-made-elsewhere": (
        {},
        one("aws_iam_user_group_membership", user="ann", groups=["admins"]),
        [
            f"+ kept user ann perhaps all that {ADMINS} allows * ({UNKNOWN} {ADMINS})",
        ],
    ),
    "group-with-a-member": (
        {**USER, **GROUP, **MEMBERS, **of_group(PUSH)},
        {**USER, **GROUP, **MEMBERS, **of_group(EVERYTHING)},
        ["+ kept group devs * *"],
    ),
    "deny-of-a-group-goes": (
        {**GROUP, **of_group(document(deny("s3:DeleteBucket")))},
        GROUP,
        [f"+ kept group devs perhaps s3:DeleteBucket * ({LIFTED})"],
    ),
    "deny-of-a-group-goes-for-its-member": (
        {**USER, **GROUP, **MEMBERS, **of_user(PUSH), **of_group(document(deny("ecr:*")))},
        {**USER, **GROUP, **MEMBERS, **of_user(PUSH)},
        [
            f"+ kept group devs perhaps ecr:* * ({LIFTED})",
            f"+ kept user ann ecr:PutImage {REPOSITORY} (a Deny was lifted)",
        ],
    ),
    "deny-of-a-role-made-elsewhere-goes": (
        of_role(deny("iam:*"), allow("s3:GetObject")),
        of_role(allow("s3:GetObject")),
        [f"+ kept role ops perhaps iam:* * ({LIFTED})"],
    ),
    "deny-of-a-role-goes": (
        {**ROLE, **of_made_role(deny("s3:*"))},
        ROLE,
        [],
    ),
    "deny-of-a-role-goes-that-a-bucket-lets-in": (
        {**ROLE, **BUCKET_POLICY, **of_made_role(deny("s3:*"))},
        {**ROLE, **BUCKET_POLICY},
        [f"+ kept role deploy perhaps s3:* * ({LIFTED})"],
    ),
    "role-goes-with-its-deny": (
        {**ROLE, **BUCKET_POLICY, **of_made_role(deny("s3:*"), allow("ecr:PutImage"))},
        BUCKET_POLICY,
        ["- gone role deploy ecr:PutImage *"],
    ),
    "boundary-goes": (
        {**bounded("p"), **POLICY, **of_user(EVERYTHING)},
        {**bounded(None), **POLICY, **of_user(EVERYTHING)},
        ["+ kept user ann * * (the boundary was removed)"],
    ),
    "boundary-goes-from-policies-made-elsewhere": (
        {**bounded("p"), **POLICY},
        {**bounded(None), **POLICY},
        ["+ kept user ann perhaps * * (the boundary was removed, so other policies decide)"],
    ),
}


def test_a_user_a_group_and_a_policy_are_places_of_the_graph(tmp_path: Path) -> None:
    """A role, a user and a group of one name are three places."""
    names = {"user": "ops", "group": "ops"}
    given = [
        one(f"aws_iam_{k}_policy", name="own", policy=PUSH, **{k: n}) for k, n in names.items()
    ]
    head = {key: block for each in given for key, block in each.items()}

    graph = access_graph(Review(access=changes(tmp_path, POLICY, {**head, **WIDE_POLICY})))

    assert [node.label for node in graph.nodes if node.kind == "role"] == [
        "policy push",
        "group ops",
        "user ops",
    ]


@pytest.mark.parametrize("attached_to", [{}, {"roles": ["deploy"]}], ids=["nothing", "role"])
def test_a_managed_policy_that_nobody_can_read_may_be_wider(
    attached_to: Json, tmp_path: Path
) -> None:
    """Its name and its ARN stay the same while the file that it comes from is another."""
    policy = one("aws_iam_policy", "p", name="push", policy="${file(local.f)}")
    attachment = {"policy_arn": "${aws_iam_policy.p.arn}", **attached_to}
    given = {**policy, **(one("aws_iam_policy_attachment", **attachment) if attached_to else {})}
    base, head = (
        write_side(tmp_path / name, {"web": stack(given, locals={"f": name})}) for name in "ab"
    )

    (change,) = review(base, head).widened

    assert [grant.certain for grant in change.permissions.gained] == [False]


def test_a_policy_that_is_imported_may_be_attached_already(tmp_path: Path) -> None:
    """AWS has it, with whatever has it there; only Terraform makes it new."""
    imported = [{"to": "aws_iam_policy.p", "id": "arn:aws:iam::111122223333:policy/push"}]
    base = write_side(tmp_path / "base", {"web": stack()})
    head = write_side(tmp_path / "head", {"web": stack(POLICY, import_=imported)})

    (change,) = review(base, head).access

    assert (change.party.kind, change.party.name, change.presence) == ("policy", "push", "kept")
    assert [grant.action for grant in change.permissions.gained] == ["ecr:PutImage"]


@pytest.mark.parametrize(("base", "head", "lines"), GAINS.values(), ids=GAINS)
def test_what_changes_is_said_of_whom_it_is_about(
    base: Json, head: Json, lines: list[str], tmp_path: Path
) -> None:
    """Whatever block gives a user, a group or a policy more, that party is shown with it."""
    assert said(tmp_path, base, head) == lines
    assert said(tmp_path, head, head) == []
