"""Reviews full of what a pull request could write to look like a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from hypothesis import strategies as st

from deploy_access.access_diff.model import (
    AccessChange,
    Delta,
    Party,
    PermissionGrant,
    Presence,
    TrustGrant,
    Witness,
)
from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.audit.finding import Finding
from deploy_access.audit.report_model import PlacedFinding
from deploy_access.iam.access_level import Level
from deploy_access.resource_diff.model import AttributeChange, ResourceAction, ResourceChange
from deploy_access.review.model import ChangedStacks, Notice, NoticeKind, Review
from deploy_access.terraform.estate import Unread, Where

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HOSTILE = [
    *[
        "",
        " ",
        "`",
        "``",
        "```",
        "````mermaid",
        "~~~",
        "a`b``c",
        "\\",
        "\\`",
        "&lt;",
        "&#64;",
        "*",
        "_x_",
    ],
    *[
        "\n",
        "\n\n# Verdict\n\n",
        "\r\n---\r\n",
        "\n```\n",
        "\n</details>\n",
        "\n\n<details>\n",
        "- x",
        "1. x",
    ],
    *[
        "<!-- deploy-access review -->",
        "**No change in access.**",
        "<img src=x onerror=y>",
        "-->",
        "<b>",
    ],
    *["[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x]: https://evil.example"],
    *[
        "https://evil.example",
        "www.evil.example",
        "a@evil.example",
        "@acme/platform",
        "#123",
        "GH-123",
    ],
    *[
        "acme/web#1",
        "0123456789abcdef0123456789abcdef01234567",
        ":tada:",
        "| a | b |",
        "|---|",
        "> x",
    ],
    *["\u202e", "\u200b", "\u3164", "\ud800", "\x1b[2J", "\x00", "\U000e0041", "é", "日本", "🌈"],
    *[
        '"]',
        "n0",
        "end",
        "%%{init: {}}%%",
        "%% x",
        "fa:fa-user",
        "$$x$$",
        "#quot;",
        "click n0 href",
        ";",
        "]]",
    ],
    *["repo:acme/web:*", "repo:x", "arn:aws:iam::1:root", "arn:aws:ecr:a:b:repository/`", "*:*"],
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=12),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4).map("".join),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4).map(" ".join),
    st.sampled_from(HOSTILE).map(lambda text: text * 400),
)
_LEVELS: SearchStrategy[Level] = st.sampled_from(get_args(Level))
_PRESENCES: SearchStrategy[Presence] = st.sampled_from(get_args(Presence))
_ACTIONS: SearchStrategy[ResourceAction] = st.sampled_from(get_args(ResourceAction))
_FEW = st.lists(TEXTS, max_size=3).map(tuple)
_TRUST = st.builds(
    TrustGrant, principal=TEXTS, subject=TEXTS, conditions=_FEW, why=TEXTS, witness=TEXTS
)
_WITNESSES = st.builds(
    Witness, action=TEXTS, resource=TEXTS, context=st.dictionaries(TEXTS, TEXTS, max_size=2)
)
_GRANTS = st.builds(
    PermissionGrant,
    action=TEXTS,
    actions=st.dictionaries(_LEVELS, _FEW, max_size=3),
    resource=TEXTS,
    conditions=_FEW,
    principal=TEXTS,
    why=TEXTS,
    before=TEXTS,
    witness=st.one_of(st.none(), _WITNESSES),
)


def _deltas(grants: SearchStrategy[object]) -> SearchStrategy[Delta[object]]:
    few = st.lists(grants, max_size=2).map(tuple)
    return st.builds(Delta, gained=few, lost=few, kept=few)


_CHANGES = st.builds(
    AccessChange,
    party=st.builds(
        Party, kind=st.one_of(st.just("role"), TEXTS), account=TEXTS, name=TEXTS, region=TEXTS
    ),
    presence=_PRESENCES,
    stack=TEXTS,
    trust=_deltas(_TRUST),
    permissions=_deltas(_GRANTS),
    session=st.one_of(st.none(), st.tuples(st.integers(1, 50_000), st.integers(1, 50_000))),
)
_RESOURCES = st.builds(
    ResourceChange,
    stack=TEXTS,
    address=TEXTS,
    type=TEXTS,
    name=TEXTS,
    action=_ACTIONS,
    attributes=st.lists(
        st.builds(AttributeChange, name=TEXTS, before=TEXTS, after=st.one_of(st.none(), TEXTS)),
        max_size=3,
    ).map(tuple),
    why=TEXTS,
    note=TEXTS,
)
_WHERE = st.builds(Where, file=TEXTS, address=TEXTS, stack=TEXTS)
_FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(sorted(CATALOGUE)),
    severity=st.sampled_from(["error", "warning", "note"]),
    evidence=TEXTS,
    why=TEXTS,
    help=TEXTS,
)
_PLACED = st.lists(
    st.builds(
        PlacedFinding,
        finding=_FINDINGS,
        subject=TEXTS,
        where=_WHERE,
        path=TEXTS,
        key=TEXTS,
        accepted=TEXTS,
    ),
    max_size=2,
).map(tuple)
REVIEWS = st.builds(
    Review,
    access=st.lists(_CHANGES, max_size=3).map(tuple),
    resources=st.lists(_RESOURCES, max_size=3).map(tuple),
    new_findings=_PLACED,
    fixed_findings=_PLACED,
    new_acceptances=_PLACED,
    stacks=st.builds(ChangedStacks, added=_FEW, changed=_FEW, removed=_FEW),
    problems=st.lists(
        st.builds(Unread, kind=st.just("malformed"), what=TEXTS, given=TEXTS, where=_WHERE),
        max_size=2,
    ).map(tuple),
    notices=st.lists(
        st.builds(
            Notice,
            kind=st.sampled_from(get_args(NoticeKind)),
            address=TEXTS,
            what=TEXTS,
            given=TEXTS,
            stacks=_FEW,
        ),
        max_size=2,
    ).map(tuple),
)
