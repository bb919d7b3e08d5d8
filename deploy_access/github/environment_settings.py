"""
What GitHub accepts as the settings of an environment: reviewers, refs, waiting time, variables.

Sources: https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
(six reviewers, 43,200 minutes, patterns of branches and tags),
https://docs.github.com/actions/reference/workflows-and-actions/variables (names, 48 KB, 100 in an
environment).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_REVIEWERS = 6
"""How many people and teams together may be asked to approve."""
MOST_MINUTES = 43_200
"""How long a job may be made to wait: 30 days, in minutes."""
MOST_VARIABLES = 100
"""How many variables an environment has room for."""
MOST_BYTES = 48 * 1024
"""How long the value of a variable may be, in bytes."""

_VARIABLE = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*", re.IGNORECASE)
_NOT_IN_PATTERNS = re.compile(r"[\x00-\x20\x7f~^:\\]|\.\.|//|^/|/$")


def check_reviewers(reviewers: Sequence[int], teams: Sequence[int]) -> Iterator[Problem]:
    """Check the people and the teams of whom one has to approve a job."""
    for keyword, ids in (("reviewers", reviewers), ("teams", teams)):
        wrong = [one for one in ids if not _is_id(one)]
        if wrong or len(set(ids)) != len(ids):
            yield Problem(
                what=f"`{keyword}` lists GitHub's numbers, each once.",
                given=wrong or list(ids),
                why="GitHub knows who has to approve by number: a name can be taken by another.",
                fix="Read it: gh api users/NAME --jq .id, or gh api orgs/ORG/teams/NAME --jq .id",
            )
    if len(reviewers) + len(teams) > MOST_REVIEWERS:
        yield Problem(
            what=f"An environment has up to {MOST_REVIEWERS} reviewers, people and teams together.",
            given=len(reviewers) + len(teams),
            why="GitHub refuses more. One of them is enough to approve.",
            fix="Name a team in place of its members.",
        )


def check_minutes(minutes: int) -> Iterator[Problem]:
    """Check how long a job waits before it begins."""
    if isinstance(minutes, bool) or not 0 <= minutes <= MOST_MINUTES:
        yield Problem(
            what=f"`wait_minutes` is 0 to {MOST_MINUTES} minutes.",
            given=minutes,
            why="GitHub lets a job wait up to 30 days.",
            fix="Leave it out for none.",
        )


def check_patterns(keyword: str, patterns: Sequence[str]) -> Iterator[Problem]:
    """Check the patterns of the branches or tags that may deploy."""
    if problems := list(check_many(keyword, patterns, empty=True)):
        yield from problems
        return
    for pattern in patterns:
        if not pattern or pattern.startswith("refs/") or _NOT_IN_PATTERNS.search(pattern):
            yield Problem(
                what=f"`{keyword}` takes short names of git, with `*` for all but `/`.",
                given=pattern,
                why="GitHub compares it with the name alone; any other text lets nothing deploy.",
                fix="For example 'main', or 'release/*'.",
            )


def check_variables(variables: Mapping[str, str]) -> Iterator[Problem]:
    """Check the variables that a job in the environment sees as `vars.NAME`."""
    wrong = [name for name in variables if not _VARIABLE.fullmatch(name)]
    if wrong:
        yield Problem(
            what="A variable is named by letters, digits and `_`, and not `GITHUB_…`.",
            given=wrong,
            why="GitHub refuses any other name.",
            fix="For example 'AWS_ROLE_ARN'.",
        )
    if len({name.upper() for name in variables}) != len(variables):
        yield Problem(
            what="Two variables have names that differ by case only.",
            given=sorted(variables),
            why="GitHub takes them for one, and each apply would undo the other.",
            fix="Write one of them.",
        )
    if len(variables) > MOST_VARIABLES:
        yield Problem(
            what=f"An environment has room for {MOST_VARIABLES} variables.",
            given=len(variables),
            why="GitHub refuses more.",
            fix="Keep those that the workflow reads.",
        )
    for name, value in variables.items():
        if not value or (not is_reference(value) and len(value.encode()) > MOST_BYTES):
            yield Problem(
                what=f"The value of a variable is text of 1 to {MOST_BYTES} bytes.",
                given=name,
                why="GitHub refuses any other.",
                fix="Leave the variable out, or read a longer text from a file of the repository.",
            )


def _is_id(value: object) -> bool:
    # `bool` is an `int` to Python.
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
