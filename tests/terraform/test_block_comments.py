"""`//` is a comment in the body of a block, and data in a value."""

from __future__ import annotations

from deploy_access.terraform.block_comments import without_comments

NOTE = {"//": {"metadata": {"path": "web/This"}}}
DATA = {"//": "data", "k": "v"}


def test_a_comment_stands_in_the_body_of_a_block() -> None:
    """Comments go from every body and from where labels stand; a map keeps its key."""
    document = {
        **NOTE,
        "locals": {**NOTE, "tags": DATA},
        "module": {"m": {**NOTE, "source": "./m", "tags": DATA}},
        "provider": {"aws": [{**NOTE, "region": "x"}, {"alias": "y"}]},
        "resource": {**NOTE, "aws_x": {"This": {**NOTE, "tags": DATA, "rule": [DATA]}}},
        "terraform": {**NOTE, "required_version": ">= 1"},
        "new_kind": {"x": DATA},
    }

    assert without_comments(document) == {
        "locals": {"tags": DATA},
        "module": {"m": {"source": "./m", "tags": DATA}},
        "provider": {"aws": [{"region": "x"}, {"alias": "y"}]},
        "resource": {"aws_x": {"This": {"tags": DATA, "rule": [DATA]}}},
        "terraform": {"required_version": ">= 1"},
        "new_kind": {"x": DATA},
    }


def test_what_is_no_block_stays() -> None:
    """A text where a block belongs is left for what reports it."""
    document = {"resource": {"aws_x": "text"}, "locals": None, "data": ["text"]}

    assert without_comments(document) == document
