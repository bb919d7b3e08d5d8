"""The resources before and after the apply of a plan, for each thing that a plan can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from plan_documents import Json, change, plan, resource

from deploy_access.terraform.plan_sides import (
    after_apply,
    as_state,
    before_apply,
    by_module,
    is_partial,
    unknown_after_apply,
)

if TYPE_CHECKING:
    from deploy_access.terraform.plan_sides import Side

WEB, OLD, NEW = "aws_iam_role.Web", {"name": "old"}, {"name": "new"}


def names(side: Side) -> dict[str, str]:
    """Return the name of each resource, by the address under which it is read."""
    resources = [cast("Json", one) for found in by_module(side).values() for one in found]
    return {one["address"]: one["values"]["name"] for one in resources}


@pytest.mark.parametrize(
    ("entry", "before", "after"),
    [
        pytest.param(change(WEB, "no-op", before=OLD, after=OLD), {WEB: "old"}, {WEB: "old"}),
        pytest.param(change(WEB, "update", before=OLD, after=NEW), {WEB: "old"}, {WEB: "new"}),
        pytest.param(change(WEB, "delete", before=OLD), {WEB: "old"}, {}),
        pytest.param(change(WEB, "forget", before=OLD), {WEB: "old"}, {WEB: "old"}),
        pytest.param(
            change(WEB, "delete", "create", before=OLD, after=NEW), {WEB: "old"}, {WEB: "new"}
        ),
        pytest.param(
            change(WEB, "create", "delete", before=OLD, after=NEW), {WEB: "old"}, {WEB: "new"}
        ),
        pytest.param(
            change(WEB, "create", "forget", before=OLD, after=NEW),
            {WEB: "old"},
            {WEB: "new", f"{WEB} (left alone)": "old"},
        ),
    ],
    ids=lambda value: "-".join(value["change"]["actions"]) if "change" in value else "",
)
def test_actions(entry: Json, before: Json, after: Json) -> None:
    """What is destroyed is there before alone; what is forgotten is there on both sides."""
    document = plan([resource(WEB, OLD)], entry)

    assert (names(before_apply(document)), names(after_apply(document))) == (before, after)


def test_what_is_created() -> None:
    """What is created is there afterwards alone."""
    document = plan([], change(WEB, "create", after=NEW))

    assert (names(before_apply(document)), names(after_apply(document))) == ({}, {WEB: "new"})


def test_what_a_targeted_plan_leaves_out() -> None:
    """What was not targeted is on both sides as it is, and the plan says that it is targeted."""
    other = "aws_iam_role.Other"
    prior = [resource(WEB, OLD), resource(other, {"name": "other"})]
    document = plan(prior, change(WEB, "update", before=OLD, after=NEW), complete=False)

    assert names(before_apply(document)) == {WEB: "old", other: "other"}
    assert names(after_apply(document)) == {WEB: "new", other: "other"}
    assert (is_partial(document), is_partial(plan([]))) == (True, False)


@pytest.mark.parametrize("where", [WEB, "aws_iam_role.Former"])
def test_what_moved(where: str) -> None:
    """A moved resource is one resource, at whichever address the state has it."""
    entry = change(WEB, "update", before=OLD, after=NEW, previous_address="aws_iam_role.Former")
    document = plan([resource(where, OLD)], entry)

    assert (names(before_apply(document)), names(after_apply(document))) == (
        {WEB: "old"},
        {WEB: "new"},
    )


def test_two_that_change_places() -> None:
    """A resource that takes the address of one that moved is not taken for it."""
    other = "aws_iam_role.Other"
    document = plan(
        [resource(WEB, OLD), resource(other, {"name": "other"})],
        change(WEB, "no-op", before=OLD, after=OLD, previous_address=other),
        change(other, "no-op", before={"name": "x"}, after={"name": "x"}, previous_address=WEB),
    )

    assert names(before_apply(document)) == {WEB: "old", other: "x"}
    assert names(after_apply(document)) == {WEB: "old", other: "x"}


def test_a_deposed_object() -> None:
    """What an interrupted replacement left is a resource of its own until it is destroyed."""
    document = plan(
        [resource(WEB, NEW), resource(WEB, OLD, deposed_key="0123abcd")],
        change(WEB, "no-op", before=NEW, after=NEW, unknown={"arn": True}),
        change(WEB, "delete", before=OLD, deposed="0123abcd"),
    )

    assert names(before_apply(document)) == {
        WEB: "new",
        f"{WEB} (deposed object 0123abcd)": "old",
    }
    assert names(after_apply(document)) == {WEB: "new"}
    assert unknown_after_apply(document) == {WEB: {"arn": True}}


def test_modules_come_after_the_root() -> None:
    """A resource is in the module that its change names, and a state has it there again."""
    address = "module.net.aws_iam_role.Web"
    document = plan([], change(address, "create", after=NEW, module_address="module.net"))
    found = after_apply(document)

    assert list(by_module(found)) == ["", "module.net"]
    assert after_apply({"values": as_state(found)}).keys() == found.keys()
