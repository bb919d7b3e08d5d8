"""The flags of a described run that say what one of its claims is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, did_you_mean
from deploy_access.github.subject_grammar import KEYS, is_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FLAGS: Mapping[str, str] = {
    "aud": "--audience AUDIENCE",
    "environment": "--environment NAME",
    "iss": "--issuer URL",
    "job_workflow_ref": "--workflow-ref OWNER/REPO/.github/workflows/FILE@REF",
    "ref": "--branch NAME",
    "repo": "--repo OWNER/NAME",
    "repository": "--repo OWNER/NAME",
    "sub": "--repo OWNER/NAME",
}


def flag_for(claim: str) -> str:
    """Return the flag that says what a claim is, with a word in place of its value."""
    return _FLAGS.get(claim, f"--claim {claim}=VALUE")


def read_claims(given: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """
    Read the values of `--claim`.

    Args:
        given: Each as `NAME=VALUE`.
        known: The claims that other flags say.

    Raises:
        InvalidValue: One has no value, is no claim of GitHub, or is said by another flag.
    """
    found: dict[str, str] = {}
    for text in given:
        name, _, value = text.partition("=")
        if not name or not value:
            raise InvalidValue(_no_value(text))
        if name in _FLAGS:
            raise InvalidValue(_other_flag(name, text))
        if not is_key(name):
            raise InvalidValue(_no_claim(name, text))
        if name in found or name in known:
            raise InvalidValue(_twice(name, text))
        found[name] = value
    return found


def _no_value(text: str) -> Problem:
    return Problem(
        what="A claim is given as its name and its value.",
        given=text,
        why="Without both nothing says what the token has.",
        fix="Write it with `=` between, for example `--claim actor=octocat`.",
    )


def _other_flag(name: str, text: str) -> Problem:
    return Problem(
        what=f"The claim `{name}` has a flag of its own.",
        given=text,
        why="GitHub makes `sub` of the same value, so it is said once.",
        fix=f"Use `{flag_for(name)}`.",
    )


def _no_claim(name: str, text: str) -> Problem:
    return Problem(
        what="GitHub's tokens have no claim of that name.",
        given=text,
        why="No condition and no template of `sub` could see it.",
        fix=did_you_mean(name, KEYS) or "Use a name of GitHub's list of claims.",
    )


def _twice(name: str, text: str) -> Problem:
    return Problem(
        what=f"The claim `{name}` is said twice.",
        given=text,
        why="A token has one value of each.",
        fix="Leave one of them out.",
    )
