"""The comment on a pull request: its order, its length, and nothing that anybody could forge."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from review_hostile import HOSTILE, REVIEWS
from review_values import CHANGED, EVERYTHING, FOUND, LOST, MADE, UNREAD, WIDER, allowed, trusted

from deploy_access.access_diff.model import Delta
from deploy_access.report.review_markdown import LONGEST, MARKER, render_review_markdown
from deploy_access.report.review_verdict import verdict
from deploy_access.review.model import Review

TITLES = ["Wider access", "Would be destroyed", "Read these"]
FOLDS = re.compile(
    r"<details(?: open)?><summary>"
    r"(?:New findings|Newly accepted|Narrower access|Other resources|Fixed findings|"
    r"Not read, or not wholly) \(\d+\)</summary>\n?|</details>\n?"
)
ALIVE = re.compile(r"[@<>\[\]|~_*\\&]|#\d|://|www\.|gh-\d|:\w+:|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
RANGE = range(900)
HUGE = {
    "roles": Review(access=(WIDER,) * 3000),
    "grants": Review(
        access=tuple(
            replace(
                MADE,
                permissions=Delta(
                    gained=tuple(allowed(f"s3:Get{n}", "read", f"{n}") for n in RANGE)
                ),
            )
            for _ in range(50)
        )
    ),
    "resources": Review(resources=(LOST,) * 2000 + (CHANGED,) * 2000),
    "everything": replace(
        EVERYTHING,
        access=EVERYTHING.access * 200,
        resources=EVERYTHING.resources * 200,
        new_findings=(FOUND,) * 500,
        new_acceptances=(replace(FOUND, accepted="🌈 " * 5000),) * 500,
        problems=(UNREAD,) * 500,
    ),
    "long values": Review(
        access=(replace(WIDER, trust=Delta(gained=(trusted("🌈" * 9999),) * 99)),) * 99,
        resources=(replace(LOST, why="`日本` " * 9999, name="`" * 9999),) * 99,
    ),
}


def test_nothing() -> None:
    """Without a change the comment is one sentence."""
    assert render_review_markdown(Review()) == (
        "<!-- deploy-access review -->\n\n"
        "**No change in access, and nothing would be destroyed.**\n"
    )


def test_order() -> None:
    """First the sentence, then what is wider, then what is lost, then the rest, folded."""
    found = re.findall(
        r"^(?:\*\*|### .*|<details.*?<summary>[^(]*)",
        render_review_markdown(EVERYTHING),
        re.MULTILINE,
    )

    assert found == [
        "**",
        "### Wider access",
        "### Would be destroyed",
        "<details open><summary>New findings ",
        "<details open><summary>Newly accepted ",
        "<details><summary>Narrower access ",
        "<details><summary>Other resources ",
        "<details><summary>Fixed findings ",
        "<details><summary>Not read, or not wholly ",
    ]


def check_structure(review: Review) -> str:
    """Parse the comment as Markdown: all that is not ours must be text or code."""
    text = render_review_markdown(review)
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
    inner = [child for token in tokens for child in token.children or ()]

    assert text.startswith(f"{MARKER}\n\n**{verdict(review)}**\n")
    assert next(t.content for t in inner if t.type == "text" and t.content) == verdict(review)
    assert {t.type for t in inner} <= {
        "text",
        "code_inline",
        "softbreak",
        "strong_open",
        "strong_close",
    }
    assert {t.type for t in tokens if t.type.startswith("heading")} <= {
        "heading_open",
        "heading_close",
    }
    assert [t.content for t in tokens if t.type == "inline" and t.content in TITLES] == [
        title for title in TITLES if f"\n### {title}\n" in text
    ]
    assert [t.tag for t in tokens if t.type == "heading_open" and t.tag != "h3"] == []
    assert sum(t.type == "heading_open" for t in tokens) == len(
        [title for title in TITLES if f"\n### {title}\n" in text]
    ), text
    html = [t.content for t in tokens if t.type == "html_block"]
    assert html[0].strip() == MARKER
    assert all(FOLDS.fullmatch(block) for block in html[1:])
    assert sum("<details" in b for b in html) == sum("</details" in b for b in html)
    assert [t.info for t in tokens if t.type == "fence"] in ([], ["mermaid"])
    assert not [
        t for t in tokens if t.type in {"code_block", "table_open", "hr", "blockquote_open"}
    ]
    assert not [
        t.content for t in inner if t.type == "text" and ALIVE.search(t.content.removeprefix("~"))
    ]
    assert all(char.isprintable() or char == "\n" for char in text)
    assert len(text.encode()) <= LONGEST
    return text


@pytest.mark.slow
@given(REVIEWS)
def test_nothing_is_forged(review: Review) -> None:
    """No value closes a fence or a fold, nor makes a link, a mention, a heading or a verdict."""
    check_structure(review)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_value_in_every_place(value: str) -> None:
    """Each of the values that are known to break Markdown breaks nothing, wherever it stands."""
    accepted = replace(FOUND, accepted=f"{value} {value}{value}`{value}`", subject=value)
    party = replace(WIDER.party, name=value)
    lost = replace(LOST, name=value, why=value, note=f"`{value}`")
    check_structure(
        Review(
            access=(replace(WIDER, party=party, stack=value),),
            resources=(lost, replace(CHANGED, stack=value)),
            new_acceptances=(accepted,),
        )
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_length(name: str) -> None:
    """However much there is, GitHub takes the comment, and it says how much is left out."""
    text = check_structure(HUGE[name])

    assert "`deploy-access review` prints all of them." in text
    assert len(text.encode()) > LONGEST // 4


def test_what_is_lost_stays_visible() -> None:
    """Thousands of wider roles do not push out of the comment what would be destroyed."""
    text = render_review_markdown(replace(HUGE["roles"], resources=(LOST,)))

    assert "- Repository with images `web`" in text


def test_what_was_there_comes_first() -> None:
    """A new role does not stand before one that has been in use, nor a reader before a writer."""
    reader = replace(WIDER, permissions=Delta(gained=(allowed("ecr:ListImages", "list"),)))
    text = render_review_markdown(Review(access=(MADE, replace(reader, stack="b"), WIDER)))

    assert re.findall(r"^- .*stack `(.*)`", text, re.MULTILINE) == ["web-prod", "b", "web-qa"]


@pytest.mark.slow
@given(REVIEWS)
def test_deterministic(review: Review) -> None:
    """The same review is the same comment, so that nothing is updated for nothing."""
    assert render_review_markdown(review) == render_review_markdown(replace(review))


OTHER = "arn:aws:iam::999988887777:root"
BUCKETS = tuple(f"arn:aws:s3:::bucket-{n:03}" for n in range(400))


def many(*resources: str) -> Review:
    """Allow one action on many resources."""
    gained = tuple(allowed("s3:GetObject", "read", one) for one in (*BUCKETS, *resources))
    return Review(access=(replace(MADE, permissions=Delta(gained=gained)),))


@pytest.mark.parametrize("wide", ["*", "arn:aws:s3:::z*", "arn:aws:sns:eu-west-1:999988887777:z"])
def test_the_widest_resource_is_never_behind_a_number(wide: str) -> None:
    """Of 401 resources the widest is listed first, and the number is of the others."""
    text = render_review_markdown(many(wide))

    assert f"on `{wide}`, `{BUCKETS[0]}`" in text
    assert "and 397 more" in text


def test_the_other_account_of_many_principals() -> None:
    """Of 4,000 principals of a repository the account of somebody else stands first."""
    gained = tuple(
        allowed("s3:GetObject", "read", "*", principal=one)
        for one in (*(f"arn:aws:iam::444455556666:role/r{n:04}" for n in range(4000)), OTHER)
    )
    change = replace(MADE, trust=Delta(), permissions=Delta(gained=gained))
    text = render_review_markdown(Review(access=(change,)))

    first = next(line for line in text.splitlines() if line.startswith("  - "))
    assert first == f"  - **+** `{OTHER}` may use `s3:GetObject` (read)"
    assert "account 999988887777" in text.partition("```mermaid")[2]


def test_the_widest_of_many_subjects() -> None:
    """Of 400 subjects the one that lets in most stands first, and it is in the graph."""
    gained = tuple(trusted(f"repo:acme/web:environment:e{n:03}") for n in range(400))
    wide = trusted("repo:*", is_pattern=True)
    text = render_review_markdown(
        Review(access=(replace(WIDER, trust=Delta(gained=(*gained, wide))),))
    )

    first = next(line for line in text.splitlines() if line.startswith("  - "))
    assert first.startswith("  - **+** may be assumed by `repo:*`")
