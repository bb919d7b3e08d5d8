"""
The graph of a review as Mermaid, which GitHub draws.

Every character that could mean more than text to Mermaid, to its directives (`%%{`), its icons
(`fa:`) or its Markdown is written as an entity.

Source: https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.report.review_phrase import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.access_diff.model import Presence
    from deploy_access.report.review_graph import Edge, Graph, Kind

# A label on one line of the drawing.
_LONGEST = 60
# Two of `-:,_` beside each other, or one at an end, may begin a mark of Markdown or of an edge.
_RISKY = re.compile(r"(?<![0-9A-Za-z])[-:,_]|[-:_](?![0-9A-Za-z])|[^0-9A-Za-z /:,_-]")
_ICON = ":fa-"
_SHAPES: Mapping[Kind, tuple[str, str]] = {
    "repository": ("([", "])"),
    "subject": ("[", "]"),
    "role": ("{{", "}}"),
    "resource": ("(", ")"),
}
_MARKS: Mapping[Presence, str] = {"made": "+ ", "kept": "", "gone": "\N{MINUS SIGN} "}
_ARROWS: Mapping[Presence, str] = {"made": "==>", "kept": "-->", "gone": "-.->"}
_STYLES: Mapping[Presence, str] = {
    "made": "stroke:#bc4c00,stroke-width:3px",
    "gone": "stroke:#6e7781,stroke-width:2px,stroke-dasharray:5 4",
}


def render_mermaid(graph: Graph) -> str:
    """Render a flowchart from left to right, without a fence around it."""
    return "".join(f"{line}\n" for line in _lines(graph))


def entities(text: str) -> str:
    """Return a text for the label of a node or an edge, to stand between quotes."""
    shown = visible(text if text.strip() else "(empty)", _LONGEST)
    shown = shown.replace(_ICON, ": fa-")  # Mermaid replaces entities before it looks for icons.
    return _RISKY.sub(lambda found: f"#{ord(found[0])};", shown)


def _lines(graph: Graph) -> Iterator[str]:
    names = {node: f"n{place}" for place, node in enumerate(graph.nodes)}
    yield "flowchart LR"
    for node, name in names.items():
        left, right = _SHAPES[node.kind]
        changed = "" if node.presence == "kept" else f":::{node.presence}"
        label = entities(f"{_MARKS[node.presence]}{node.label}")
        yield f'  {name}{left}"{label}"{right}{changed}'
    for edge in graph.edges:
        yield f"  {names[edge.start]} {_arrow(edge)} {names[edge.end]}"
    yield from _looks(graph)


def _arrow(edge: Edge) -> str:
    label = f"{_MARKS[edge.presence]}{edge.label}".strip()
    return f'{_ARROWS[edge.presence]}|"{entities(label)}"|' if label else _ARROWS[edge.presence]


def _looks(graph: Graph) -> Iterator[str]:
    for presence, style in _STYLES.items():
        if any(node.presence == presence for node in graph.nodes):
            yield f"  classDef {presence} {style}"
        links = [str(n) for n, edge in enumerate(graph.edges) if edge.presence == presence]
        if links:
            yield f"  linkStyle {','.join(links)} {style}"
