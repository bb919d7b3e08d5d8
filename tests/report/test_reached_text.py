"""Who reaches what, as text and as Markdown, of few roles and of many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_access.audit.report_model import Audit, ReachedRole, TokenCaller
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.report.audit_markdown import render_audit_markdown
from deploy_access.report.reached_text import (
    found_in,
    reached_by,
    reached_services,
    render_reached,
)

CALLER = TokenCaller(issuer=GITHUB_HOST, subject="repo:a/b:ref:c")
ROLE = ReachedRole(name="web", account="111122223333", by=(CALLER,), may={"write": ("ecr",)})


@pytest.mark.parametrize(
    ("by", "text"),
    [
        pytest.param((), "perhaps anybody: its trust policy is not known", id="not known"),
        pytest.param((replace(CALLER, issuer="x.y"),), "repo:a/b:ref:c of x.y", id="issuer"),
        pytest.param(
            (replace(CALLER, is_certain=False, conditions=("a is b", "c is d")),),
            "perhaps repo:a/b:ref:c if a is b and c is d",
            id="conditions",
        ),
        pytest.param(
            tuple(replace(CALLER, subject=str(n)) for n in range(4)), "0, 1, 2, 3", id="four"
        ),
        pytest.param(
            tuple(replace(CALLER, subject=str(n)) for n in range(5)),
            "0, 1, 2 and 2 more",
            id="five",
        ),
        pytest.param(
            (replace(CALLER, subject="a\x1b[2J\nb"),), "a\\u001b[2J\\u000ab", id="hostile"
        ),
    ],
)
def test_by(by: tuple[TokenCaller, ...], text: str) -> None:
    """Who is let in stands on one line, the first few of many."""
    assert reached_by(replace(ROLE, by=by)) == text


@pytest.mark.parametrize(
    ("role", "text"),
    [
        pytest.param(replace(ROLE, may={}), "nothing", id="nothing"),
        pytest.param(
            replace(ROLE, may={"permissions management": ("everything",)}, gives=("iam:PassRole",)),
            "everything",
            id="everything",
        ),
        pytest.param(
            replace(
                ROLE, may={"write": ("ecr", "ecs"), "unknown": ("x",)}, gives=("iam:PassRole",)
            ),
            "iam:PassRole; write: ecr, ecs; unknown level: x",
            id="levels",
        ),
        pytest.param(
            replace(ROLE, unread=("logs",)), "write: ecr; perhaps more by logs", id="unread"
        ),
    ],
)
def test_services(role: ReachedRole, text: str) -> None:
    """What a role may do stands on one line, with what is not known."""
    assert reached_services(role) == text


def test_findings() -> None:
    """The findings are counts with their rules."""
    role = replace(ROLE, severities={"note": 2, "error": 1}, rules=("org-wide", "people"))

    assert found_in(role) == "1 error, 2 notes (org-wide, people)"
    assert found_in(ROLE) == "no finding"


def test_few_roles_have_blocks() -> None:
    """A few roles have four lines each."""
    assert render_reached([ROLE], 3) == (
        "Who reaches what: 1 of 3 roles lets tokens of OIDC issuers in.\n"
        "\n"
        "  web (111122223333): no finding\n"
        "    by   repo:a/b:ref:c\n"
        "    may  write: ecr\n"
    )


@pytest.mark.parametrize(("accounts", "name"), [(("1", "1"), "web "), (("1", "2"), "web (1) ")])
def test_many_roles_have_a_line_each(accounts: tuple[str, str], name: str) -> None:
    """Three hundred roles are three hundred lines, with their account where there are several."""
    callers = (CALLER, replace(CALLER, subject="x"))
    roles = [replace(ROLE, account=accounts[n % 2], by=callers) for n in range(300)]
    head, blank, *lines = render_reached(roles, 300).splitlines()

    assert (head.startswith("Who reaches what: 300 of 300 roles let "), blank) == (True, "")
    assert len(lines) == 300
    assert lines[0].startswith(f"  {name}")
    assert "repo:a/b:ref:c and 1 more " in lines[0]


def test_markdown() -> None:
    """In Markdown it is a table before the findings."""
    audit = Audit(findings=(), accepted=(), problems=(), roles=2, reached=(ROLE,))
    shown = render_audit_markdown(audit)

    row = "| `web` (111122223333) | `repo:a/b:ref:c` | write: ecr | no finding |"
    assert shown.index("### Who reaches what") < shown.index(row) < shown.index("### Findings")
    assert "### Who" not in render_audit_markdown(replace(audit, reached=None))
