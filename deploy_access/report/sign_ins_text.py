"""Many sign-ins as text: how many of each cause, then each cause explained once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.report.difference_marker import show_short
from deploy_access.report.explain_text import render_text
from deploy_access.report.lines import counted
from deploy_access.visible_text import escaped, escaped_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.sign_ins import SignInGroup, SignIns

_LISTED = 100
_EXPLAINED = 20
"""The groups that are explained, the newest: a page to read, not a book."""


def render_sign_ins(found: SignIns, files: int, notes: Sequence[str]) -> str:
    """
    Render the numbers, the groups, and the newest run of each as an explanation.

    Args:
        found: The sign-ins.
        files: The number of logs that they are from.
        notes: What was left out of the logs.
    """
    head = [
        *_head(found, files),
        *(f"  note: {escaped(note)}" for note in (*notes, *_notes(found))),
    ]
    blocks = [escaped_lines("\n".join(head)) + "\n"]
    for number, group in enumerate(found.groups[:_EXPLAINED], 1):
        title = f"#{number}, " if len(found.groups) > 1 else ""
        blocks.append(f"{title}{_newest(group)}\n{render_text(group.explanation)}")
    return "\n".join(blocks)


def _head(found: SignIns, files: int) -> Iterator[str]:
    of_files = f" in {files} files" if files > 1 else ""
    let_in = found.times - found.refused
    yield (
        f"{counted(found.times, 'sign-in')}{of_files}{_span(found.first, found.last)}: "
        f"AWS refused {found.refused} and let {let_in} in"
    )
    if not found.groups:
        yield "  The policies let all of them in."
    for number, group in enumerate(found.groups[:_LISTED], 1):
        yield from _row(number, group)
    if len(found.groups) > _LISTED:
        yield f"  {len(found.groups) - _LISTED} more groups; `--format json` has all of them."


def _row(number: int, group: SignInGroup) -> Iterator[str]:
    place = f"  {f'#{number}':<4} "
    answer = f"AWS answered {group.error!r}" if group.error else "AWS let it in"
    yield (
        f"{place}{group.answer}[{group.cause}] {show_short(_role(group.role))}, {answer}, "
        f"{counted(group.times, 'time')}{_span(group.first, group.last)}"
    )
    different = f" ({group.subjects} different)" if group.subjects > 1 else ""
    yield f"{' ' * len(place)}sub '{show_short(group.subject)}'{different}"


def _role(role: str) -> str:
    arn = Arn.parse(role)
    return f"{arn.name} in {arn.account}" if arn and arn.is_role else role or "no role"


def _newest(group: SignInGroup) -> str:
    return "the only one:" if group.times == 1 else f"the newest of {group.times}:"


def _span(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return ""
    return (
        f" at {show_short(first)}"
        if first == last
        else (f" from {show_short(first)} to {show_short(last)}")
    )


def _notes(found: SignIns) -> Iterator[str]:
    if found.others:
        yield f"Sign-ins that asked for other roles are left out: {found.others}."
    if found.more:
        yield (
            f"Too many different runs: the oldest {found.more} sign-ins were not compared with the "
            "policies. `--since` and `--role` make them fewer."
        )
    if len(found.groups) > _EXPLAINED:
        yield (
            f"The newest {_EXPLAINED} of {len(found.groups)} groups are explained; `--since`, "
            "`--role` and `--format json` show the others."
        )
