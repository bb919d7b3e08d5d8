"""What is said of resources, from two sides and no plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from real_plan_cases import CASES
from review_sides import (
    ACCOUNT,
    PROD,
    Json,
    actions,
    changed,
    compared,
    one,
    policy,
    stack,
)

from deploy_access.resource_diff.model import AttributeChange, ResourceChange

if TYPE_CHECKING:
    from pathlib import Path

WEB = one("aws_ecr_repository", name="web")
SHOP = one("aws_ecr_repository", name="shop")


def the_one(changes: tuple[ResourceChange, ...]) -> ResourceChange:
    """Return the only change."""
    assert len(changes) == 1, changes
    return changes[0]


@pytest.mark.parametrize("case", CASES)
def test_actions(tmp_path: Path, case: str) -> None:
    """Two sides say of each case what real Terraform plans for it; other tests see to that."""
    before, after, expected = CASES[case]

    assert actions(changed(tmp_path, before, after)) == expected


def test_two_that_move_to_one_address(tmp_path: Path) -> None:
    """Of two resources that move to one address the first has it, and the other is destroyed."""
    moves = [
        {"from": "aws_ecr_repository.A", "to": "aws_ecr_repository.C"},
        {"from": "aws_ecr_repository.B", "to": "aws_ecr_repository.C"},
    ]
    base = stack({"aws_ecr_repository": {"A": {"name": "web"}, "B": {"name": "shop"}}})
    head = stack({"aws_ecr_repository": {"C": {"name": "web"}}}, moved=moves)

    lost, moved = changed(tmp_path, base, head)

    assert (lost.address, lost.action) == ("aws_ecr_repository.B", "destroy")
    assert lost.why == (
        "The `moved` block does not keep it: there is no room for it at `aws_ecr_repository.C`."
    )
    assert (moved.address, moved.action) == ("aws_ecr_repository.C", "move")


def test_moves_in_a_circle(tmp_path: Path) -> None:
    """Moves that lead in a circle end."""
    moves = [
        {"from": "aws_ecr_repository.A", "to": "aws_ecr_repository.B"},
        {"from": "aws_ecr_repository.B", "to": "aws_ecr_repository.A"},
    ]
    base = stack({"aws_ecr_repository": {"A": {"name": "web"}}})

    assert actions(changed(tmp_path, base, stack(moved=moves))) == {
        "aws_ecr_repository.A": "destroy"
    }


def test_a_renamed_repository(tmp_path: Path) -> None:
    """All that is said of a repository that is made anew, whole."""
    path = {"//": {"metadata": {"path": "web/Image/Resource"}}}
    before = one("aws_ecr_repository", name="web", **path)
    after = one("aws_ecr_repository", name="shop", **path)

    assert changed(tmp_path, stack(before), stack(after)) == (
        ResourceChange(
            stack="web",
            address="aws_ecr_repository.This",
            type="aws_ecr_repository",
            name="web/Image/Resource",
            action="replace",
            attributes=(AttributeChange(name="name", before='"web"', after='"shop"'),),
            holds_data=True,
            why='`name` changed from "web" to "shop", which cannot be changed in place.',
            note="AWS refuses while it holds images.",
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {"tags": {"a": "1"}}, [("tags", None, '{"a": "1"}')], id="set"),
        pytest.param({"tags": {"a": "1"}}, {}, [("tags", '{"a": "1"}', None)], id="unset"),
        pytest.param(
            {"tags": {"a": "1", "b": "2"}},
            {"tags": {"a": "1", "b": "3"}},
            [("tags.b", '"2"', '"3"')],
            id="in-a-map",
        ),
        pytest.param(
            {"image_scanning_configuration": [{"scan_on_push": True}]},
            {"image_scanning_configuration": [{"scan_on_push": False}]},
            [("image_scanning_configuration[0].scan_on_push", "true", "false")],
            id="in-a-block",
        ),
        pytest.param(
            {"image_scanning_configuration": [{"scan_on_push": True}]},
            {"image_scanning_configuration": {"scan_on_push": "true"}},
            [],
            id="a-block-written-otherwise",
        ),
        pytest.param({"force_delete": None}, {}, [], id="null-is-not-set"),
        pytest.param({"//": {"metadata": {"path": "a"}}}, {}, [], id="comments"),
        pytest.param(
            {"tags": {"//": "1"}},
            {"tags": {"//": "2"}},
            [("tags.//", '"1"', '"2"')],
            id="no-comment",
        ),
        pytest.param({"depends_on": ["aws_iam_role.R"]}, {}, [], id="an-order"),
        pytest.param({"lifecycle": {"prevent_destroy": True}}, {}, [], id="a-lifecycle"),
        pytest.param(
            {"timeouts": {"delete": "1m"}, "lifecycle": {"ignore_changes": "all"}},
            {"timeouts": {"delete": "2m"}, "lifecycle": {"ignore_changes": "all"}},
            [],
            id="all-ignored",
        ),
        pytest.param(
            {"tags": {"a": "1"}, "lifecycle": [{"ignore_changes": ['tags["a"]']}]},
            {"tags": {"a": "2"}, "lifecycle": [{"ignore_changes": ['tags["a"]']}]},
            [],
            id="a-part-ignored",
        ),
    ],
)
def test_attributes(
    tmp_path: Path, before: Json, after: Json, expected: list[tuple[str, str | None, str | None]]
) -> None:
    """An attribute is named in full, and only where its meaning differs."""
    sides = (one("aws_ecr_repository", name="web", **body) for body in (before, after))
    base, head = (stack(resource) for resource in sides)

    found = [a for change in changed(tmp_path, base, head) for a in change.attributes]

    assert [(a.name, a.before, a.after) for a in found] == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(policy("a:B"), policy("a:C"), ("(policy)", "(policy)"), id="other"),
        pytest.param(policy("a:B", "a:C"), policy("a:C", "a:B"), None, id="other-order"),
        pytest.param(
            policy("a:B"), policy("a:B").replace('["a:B"]', '"a:B"'), None, id="no-list-of-one"
        ),
        pytest.param(policy("a:B"), f" {policy('a:B')} ", None, id="white-space"),
        pytest.param(
            policy("a:B"), "${aws_x.y.json}", ("(policy)", '"${aws_x.y.json}"'), id="unknown"
        ),
    ],
)
def test_policies(
    tmp_path: Path, before: str, after: str, expected: tuple[str, str] | None
) -> None:
    """A policy differs by what it means, and is not written out."""
    sides = (one("aws_iam_policy", name="p", policy=text) for text in (before, after))
    base, head = (stack(resource) for resource in sides)

    found = [a for change in changed(tmp_path, base, head) for a in change.attributes]

    assert [(a.before, a.after) for a in found] == ([expected] if expected else [])


def test_json_in_a_text(tmp_path: Path) -> None:
    """Other JSON in a text is compared by what is in it."""
    containers = [
        json.dumps([{"name": "web", "image": image, "memory": 128}]) for image in ("a", "b")
    ]
    base, head = (
        stack(one("aws_ecs_task_definition", family="f", container_definitions=text))
        for text in containers
    )

    found = the_one(changed(tmp_path, base, head))

    assert found.action == "replace"
    assert found.attributes == (
        AttributeChange(name="container_definitions[0].image", before='"a"', after='"b"'),
    )


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    """What is a secret by its name is never written."""
    base, head = (
        stack(one("aws_db_instance", identifier="d", password=text)) for text in ("old", "new")
    )

    assert the_one(changed(tmp_path, base, head)).attributes == (
        AttributeChange(name="password", before="(sensitive)", after="(sensitive)"),
    )


def test_an_unknown_type(tmp_path: Path) -> None:
    """Of a type whose arguments are not known only a plan can tell whether it is made anew."""
    base, head = (stack(one("aws_other_thing", name=name)) for name in ("a", "b"))

    found = the_one(changed(tmp_path, base, head))

    assert (found.action, found.known) == ("update", False)
    assert found.note == "Whether it is replaced, only a plan can tell."


def test_what_aws_may_have_chosen(tmp_path: Path) -> None:
    """A fixed argument that is set for the first time may be what AWS had chosen."""
    base = stack(one("aws_db_instance", identifier="d"))
    head = stack(one("aws_db_instance", identifier="d", availability_zone="eu-central-1a"))

    found = the_one(changed(tmp_path, base, head))

    assert (found.action, found.known) == ("replace", False)


def test_what_stays_when_it_is_left_out(tmp_path: Path) -> None:
    """A fixed argument that AWS remembers is no difference when it is left out."""
    base = stack(one("aws_db_instance", identifier="d", availability_zone="eu-central-1a"))

    assert changed(tmp_path, base, stack(one("aws_db_instance", identifier="d"))) == ()


@pytest.mark.parametrize(
    ("kind", "body", "note"),
    [
        pytest.param("aws_ecr_repository", {}, "AWS refuses while it holds images.", id="images"),
        pytest.param(
            "aws_ecr_repository",
            {"force_delete": True},
            "`force_delete` is set, so it goes with its images.",
            id="forced",
        ),
        pytest.param(
            "aws_ecr_repository",
            {"lifecycle": {"prevent_destroy": True}},
            "`prevent_destroy` does not hold it back: it went with the block. "
            "AWS refuses while it holds images.",
            id="prevented-no-longer",
        ),
        pytest.param(
            "aws_dynamodb_table",
            {"deletion_protection_enabled": True},
            "AWS refuses while `deletion_protection_enabled` is set.",
            id="protected",
        ),
        pytest.param(
            "aws_dynamodb_table",
            {},
            "`deletion_protection_enabled` is not set, so nothing holds it back.",
            id="open",
        ),
        pytest.param("aws_sqs_queue", {}, "", id="nothing"),
    ],
)
def test_what_holds_a_destruction_back(tmp_path: Path, kind: str, body: Json, note: str) -> None:
    """Of what is destroyed with data it says what AWS does about that."""
    found = the_one(changed(tmp_path, stack(one(kind, name="web", **body)), stack()))

    assert (found.action, found.holds_data, found.why) == ("destroy", True, "Its block is gone.")
    assert found.note == note


def test_a_replacement_that_terraform_refuses(tmp_path: Path) -> None:
    """With `prevent_destroy` Terraform refuses to make it anew."""
    guard = {"lifecycle": {"prevent_destroy": True}}
    base, head = (stack(one("aws_ecr_repository", name=name, **guard)) for name in ("web", "shop"))

    found = the_one(changed(tmp_path, base, head))

    assert (found.action, found.note) == (
        "replace",
        "Terraform refuses: `prevent_destroy` is set.",
    )


def test_a_construct_of_another_name(tmp_path: Path) -> None:
    """A repository that only got another address is destroyed, and it says what to write."""
    base = stack({"aws_ecr_repository": {"Old": {"name": "web"}}})
    head = stack({"aws_ecr_repository": {"New": {"name": "web"}}})

    lost, made = changed(tmp_path, base, head)

    assert (lost.action, made.action) == ("destroy", "create")
    assert lost.why == (
        "Its address moved to `aws_ecr_repository.New`: Terraform knows a resource by its address, "
        "and takes this for two."
    )
    assert lost.note == (
        'Keep it with `.move_from_id("aws_ecr_repository.Old")` on the new resource, or the block '
        '`"moved": [{"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.New"}]`. '
        "AWS refuses while it holds images."
    )


def test_what_is_written_about_a_move_helps(tmp_path: Path) -> None:
    """With the block that the note says nothing is destroyed."""
    block = [{"from": "aws_ecr_repository.Old", "to": "aws_ecr_repository.New"}]
    base = stack({"aws_ecr_repository": {"Old": {"name": "web"}}})
    head = stack({"aws_ecr_repository": {"New": {"name": "web"}}}, moved=block)

    assert actions(changed(tmp_path, base, head)) == {"aws_ecr_repository.New": "move"}


def test_another_stack(tmp_path: Path) -> None:
    """What moves to another stack is destroyed in one and made in the other."""
    base = {"images": stack(WEB), "web": stack()}
    head = {"images": stack(), "web": stack(WEB)}

    lost, made = compared(tmp_path, base, head)

    assert (lost.stack, lost.action) == ("images", "destroy")
    assert (made.stack, made.action) == ("web", "create")
    assert lost.why.startswith("It moves to stack `web`: ")
    assert lost.note.startswith(
        'Keep it with `"removed": [{"from": "aws_ecr_repository.This", "lifecycle": {"destroy": '
        'false}}]` here, and `"import": [{"to": "aws_ecr_repository.This", "id": "web"}]` in stack '
        "`web`."
    )


def test_another_account_is_another_thing(tmp_path: Path) -> None:
    """Two repositories of one name in two accounts are two."""
    base = {"images": stack(WEB), "web": stack(account=PROD)}
    head = {"images": stack(), "web": stack(WEB, account=PROD)}

    assert compared(tmp_path, base, head)[0].why == "Its block is gone."


def test_a_stack_that_is_gone(tmp_path: Path) -> None:
    """A stack that is gone takes all with it, and what it protects it still protects."""
    resources = {
        "aws_ecr_repository": {"Image": {"name": "web", "lifecycle": {"prevent_destroy": True}}},
        **one("aws_iam_role", "Deploy", name="web"),
    }

    image, role = compared(tmp_path, {"web": stack(resources)}, {})

    assert (image.action, image.why) == ("destroy", "Its stack is gone.")
    assert image.note.startswith("Terraform refuses to destroy the stack")
    assert (role.action, role.note) == ("destroy", "")


def test_a_stack_of_another_name(tmp_path: Path) -> None:
    """A stack that has the state of another is the other, renamed."""
    terraform = {"backend": {"s3": {"bucket": "state", "key": "web.tfstate"}}}
    base = {"web": stack(WEB, terraform=terraform)}
    head = {"shop": stack(WEB, terraform=terraform)}

    assert compared(tmp_path, base, head) == ()


def test_another_account(tmp_path: Path) -> None:
    """A stack that goes to another account makes all anew, and leaves all behind."""
    found = the_one(changed(tmp_path, stack(WEB), stack(WEB, account=PROD)))

    assert (found.action, found.known) == ("create", False)
    assert found.note == f"What is in `{ACCOUNT}` stays there, and no state knows of it any more."


def test_another_region(tmp_path: Path) -> None:
    """A stack that goes to another region makes anew what has a region."""
    both = {**WEB, **one("aws_iam_role", name="web")}

    found = the_one(changed(tmp_path, stack(both), stack(both, region="eu-west-1")))

    assert (found.address, found.action, found.known) == (
        "aws_ecr_repository.This",
        "replace",
        False,
    )


@pytest.mark.parametrize(
    "several",
    [
        pytest.param({"count": "${var.several}"}, id="a-variable"),
        pytest.param({"count": 1_000_000_000}, id="too-many"),
        pytest.param({"count": {"a": 1}}, id="no-number"),
        pytest.param({"for_each": "${var.names}"}, id="a-variable-of-names"),
        pytest.param({"for_each": {"${var.name}": "1"}}, id="a-name-that-is-a-variable"),
    ],
)
def test_how_many_is_not_known(tmp_path: Path, several: Json) -> None:
    """Where only Terraform knows how many there are, nothing is certain."""
    head = stack(one("aws_ecr_repository", name="web", **several))

    found = the_one(changed(tmp_path, stack(), head))

    assert (found.action, found.known) == ("create", False)
    assert found.note == "How many there are, only a plan can tell."


def test_outputs_of_another_stack(tmp_path: Path) -> None:
    """A stack whose bytes are the same differs when it is handed another name."""
    remote = {"terraform_remote_state": {"cross-stack-reference-input-other": {"backend": "local"}}}
    name = "${data.terraform_remote_state.cross-stack-reference-input-other.outputs.name}"
    web = stack(one("aws_ecr_repository", name=name), data=remote)
    base = {"other": stack(output={"name": {"value": "web"}}), "web": web}
    head = {"other": stack(output={"name": {"value": "shop"}}), "web": web}

    found = the_one(compared(tmp_path, base, head))

    assert (found.stack, found.action) == ("web", "replace")


def test_order(tmp_path: Path) -> None:
    """What loses data comes first, then what is destroyed, then the rest."""
    base = stack(
        {
            **one("aws_iam_role", "A", name="a"),
            "aws_ecr_repository": {"B": {"name": "b"}, "C": {"name": "c"}},
            **one("aws_iam_policy", "D", name="d"),
        }
    )
    head = stack(
        {
            **one("aws_iam_role", "A", name="a", description="Deploys."),
            "aws_ecr_repository": {"C": {"name": "shop"}, "E": {"name": "e"}},
        }
    )

    found = changed(tmp_path, base, head)

    assert [(change.address, change.action) for change in found] == [
        ("aws_ecr_repository.B", "destroy"),
        ("aws_ecr_repository.C", "replace"),
        ("aws_iam_policy.D", "destroy"),
        ("aws_iam_role.A", "update"),
        ("aws_ecr_repository.E", "create"),
    ]
