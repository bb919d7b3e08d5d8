"""A review as a whole: findings, stacks, problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from review_sides import ACCOUNT, PROD, Json, one, stack, write_side
from synthesized import synth_file

from deploy_access.errors import InvalidValue
from deploy_access.review.compare import review
from deploy_access.review.model import ChangedStacks, Review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.audit.report_model import PlacedFinding

HOST = "token.actions.githubusercontent.com"


def role(subject: str, **body: object) -> Json:
    """Write a stack with a role that a subject may assume."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"},
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{HOST}:sub": subject},
        },
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return stack(one("aws_iam_role", name="web", assume_role_policy=trust, **body))


NARROW = role("repo:acme@1/web@2:environment:prod")
WIDE = role("repo:acme@1/web@2:*")
ACCEPT = {"//": {"deploy_access": {"format": 1, "accept": {"repo-wide": "A pilot."}}}}


def reviewed(tmp_path: Path, base: Mapping[str, Json], head: Mapping[str, Json]) -> Review:
    """Review two sides."""
    return review(write_side(tmp_path / "base", base), write_side(tmp_path / "head", head))


def rules(found: tuple[PlacedFinding, ...]) -> list[str]:
    """Name the rules."""
    return [placed.finding.rule for placed in found]


def test_new_findings(tmp_path: Path) -> None:
    """What only the head has is new, and the other way round it is fixed."""
    there = reviewed(tmp_path / "1", {"web": NARROW}, {"web": WIDE})
    back = reviewed(tmp_path / "2", {"web": WIDE}, {"web": NARROW})

    assert "repo-wide" in rules(there.new_findings)
    assert rules(there.new_findings) == rules(back.fixed_findings)
    assert rules(there.fixed_findings) == rules(back.new_findings)


def test_findings_that_stay(tmp_path: Path) -> None:
    """A finding that was there before is not told, also when its role changed otherwise."""
    longer = role("repo:acme@1/web@2:*", max_session_duration=7200)

    found = reviewed(tmp_path, {"web": WIDE}, {"web": longer})

    assert found.new_findings == found.fixed_findings == ()


def test_findings_of_a_role_that_moves(tmp_path: Path) -> None:
    """A finding stays the same when its role moves to another stack."""
    found = reviewed(tmp_path, {"web": WIDE, "b": stack()}, {"web": stack(), "b": WIDE})

    assert found.new_findings == found.fixed_findings == ()


def test_new_acceptances(tmp_path: Path) -> None:
    """What is accepted from now on is told with its reason."""
    accepted = role("repo:acme@1/web@2:*", **ACCEPT)

    found = reviewed(tmp_path, {"web": WIDE}, {"web": accepted})

    assert [(p.finding.rule, p.accepted) for p in found.new_acceptances] == [
        ("repo-wide", "A pilot.")
    ]
    assert reviewed(tmp_path / "2", {"web": accepted}, {"web": accepted}).new_acceptances == ()


def until(day: str) -> Json:
    """Write a stack with a wide role that is accepted until a day."""
    accept = {"repo-wide": {"reason": "A pilot.", "until": day}}
    return role("repo:acme@1/web@2:*", **{"//": {"deploy_access": {"format": 1, "accept": accept}}})


def test_an_acceptance_that_is_prolonged(tmp_path: Path) -> None:
    """Another last day is decided anew, so it is told; one that has passed accepts nothing."""
    longer = reviewed(tmp_path / "1", {"web": until("9998-12-31")}, {"web": until("9999-12-31")})
    over = reviewed(tmp_path / "2", {"web": NARROW}, {"web": until("2001-01-01")})

    assert [(p.accepted, p.until) for p in longer.new_acceptances] == [("A pilot.", "9999-12-31")]
    assert (rules(longer.new_findings), over.new_acceptances) == ([], ())
    assert [(p.ended, p.until) for p in over.new_findings if p.ended] == [
        ("A pilot.", "2001-01-01")
    ]


def test_a_provider_that_changes_what_roles_mean(tmp_path: Path) -> None:
    """Roles that stay are looked at again when a provider changes that they trust."""
    resource = {**WIDE["resource"]}
    provider = one(
        "aws_iam_openid_connect_provider",
        url=f"https://{HOST}",
        client_id_list=["sts.amazonaws.com"],
    )
    base = {"web": stack({**resource, **provider})}
    other = one("aws_iam_openid_connect_provider", url=f"https://{HOST}", client_id_list=["other"])
    head = {"web": stack({**resource, **other})}

    assert reviewed(tmp_path, base, head).new_findings != ()


def test_stacks(tmp_path: Path) -> None:
    """Stacks are added, changed or removed."""
    base = {"a": NARROW, "b": NARROW, "c": NARROW}
    head = {"b": WIDE, "c": {**NARROW, "//": {"metadata": {"version": "2"}}}, "d": NARROW}

    assert reviewed(tmp_path, base, head).stacks == ChangedStacks(
        added=("d",), changed=("b",), removed=("a",)
    )


def test_the_first_review(tmp_path: Path) -> None:
    """Against `none` everything is new."""
    found = review("none", write_side(tmp_path, {"web": NARROW}))

    assert found.stacks == ChangedStacks(added=("web",))
    assert [change.action for change in found.resources] == ["create"]
    assert [change.presence for change in found.access] == ["made"]


def test_a_state_in_another_place(tmp_path: Path) -> None:
    """A stack that keeps its state elsewhere from now on is a problem: all would be made anew."""
    base, head = (
        {**NARROW, "terraform": {"backend": {"s3": {"bucket": "state", "key": key}}}}
        for key in ("a", "b")
    )

    (problem,) = reviewed(tmp_path, {"web": base}, {"web": head}).problems

    assert problem.given == "state/a -> state/b"
    assert problem.where.stack == "web"


def test_problems_of_both_sides_come_once(tmp_path: Path) -> None:
    """What can be read of neither side is told once."""
    module = {**NARROW, "module": {"other": {"source": "./other"}}}

    found = reviewed(tmp_path, {"web": module}, {"web": module})

    assert [problem.kind for problem in found.problems] == ["module"]


UNREAD = {"A": {"name": "a", "assume_role_policy": "${var.a}"}}
LISTENING = {"B": {"role": f"arn:aws:iam::{ACCOUNT}:role/a", "policy_arn": "${var.b}"}}


def test_two_names_of_one_file(tmp_path: Path) -> None:
    """What two files of other names have in common is neither new nor told twice."""
    resources = {"aws_iam_role": UNREAD, "aws_iam_role_policy_attachment": LISTENING}
    text = json.dumps({"resource": resources})
    twice = text.replace('"name": "a"', '"name": "x", "name": "a"')
    for name in ("a.tf.json", "b.tf.json"):
        (tmp_path / name).write_text(twice, "utf-8")

    found = review(tmp_path / "a.tf.json", tmp_path / "b.tf.json")

    assert found.new_findings == found.fixed_findings == found.new_problems == ()
    assert sorted(problem.given for problem in found.problems) == ["${var.b}", "var.a"]


def test_problems_that_are_new(tmp_path: Path) -> None:
    """What cannot be read is new in another stack, though the first one had the same."""
    module = {**NARROW, "module": {"other": {"source": "./other"}}}

    found = reviewed(tmp_path, {"a": module, "b": NARROW}, {"a": NARROW, "b": module})

    assert [problem.where.stack for problem in found.new_problems] == ["b"]


def test_a_file_that_gets_a_finding(tmp_path: Path) -> None:
    """A key that stands twice in a second stack is new there."""
    for name, stacks in (("base", "a"), ("head", "ab")):
        write_side(tmp_path / name, {"a": NARROW, "b": NARROW})
        for stack_name in stacks:
            path = tmp_path / name / "stacks" / stack_name / "cdk.tf.json"
            path.write_text(path.read_text("utf-8").replace("{", '{"//": 1, "//": 1, ', 1), "utf-8")

    found = review(tmp_path / "base", tmp_path / "head")

    assert [placed.where.stack for placed in found.new_findings] == ["b"]


def test_nothing_to_review() -> None:
    """Without sides and plans there is nothing to review."""
    with pytest.raises(InvalidValue, match="There is nothing to review"):
        review()


ESTATE = """
schema = 1
[github]
owner = "acme"
owner_id = 1
[states.main]
type = "s3"
bucket = "state"
region = "eu-central-1"
[accounts.prod]
id = "444455556666"
region = "eu-central-1"
oidc_provider = "create"
state = "main"
[environments.prod]
account = "prod"
subjects = [{{ environment = "prod" }}]
[services.web]
repository = "web"
repo_id = 2
[services.web.ecr]
name = "{name}"
[services.web.environments.prod]
"""


def test_synthesized_stacks(tmp_path: Path) -> None:
    """Of stacks that were synthesized it says that the rename of a repository destroys it."""
    for name in ("web", "shop"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "environments.toml").write_text(ESTATE.format(name=name), "utf-8")
        synth_file(tmp_path / name / "environments.toml", tmp_path / name / "out")

    same = review(tmp_path / "web" / "out", tmp_path / "web" / "out")
    found = review(tmp_path / "web" / "out", tmp_path / "shop" / "out")

    assert same == Review()
    assert found.stacks == ChangedStacks(changed=("web-prod",))
    first = found.resources[0]
    assert (first.name, first.action, first.holds_data) == (
        "web-prod/Image/Resource",
        "replace",
        True,
    )
    assert PROD in {change.party.account for change in found.access}
