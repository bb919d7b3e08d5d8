"""What iam-simulate newly allows a user or a role is something that the comparison reports."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from access_pairs import Json, covers, document
from review_sides import ACCOUNT, one
from review_simulator import are_allowed
from written_sides import changes

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.access_diff.model import AccessChange

COUNT = 250
BUCKET = "arn:aws:s3:::data"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ann"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ann/run"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
PRINCIPALS = {
    "user": ("*", {"AWS": USER}, {"AWS": ROOT}, {"AWS": f"{USER}-other"}),
    "role": ("*", {"AWS": ROLE}, {"AWS": ROOT}, {"AWS": SESSION}, {"AWS": f"{ROLE}-other"}),
}
ACTIONS = ("s3:GetObject", "s3:*", "s3:Get*", "s3:PutObject", "s3:ListBucket", "*")
RESOURCES = (f"{BUCKET}/*", f"{BUCKET}/web/*", BUCKET, "*")
ASKED = (
    *(("s3:GetObject", f"{BUCKET}/{key}") for key in ("x", "web/x")),
    *(("s3:PutObject", f"{BUCKET}/x"), ("s3:ListBucket", BUCKET)),
)
SECURE = "aws:SecureTransport"
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Account:
    """One side: what a user and a group have, or a role, and a bucket."""

    own: Json
    group: Json
    managed: Json
    bucket: Json | None
    boundary: Json | None
    is_member: bool
    kind: str = "user"

    def resources(self) -> Json:
        """Write it as Terraform."""
        bounded = {"permissions_boundary": "${aws_iam_policy.b.arn}"} if self.boundary else {}
        policies = {"m": self.managed, **({"b": self.boundary} if self.boundary else {})}
        trust = {"assume_role_policy": document()} if self.kind == "role" else {}
        attached = {"policy_arn": "${aws_iam_policy.m.arn}", f"{self.kind}s": ["ann"]}
        own = {self.kind: "ann", "policy": self.own}
        member = {"user": "ann", "groups": ["${aws_iam_group.g.name}"]}
        return {
            **one(f"aws_iam_{self.kind}", "u", name="ann", **bounded, **trust),
            **one("aws_iam_group", "g", name="devs"),
            **one(f"aws_iam_{self.kind}_policy", name="own", **own),
            **one("aws_iam_group_policy", name="own", group="devs", policy=self.group),
            "aws_iam_policy": {n: {"name": n, "policy": p} for n, p in policies.items()},
            **one("aws_iam_policy_attachment", name="a", **attached),
            **one("aws_s3_bucket", "b", bucket="data"),
            **(one("aws_iam_user_group_membership", **member) if self.is_member else {}),
            **(
                one("aws_s3_bucket_policy", bucket="data", policy=self.bucket)
                if self.bucket
                else {}
            ),
        }

    def asked(self, action: str, resource: str, secure: str) -> Json:
        """Write the request of the user, or of the role, for iam-simulate."""
        return {
            "principal": USER if self.kind == "user" else SESSION,
            "action": action,
            "resource": resource,
            "account": ACCOUNT,
            "context": {SECURE: secure},
            "identity": [self.own, self.managed, *([self.group] if self.is_member else [])],
            "boundary": self.boundary,
            "resource_policy": self.bucket,
        }


def statement(random: Random, principals: tuple[object, ...] = ()) -> Json:
    """Write a statement, of a bucket's policy where there are principals."""
    condition = {"Bool": {SECURE: random.choice(("true", "false"))}}
    return {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        **({"Principal": random.choice(principals)} if principals else {}),
        "Action": random.choice(ACTIONS[:-1] if principals else ACTIONS),
        "Resource": random.choice(RESOURCES[:-1] if principals else RESOURCES),
        **({"Condition": condition} if random.random() < 0.3 else {}),
    }


def policy(random: Random, principals: tuple[object, ...] = ()) -> Json:
    """Write a policy of one or two statements."""
    return document(*(statement(random, principals) for _ in range(random.choice((1, 2)))))


def account(random: Random, kind: str) -> Account:
    """Write one side."""
    return Account(
        own=policy(random),
        group=policy(random),
        managed=policy(random),
        bucket=policy(random, PRINCIPALS[kind]) if random.random() < 0.7 else None,
        boundary=policy(random) if random.random() < 0.3 else None,
        is_member=kind == "user" and random.random() < 0.5,
        kind=kind,
    )


def changed(random: Random, base: Account) -> Account:
    """Change one or two things of a side."""
    other, head = account(random, base.kind), deepcopy(base)
    for name in random.sample(sorted(base.__dataclass_fields__), random.choice((1, 2))):
        head = replace(head, **{name: getattr(other, name)})
    return head


def reports(found: tuple[AccessChange, ...], action: str, resource: str) -> bool:
    """Whether something that was gained is about a request."""
    return any(covers(row, action, resource) for one in found for row in one.permissions.gained)


@pytest.mark.parametrize("kind", PRINCIPALS)
def test_what_is_newly_allowed_is_reported(kind: str, tmp_path: Path) -> None:
    """By whatever policy of the account a request is new, some party has gained it."""
    random = Random(21)  # noqa: S311 - the same cases every time
    cases = [
        (base, changed(random, base)) for base in (account(random, kind) for _ in range(COUNT))
    ]
    asked = [
        (place, base.asked(*what, secure), head.asked(*what, secure), what)
        for place, (base, head) in enumerate(cases)
        for what in ASKED
        for secure in ("true", "false")
    ]
    before = are_allowed([one for _, one, _, _ in asked])
    after = are_allowed([one for _, _, one, _ in asked])
    new = [
        (place, what)
        for (place, _, _, what), was, now in zip(asked, before, after, strict=True)
        if now and not was
    ]

    found = {
        place: changes(tmp_path / str(place), *(side.resources() for side in cases[place]))
        for place in {place for place, _ in new}
    }
    missed = [(cases[place], what) for place, what in new if not reports(found[place], *what)]
    assert not missed, f"{len(missed)} of {len(new)}; the first: {missed[0]}"
    assert len(new) > COUNT / 2
