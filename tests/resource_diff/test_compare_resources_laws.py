"""What holds for any two sides."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_sides import Json, compared, write_side

from deploy_access.resource_diff.model import AttributeChange, ResourceChange
from deploy_access.review.compare import review
from deploy_access.review.model import Review

TYPES = ("aws_ecr_repository", "aws_iam_role", "aws_iam_role_policy", "aws_other_thing")
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("web", "shop", "/ci/", "${aws_iam_role.A.name}", "${aws_iam_role.B.arn}", "${x", ""),
            *('{"Statement": []}', '{"Statement": {"Action": "a:B"}}', "[]", "{", "14", "true"),
        ]
    ),
    st.text(max_size=4),
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=5,
)
BODIES = st.dictionaries(
    st.sampled_from(
        [
            *("name", "path", "role", "policy", "tags", "count", "for_each", "provider", "//"),
            *("encryption_configuration", "force_delete", "lifecycle", "depends_on"),
        ]
    ),
    VALUES,
    max_size=4,
)
PLAIN = st.fixed_dictionaries({"name": st.sampled_from(["web", "shop"])})


def resources(bodies: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Make the resources of a stack."""
    named = st.dictionaries(st.sampled_from("ABC"), bodies, min_size=1, max_size=3)
    return st.dictionaries(st.sampled_from(TYPES), named, max_size=3)


def stacks(bodies: st.SearchStrategy[Json]) -> st.SearchStrategy[dict[str, Json]]:
    """Make a side of one or two stacks."""
    found = resources(bodies).map(lambda resource: {"resource": resource})
    return st.dictionaries(st.sampled_from(["web", "shop"]), found, max_size=2)


def between(base: dict[str, Json], head: dict[str, Json]) -> tuple[ResourceChange, ...]:
    """Compare two sides."""
    with TemporaryDirectory() as folder:
        return compared(Path(folder), base, head)


@given(stacks(BODIES))
def test_a_side_and_itself(side: dict[str, Json]) -> None:
    """Nothing changes from a side to itself, whatever is in it."""
    with TemporaryDirectory() as folder:
        base = write_side(Path(folder, "base"), side)
        head = write_side(Path(folder, "head"), side)
        assert review(base, head) == Review(problems=review(base, head).problems)


@given(stacks(BODIES))
def test_a_side_and_itself_written_otherwise(side: dict[str, Json]) -> None:
    """Nothing changes where only the file is written otherwise."""
    other = {name: json.loads(json.dumps(document, indent=2)) for name, document in side.items()}
    assert between(side, {name: {**document, "//": {}} for name, document in other.items()}) == ()


@given(stacks(PLAIN), stacks(PLAIN))
def test_mirror(base: dict[str, Json], head: dict[str, Json]) -> None:
    """What is made on the way there is destroyed on the way back, and the reverse."""
    mirrored: dict[str, Any] = {"create": "destroy", "destroy": "create"}
    there = {(c.stack, c.address, mirrored.get(c.action, c.action)) for c in between(base, head)}
    back = {(c.stack, c.address, c.action) for c in between(head, base)}

    assert there == back


@given(stacks(PLAIN), stacks(PLAIN))
def test_attributes_mirror(base: dict[str, Json], head: dict[str, Json]) -> None:
    """Attributes have before and after swapped on the way back."""
    there = {(c.stack, c.address): c.attributes for c in between(base, head)}
    back = {(c.stack, c.address): c.attributes for c in between(head, base)}

    assert there == {
        key: tuple(AttributeChange(name=a.name, before=a.after, after=a.before) for a in found)
        for key, found in back.items()
    }


@given(stacks(BODIES), stacks(BODIES))
def test_any_two_sides(base: dict[str, Json], head: dict[str, Json]) -> None:
    """Any two sides are compared, and each address is spoken of once."""
    found = between(base, head)

    addresses = [(change.stack, change.address) for change in found]
    assert len(addresses) == len(set(addresses))


FILES = st.dictionaries(
    st.sampled_from(["resource", "moved", "removed", "import", "provider", "terraform", "//"]),
    VALUES,
)


@pytest.mark.slow
@given(FILES, st.sampled_from([{}, {"resource": {"aws_iam_role": {"A": {}}}}]))
def test_files_of_no_shape(content: Json, other: Json) -> None:
    """A stack that has anything in the place of blocks is compared as far as it goes."""
    for base, head in ((content, other), (other, content), (content, content)):
        assert isinstance(between({"web": base}, {"web": head}), tuple)
