"""Plans and states as the sides of a review: two plans, a stack and a plan, what is not known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from plan_documents import ROLE, Json, change, plan, resource
from review_sides import one, stack

from deploy_access.report.review_verdict import verdict
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.review.model import Review

WEB, POLICY, DATA = "aws_iam_role.Web", "aws_iam_role_policy.P", "data.aws_iam_policy_document.D"
NET = "module.net"


def allows(*actions: str) -> str:
    """Write a policy."""
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})


def gives(*actions: str) -> Json:
    """Write the policy of the role that allows *actions*."""
    return {"role": "web", "name": "p", "policy": allows(*actions)}


def updated(before: Json, after: Json, unknown: Json | None = None, *references: str) -> Json:
    """Write a plan that updates the policy of a role."""
    reference = {"references": [*references]}
    return plan(
        [resource(WEB, ROLE), resource(POLICY, before)],
        change(POLICY, "update", before=before, after=after, unknown=unknown or {}),
        configured={WEB: {}, POLICY: {"policy": reference}},
    )


def write(folder: Path, **files: Json) -> list[Path]:
    """Write files, each under its name."""
    paths = [folder / f"{name}.json" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_text(json.dumps(content), "utf-8")
    return paths


def gained(found: Review) -> list[tuple[str, bool]]:
    """List the actions that are gained, and whether that is certain."""
    return [
        (grant.action, grant.certain)
        for party in found.widened
        for grant in party.permissions.gained
    ]


def test_two_plans(tmp_path: Path) -> None:
    """Two plans are compared by the access after each, and not by what they do."""
    old, new = gives("s3:GetObject"), gives("s3:GetObject", "s3:PutObject")
    destroys = change("aws_s3_bucket.B", "delete", before={"bucket": "b"})
    second = updated(old, new)
    second["resource_changes"].append(destroys)
    base, head = write(tmp_path, base=updated(old, old), head=second)
    found = review(base, head)

    assert gained(found) == [("s3:PutObject", True)]
    assert found.resources == ()
    assert verdict(found).endswith("what would be destroyed was not compared.")


UNKNOWN = {"policy": True}
LATER = {"role": "web", "name": "p"}


def test_what_two_plans_do_not_know(tmp_path: Path) -> None:
    """What both know after apply only may differ, unless it is one plan."""
    first = updated(gives("s3:GetObject"), LATER, UNKNOWN)
    base, head = write(tmp_path, base=first, head={**first, "timestamp": "2026-11-28T00:00:00Z"})
    same = review(base, base)

    assert [certain for _, certain in gained(review(base, head))] == [False]
    assert (same.access, same.notices, same.new_problems) == ((), (), ())


def test_a_policy_that_is_known_after_apply(tmp_path: Path) -> None:
    """An update to what only the apply can tell may be wider; what stays as it is is not."""
    (path,) = write(tmp_path, plan=updated(gives("s3:GetObject"), LATER, UNKNOWN))

    assert [certain for _, certain in gained(review(plans=[path]))] == [False]


@pytest.mark.parametrize(
    ("statement", "unknown"),
    [
        pytest.param(None, True, id="how many"),
        pytest.param(
            [{"effect": "Allow", "actions": ["s3:*"], "resources": [None]}],
            [{"actions": [False], "resources": [True]}],
            id="a resource",
        ),
    ],
)
def test_dynamic_statements(tmp_path: Path, statement: object, unknown: object) -> None:
    """A plan has no `dynamic` blocks in its configuration, and what they make counts."""
    content = updated(gives("s3:GetObject"), LATER, UNKNOWN, f"{DATA}.json", DATA)
    data = change(
        "aws_iam_policy_document.D",
        "read",
        after={"statement": statement},
        unknown={"json": True, "statement": unknown},
    )
    content["resource_changes"].append({**data, "address": DATA, "mode": "data"})
    (path,) = write(tmp_path, plan=content)

    assert [certain for _, certain in gained(review(plans=[path]))] == [False]


def test_a_state_as_the_base(tmp_path: Path) -> None:
    """What the provider fills in is no difference between a state and a stack."""
    values = {**ROLE, "path": "/", "max_session_duration": 3600, "unique_id": "AROA"}
    state = {"values": {"root_module": {"resources": [resource(WEB, values)]}}}
    written = stack(one("aws_iam_role", "Web", name="web", assume_role_policy="{}"))
    base, head = write(tmp_path, state=state, head=written)

    assert review(base, head).resources == ()
    assert verdict(review(head, base)).endswith("what would be destroyed was not compared.")


def test_a_stack_and_a_plan(tmp_path: Path) -> None:
    """The guards of a plan are compared with the state that it was made for."""
    before, after = {"name": "d", "deletion_protection_enabled": True}, {"name": "d"}
    entry = change("aws_dynamodb_table.D", "update", before=before, after=after)
    content = plan([resource("aws_dynamodb_table.D", before)], entry)
    base, head = write(tmp_path, base=stack(one("aws_dynamodb_table", "D", name="d")), head=content)

    assert [notice.address for notice in review(base, head).notices] == ["aws_dynamodb_table.D"]


def test_guards_in_a_module(tmp_path: Path) -> None:
    """A guard that goes in a module is told with the address of its resource."""
    address = f'{NET}["a"].aws_dynamodb_table.D'
    before, after = {"name": "d", "deletion_protection_enabled": True}, {"name": "d"}
    own = {"type": "aws_dynamodb_table", "name": "D", "module_address": f'{NET}["a"]'}
    prior = {**resource(address, before), **own}
    content = plan([], change(address, "update", before=before, after=after, **own))
    content["prior_state"]["values"]["root_module"]["child_modules"] = [
        {"address": f'{NET}["a"]', "resources": [prior]}
    ]
    (path,) = write(tmp_path, plan=content)

    assert [(one.kind, one.address) for one in review(plans=[path]).notices] == [("guard", address)]


def test_code_in_a_module(tmp_path: Path) -> None:
    """A provisioner that runs with a resource of a module is told."""
    address = f'{NET}["a"].null_resource.N'
    own = {"type": "null_resource", "name": "N", "module_address": f'{NET}["a"]'}
    content = plan([], {**change(address, "create", after={"triggers": None}), **own})
    block = {"address": "null_resource.N", "provisioners": [{"type": "local-exec"}]}
    module = {"module": {"resources": [block]}}
    content["configuration"]["root_module"]["module_calls"] = {"net": module}
    (path,) = write(tmp_path, plan=content)

    assert ("steering", f"{NET}.null_resource.N.provisioner") in {
        (one.kind, one.address) for one in review(plans=[path]).notices
    }


def test_what_a_plan_leaves_open(tmp_path: Path) -> None:
    """A deferred change, and a plan that ended with an error, are named as not read."""
    deferred = {"reason": "instance_count_unknown", "resource_change": change(WEB, "create")}
    content = plan([], errored=True, deferred_changes=[deferred], complete=False)
    (path,) = write(tmp_path, plan=content)
    found = review(plans=[path])

    assert [(one.given, one.where.address) for one in found.new_problems] == [
        ("errored", ""),
        ("instance_count_unknown", WEB),
    ]
    assert found.stacks.partial == ("plan",)


def test_a_targeted_plan_beside_two_sides(tmp_path: Path) -> None:
    """The plan of a stack that is reviewed is said to be targeted too."""
    document = stack(one("aws_iam_role", "Web", name="web", assume_role_policy="{}"))
    content = plan([], configured={WEB: {}}, complete=False)
    base, head, path = write(tmp_path, base=document, head=document, plan=content)

    assert review(base, head, [path]).stacks.partial == ("head.json",)


def test_the_policy_that_a_bucket_repeats(tmp_path: Path) -> None:
    """Beside two sides too, what AWS reports of a bucket is no second writer of its policy."""
    wide, narrow = (
        json.dumps(
            {
                "Statement": {
                    "Effect": "Allow",
                    "Action": action,
                    "Principal": "*",
                    "Resource": "arn:aws:s3:::b/*",
                }
            }
        )
        for action in ("s3:*", "s3:GetObject")
    )
    bucket, policy = "aws_s3_bucket.B", "aws_s3_bucket_policy.B"
    values = {"bucket": "b", "id": "b", "policy": wide}
    before, after = {"bucket": "b", "policy": wide}, {"bucket": "b", "policy": narrow}
    content = plan(
        [resource(bucket, values), resource(policy, before)],
        change(bucket, "no-op", before=values, after=values),
        change(policy, "update", before=before, after=after),
        configured={bucket: {}, policy: {"policy": {}}},
    )
    own = one("aws_s3_bucket", "B", bucket="b")
    old, new = (
        stack({**own, **one("aws_s3_bucket_policy", "B", **each)}) for each in (before, after)
    )
    base, head, path = write(tmp_path, base=old, head=new, plan=content)
    found = review(base, head, [path])

    assert (found.widened, len(found.narrowed)) == ((), 1)


def test_a_stack_without_a_name(tmp_path: Path) -> None:
    """A stack that is added or removed and has no name is called as its file."""
    (path,) = write(tmp_path, web=stack(one("aws_iam_role", "Web", name="web")))

    assert review("none", path).stacks.added == ("web.json",)
    assert review(path, "none").stacks.removed == ("web.json",)
