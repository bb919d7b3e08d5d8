"""Every graph is one that Mermaid draws, with the nodes that it should have and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from mermaid_judge import ask_mermaid, graphs_of
from review_hostile import HOSTILE, REVIEWS
from review_values import EVERYTHING, MADE, WIDER, allowed, trusted

from deploy_access.access_diff.model import Delta
from deploy_access.report.review_graph import access_graph
from deploy_access.report.review_markdown import render_review_markdown
from deploy_access.report.review_mermaid import entities, render_mermaid
from deploy_access.review.model import Review

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs/review.md"


def check(reviews: list[Review]) -> None:
    """Hold the nodes and connections that Mermaid reads against those that were meant."""
    graphs = [graph for graph in map(access_graph, reviews) if graph.edges]
    meant = [
        {
            "type": "flowchart-v2",
            "nodes": [f"n{place}" for place in range(len(graph.nodes))],
            "edges": len(graph.edges),
        }
        for graph in graphs
    ]

    assert ask_mermaid([render_mermaid(graph) for graph in graphs]) == meant


def named(value: str) -> Review:
    """Call everything by one value."""
    party = replace(WIDER.party, name=value, account=value)
    trust = Delta(
        gained=(trusted(value), trusted(f"repo:{value}:{value}"), trusted("", principal=value))
    )
    permissions = Delta(gained=(allowed(f"{value}:x", "write", value),))
    return Review(access=(replace(WIDER, party=party, trust=trust, permissions=permissions),))


def test_the_judge_refuses() -> None:
    """A label that is not escaped is no graph, or another one."""
    broken, other = ask_mermaid(
        ['flowchart LR\n  n0["a"b"]\n', "flowchart LR\n  n0 --> n1\n  n2\n"]
    )

    assert "failed" in broken
    assert other["nodes"] == ["n0", "n1", "n2"]


def test_page() -> None:
    """The graphs of the page are drawn."""
    found = ask_mermaid(graphs_of(PAGE.read_text("utf-8")))

    assert [graph.get("type") for graph in found] == ["flowchart-v2"] * 3


def test_values_that_mean_something() -> None:
    """What Mermaid takes for its own in other places is a label."""
    check([EVERYTHING, *map(named, HOSTILE)])


def test_any_values() -> None:
    """Whatever things are called, the graph is the one that was meant."""
    reviews: list[Review] = []

    @settings(phases=[Phase.generate], database=None)
    @given(REVIEWS)
    def collect(review: Review) -> None:
        reviews.append(review)

    collect()
    check(reviews)


def test_size() -> None:
    """A graph of thousands of roles has forty places, and the comment says that there are more."""
    many = Review(
        access=tuple(
            replace(MADE, party=replace(MADE.party, name=f"role-{number}"))
            for number in range(2000)
        )
    )

    graph = access_graph(many)

    assert len(graph.nodes) <= 40
    assert len(graph.edges) <= 60
    assert f"There is no room for {graph.left_out} more." in render_review_markdown(many)
    check([many])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("web-prod-deploy", "web-prod-deploy", id="plain"),
        pytest.param('"]', "#34;#93;", id="end of a label"),
        pytest.param("%%{init}%%", "#37;#37;#123;init#125;#37;#37;", id="directive"),
        pytest.param("#quot;", "#35;quot#59;", id="entity"),
        pytest.param("fa:fa-user", "fa#58; fa-user", id="icon"),
        pytest.param("- x", "#45; x", id="list"),
        pytest.param("1. x", "1#46; x", id="numbered list"),
        pytest.param(" ", "#40;empty#41;", id="nothing"),
        pytest.param("a\nb", "a#92;u000ab", id="line break"),
    ],
)
def test_label(text: str, label: str) -> None:
    """What could be more than text is an entity."""
    assert entities(text) == label
