"""Access that is given in unusual ways is never `No change in access.`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from adversary_sides import (
    ADMIN,
    READ,
    inline,
    noticed,
    reviewed,
    reviewed_stacks,
    role,
    with_data,
)
from review_sides import policy, stack

from deploy_access.report.review_access import by_danger
from deploy_access.report.review_markdown import render_review_markdown
from deploy_access.report.review_verdict import verdict
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
NAMED = {"role": "deploy", "policy_arn": "arn:aws:iam::aws:policy/${each.value}"}
STATEMENT = [{"actions": ["s3:GetObject"], "resources": ["*"]}]
DOCUMENT = inline("${data.aws_iam_policy_document.D.json}")
TWICE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",%s,"Resource":"*"}]}'


def document(**more: Any) -> Json:
    """Write a stack whose policy is a data source."""
    return with_data(DOCUMENT, "aws_iam_policy_document", "D", {"statement": STATEMENT, **more})


GIVEN = {
    "inline-policy": role(inline_policy=[{"name": "x", "policy": ADMIN}]),
    "managed-arns": role(managed_policy_arns=[ADMINISTRATOR]),
    "managed-arns-of-a-set": role(managed_policy_arns=f'${{toset(["{ADMINISTRATOR}"])}}'),
    "policy": role(aws_iam_role_policy={"role": "deploy", "policy": ADMIN}),
    "policy-of-a-file": role(aws_iam_role_policy={"role": "deploy", "policy": '${file("a")}'}),
    "attachment": role(
        aws_iam_role_policy_attachment={"role": "deploy", "policy_arn": ADMINISTRATOR}
    ),
    "attachment-of-many": role(
        aws_iam_policy_attachment={"name": "x", "roles": ["deploy"], "policy_arn": ADMINISTRATOR}
    ),
    "all-attachments": role(
        aws_iam_role_policy_attachments_exclusive={
            "role_name": "deploy",
            "policy_arns": [ADMINISTRATOR],
        }
    ),
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_a_policy_widens(given: Json, tmp_path: Path) -> None:
    """Whatever gives a role a policy widens what it may do."""
    found = reviewed(tmp_path, stack(role()), stack(given))

    assert [change.party.name for change in found.widened] == ["deploy"]


LEFT_OUT = {
    "source": (document(), document(source_policy_documents=['${file("x")}'])),
    "override": (document(), document(override_policy_documents=['${file("x")}'])),
    "another": (
        document(source_policy_documents=['${file("x")}']),
        document(source_policy_documents=['${file("y")}']),
    ),
    "computed": (document(), document(source_policy_documents="${concat([local.x], [])}")),
}


@pytest.mark.parametrize(("base", "head"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_document_that_is_not_whole_might_widen(base: Json, head: Json, tmp_path: Path) -> None:
    """What a document merges and nobody can read counts as grown, but not for certain."""
    found = reviewed(tmp_path, base, head)

    (change,) = found.widened
    assert not any(grant.certain for grant in change.permissions.gained)


def test_the_same_document_that_is_not_whole_is_no_change(tmp_path: Path) -> None:
    """What nobody can read on both sides, and is written the same, is the same."""
    base, head = (
        document(source_policy_documents=['${file("x")}'], policy_id=name) for name in ("a", "b")
    )

    assert reviewed(tmp_path, base, head).widened == ()


def test_a_key_that_stands_twice_might_widen(tmp_path: Path) -> None:
    """Of two actions nobody can say which one counts."""
    head = inline(TWICE % '"Action":"s3:*","Action":"s3:GetObject"')

    found = reviewed(tmp_path, stack(inline(READ)), stack(head))

    assert verdict(found).startswith("1 role might do more")


def of_default(name: str) -> Json:
    """Attach a policy that a data source finds by its name."""
    attached = {"role": "deploy", "policy_arn": "${data.aws_iam_policy.A.arn}"}
    resources = role(aws_iam_role_policy_attachment=attached)
    return with_data(resources, "aws_iam_policy", "A", {"name": name})


def of_data(text: str) -> Json:
    """Take a policy from what another resource puts out."""
    return stack({**inline("${terraform_data.D.output}"), "terraform_data": {"D": {"input": text}}})


def dynamic(action: str) -> Json:
    """Write a statement for each of several actions."""
    content = {"actions": ["${statement.value}"], "resources": ["*"]}
    return document(dynamic={"statement": {"for_each": [action], "content": content}})


LONG = "a" * 200_000
UNDECIDED = {
    "data-source": (of_default("ReadOnlyAccess"), of_default("AdministratorAccess")),
    "output": (of_data(READ), of_data(ADMIN)),
    "too-long": (
        stack(inline("${local.x}"), locals={"x": policy("s3:GetObject", resource=LONG)}),
        stack(inline("${local.x}"), locals={"x": policy("*", resource=LONG)}),
    ),
}


@pytest.mark.parametrize(("base", "head"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_only_terraform_knows_might_widen(base: Json, head: Json, tmp_path: Path) -> None:
    """An expression that stands for something else than before is no policy that is the same."""
    found = reviewed(tmp_path, base, head)

    assert [change.party.name for change in found.widened] == ["deploy"]
    assert reviewed(tmp_path, head, head).access == ()


DECIDED = {
    "dynamic": (dynamic("s3:GetObject"), dynamic("*")),
    "for-each-grows": tuple(
        stack(role(aws_iam_role_policy_attachment={**NAMED, "for_each": each}))
        for each in ({"a": "ReadOnlyAccess"}, {"a": "ReadOnlyAccess", "b": "AdministratorAccess"})
    ),
    "for-each-changes": tuple(
        stack(role(aws_iam_role_policy_attachment={**NAMED, "for_each": each}))
        for each in ({"a": "ReadOnlyAccess"}, {"a": "AdministratorAccess"})
    ),
}


@pytest.mark.parametrize(("base", "head"), DECIDED.values(), ids=DECIDED)
def test_what_several_instances_give(base: Json, head: Json, tmp_path: Path) -> None:
    """What each instance of a block gives is compared by itself."""
    found = reviewed(tmp_path, base, head)

    assert [change.party.name for change in found.widened] == ["deploy"]
    assert noticed(found, "access") == []


OTHERS = {
    "key": {"aws_iam_access_key": {"user": "bob"}},
    "instance-profile": {"aws_iam_instance_profile": {"role": "elsewhere"}},
    "provider": {"aws_iam_openid_connect_provider": {"url": "https://evil.example"}},
    "lambda": {"aws_lambda_permission": {"function_name": "f", "principal": "*"}},
    "grant": {"aws_kms_grant": {"key_id": "k", "grantee_principal": "*"}},
    "unknown-policy": {"aws_efs_file_system_policy": {"file_system_id": "f", "policy": ADMIN}},
    "unknown-expression": {"aws_backup_vault_policy": {"policy": '${file("p")}'}},
    "stack": {"aws_cloudformation_stack": {"name": "s", "template_body": "{}"}},
    "acl": {"aws_s3_bucket_acl": {"bucket": "b", "acl": "public-read"}},
    "bucket-acl": {"aws_s3_bucket": {"bucket": "b", "acl": "public-read"}},
    "single-sign-on": {"aws_ssoadmin_account_assignment": {"principal_id": "p"}},
}


@pytest.mark.parametrize("given", OTHERS.values(), ids=OTHERS)
def test_access_that_is_not_compared_is_noticed(given: Json, tmp_path: Path) -> None:
    """Who gives access in a way that is not compared does not read that none changed."""
    found = reviewed(tmp_path, stack(role()), stack(role(**given)))

    assert noticed(found, "access") == [f"{next(iter(given))}.X"]
    assert verdict(found).startswith("No change in access was seen, ")


def test_a_block_on_the_public_that_goes_is_noticed(tmp_path: Path) -> None:
    """Destroying what holds access back gives access."""
    base = role(aws_s3_bucket_public_access_block={"bucket": "b", "block_public_acls": True})

    found = reviewed(tmp_path, stack(base), stack(role()))

    assert noticed(found, "access") == ["aws_s3_bucket_public_access_block.X"]


@pytest.mark.parametrize("kind", ["aws_ecs_cluster", "aws_autoscaling_policy", "aws_iam_role"])
def test_what_gives_no_access_is_not_noticed(kind: str, tmp_path: Path) -> None:
    """A resource without a policy, and one that is compared, is nothing to read."""
    body = (
        {"name": "other", "assume_role_policy": READ} if kind == "aws_iam_role" else {"name": "x"}
    )

    found = reviewed(tmp_path, stack({}), stack({kind: {"X": body}}))

    assert found.notices == ()


def test_trust_alone_shows_what_is_reached(tmp_path: Path) -> None:
    """When only the trust policy changes, what the role may do stands beside it."""
    trust = json.loads(inline(READ)["aws_iam_role"]["R"]["assume_role_policy"])
    trust["Statement"][0]["Principal"] = "*"
    head = inline(READ)
    head["aws_iam_role"]["R"]["assume_role_policy"] = json.dumps(trust)

    (change,) = reviewed(tmp_path, stack(inline(READ)), stack(head)).access

    assert [grant.action for grant in change.permissions.kept] == ["s3:GetObject"]
    assert change.permissions.gained == change.permissions.lost == ()


def test_a_second_role_of_one_name_is_new(tmp_path: Path) -> None:
    """A role does not hide behind another one of its name in another stack."""
    head = {"web": stack(role()), "other": stack(inline(ADMIN))}

    found = reviewed_stacks(tmp_path, {"web": stack(role())}, head)

    assert found.widened != ()


def test_a_block_that_stands_twice_is_noticed(tmp_path: Path) -> None:
    """Terraform reads both of two blocks, so the one that is not compared is not silent."""
    twice = stack(inline(ADMIN))
    file = tmp_path / "head/stacks/web/cdk.tf.json"
    reviewed(tmp_path, stack(role()), twice)
    text = json.dumps(stack(role()))
    file.write_text(f'{{"resource": {json.dumps(twice["resource"])}, {text[1:]}', "utf-8")

    found = review(tmp_path / "base", tmp_path / "head")

    assert noticed(found, "access") == ["resource"]
    assert verdict(found).startswith("No change in access was seen, ")


def flood(count: int, *, is_let_in: bool) -> Json:
    """Write roles of which each lets in several and may do little."""
    trust = json.loads(role()["aws_iam_role"]["R"]["assume_role_policy"])
    allowed = {**trust["Statement"][0], "Principal": {"AWS": "arn:aws:iam::222233334444:root"}}
    trust["Statement"] += [allowed] if is_let_in else []
    names = [f"a{number}" for number in range(count)]
    made = {n: {"name": n, "assume_role_policy": json.dumps(trust)} for n in names}
    given = {n: {"name": "p", "role": n, "policy": READ} for n in names}
    return {"aws_iam_role": made, "aws_iam_role_policy": given}


def test_many_harmless_roles_hide_no_dangerous_one(tmp_path: Path) -> None:
    """A new role that may do anything stands before what lets more in to do little."""
    base, head = flood(30, is_let_in=False), flood(30, is_let_in=True)
    head["aws_iam_role"]["Z"] = {**head["aws_iam_role"]["a0"], "name": "zzz"}
    head["aws_iam_role_policy"]["Z"] = {"name": "p", "role": "zzz", "policy": ADMIN}

    found = reviewed(tmp_path, stack(base), stack(head))

    assert by_danger(found.widened)[0].party.name == "zzz"


def test_many_harmless_actions_hide_no_dangerous_one(tmp_path: Path) -> None:
    """What passes on a role stands first, and what is allowed stands among many who are let in."""
    written = [f"athena:{verb}WorkGroup" for verb in ("Create", "Delete", "Update")]
    batch = [f"batch:{verb}Job" for verb in ("Cancel", "Submit", "Terminate")]
    more = ["codebuild:StartBuild", "dynamodb:PutItem", "ecr:PutImage", "iam:PassRole"]
    head = inline(policy(*written, *batch, *more))
    trust = json.loads(head["aws_iam_role"]["R"]["assume_role_policy"])
    trust["Statement"] += [
        {**trust["Statement"][0], "Principal": {"AWS": f"arn:aws:iam::222233334444:role/a{one}"}}
        for one in range(40)
    ]
    head["aws_iam_role"]["R"]["assume_role_policy"] = json.dumps(trust)

    text = render_review_markdown(reviewed(tmp_path, stack(role()), stack(head)))

    assert "may use `iam:PassRole`, `athena:CreateWorkGroup`" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [("arn:aws:ecs:::cluster/a", "is arn:"), ("arn:aws:ecs:::cluster/*", "is like arn:")],
)
def test_an_arn_is_like_another_only_with_a_wildcard(value: str, said: str, tmp_path: Path) -> None:
    """`ArnEquals` takes wildcards; without one it is said as what it is."""
    condition = {"ArnEquals": {"ecs:cluster": value}}
    head = inline(policy("ecs:DescribeServices", Condition=condition))

    (change,) = reviewed(tmp_path, stack(role()), stack(head)).widened

    assert change.permissions.gained[0].conditions[0].startswith(f"ecs:cluster {said}")


def test_a_policy_of_a_user_from_another_file_may_be_wider(tmp_path: Path) -> None:
    """A policy of a user that comes from another file than before is not silent."""
    base, head = (
        stack(
            {"aws_iam_user_policy": {"X": {"user": "u", "policy": "${file(local.f)}"}}},
            locals={"f": name},
        )
        for name in ("a", "b")
    )

    (change,) = reviewed(tmp_path, base, head).widened

    assert (change.party.kind, change.party.name) == ("user", "u")
    assert [grant.certain for grant in change.permissions.gained] == [False]
