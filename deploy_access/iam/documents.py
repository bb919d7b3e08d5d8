"""
The parser of policy documents, which reports every mistake in them.

IAM refuses what is reported here, or reads it in a way that its author did not mean. The rest of
such a document is read as it was meant, so that it can be explained.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.elements import PolicyProblem, Problems, read_elements, read_text
from deploy_access.iam.policy import WITH_VARIABLES, WITHOUT_VARIABLES, Policy, PolicyStatement
from deploy_access.iam.statement_documents import read_statement
from deploy_access.json_text import parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.json_text import JsonPath


_ELEMENTS = ("Version", "Id", "Statement")
_VERSIONS = frozenset({WITH_VARIABLES, WITHOUT_VARIABLES})
SHORT = 2_048
"""
The longest text whose policy is remembered: a trust policy of the default quota.

The same few trust policies stand on thousands of roles; longer texts are mostly different ones.
"""


class ReadPolicy(NamedTuple):
    """A policy, and the mistakes in its document."""

    policy: Policy
    problems: Sequence[PolicyProblem]


def read_policy(document: str | bytes | Mapping[str, object], *, name: str = "") -> ReadPolicy:
    """
    Read a policy document.

    Args:
        document: JSON, or the result of `read_json`. JSON that was parsed otherwise has lost its
            duplicate keys already.
        name: What the policy is called outside of the document.

    Raises:
        InvalidValue: It is no policy at all.

    """
    if isinstance(document, str) and len(document) <= SHORT:
        return _read_again(document, name)
    parsed = read_json(document) if isinstance(document, str | bytes) else document
    return _read(parsed, name)


@lru_cache(maxsize=4096)
def _read_again(text: str, name: str) -> ReadPolicy:
    """Read a text once, as the rules, the comparison and the evaluator each need its policy."""
    return _read(read_json(text), name)


def _read(parsed: object, name: str) -> ReadPolicy:
    problems: Problems = [
        PolicyProblem(
            kind="duplicate-key",
            path=path,
            what="It is written more than once; only the last one counts.",
            given=path[-1],
        )
        for path in (parsed.repeated if isinstance(parsed, JsonObject) else ())
    ]
    if not isinstance(parsed, dict):
        raise InvalidValue(_no_policy(parsed))
    elements = read_elements(cast("Mapping[str, object]", parsed), _ELEMENTS, (), problems)
    statements = elements.get("Statement")
    if not isinstance(statements, dict | list):
        raise InvalidValue(_no_policy(elements))
    policy = Policy(
        statements=_read_statements(cast("object", statements), problems),
        version=_read_version(elements, problems),
        id=read_text(elements["Id"], ("Id",), problems) if "Id" in elements else None,
        name=name,
    )
    return ReadPolicy(policy, tuple(problems))


def _read_version(elements: Mapping[str, object], problems: Problems) -> str | None:
    if "Version" not in elements:
        what = f"Without `Version` it is {WITHOUT_VARIABLES!r}, which has no variables."
        problems.append(PolicyProblem(kind="missing", path=("Version",), what=what))
        return None
    version = read_text(elements["Version"], ("Version",), problems)
    if version not in _VERSIONS:
        what = f"A version is {WITH_VARIABLES!r} or {WITHOUT_VARIABLES!r}."
        problems.append(
            PolicyProblem(kind="value", path=("Version",), what=what, given=elements["Version"])
        )
    return version


def _read_statements(found: object, problems: Problems) -> tuple[PolicyStatement, ...]:
    if not isinstance(found, list):
        statement = read_statement(found, 0, ("Statement",), problems)
        return () if statement is None else (statement,)
    listed = cast("list[object]", found)
    if not listed:
        what = "A policy has at least one statement."
        problems.append(PolicyProblem(kind="missing", path=("Statement",), what=what, given=listed))
    statements = [
        read_statement(one, index, ("Statement", index), problems)
        for index, one in enumerate(listed)
    ]
    return tuple(statement for statement in statements if statement is not None)


def _no_policy(given: object) -> Problem:
    return Problem(
        what="This is no policy document.",
        given=str(given)[:80],
        why="A policy is a JSON object with `Version` and `Statement`.",
        fix="Give the document itself, not what stands around it.",
    )


class JsonObject(dict[str, Any]):
    """
    A JSON object, with what a dictionary cannot hold.

    Attributes:
        repeated: The way to each key in it that an object has more than once; the last one counts.

    """

    repeated: tuple[JsonPath, ...] = ()


def read_json(text: str | bytes) -> object:
    """
    Read a JSON text; an object remembers the keys that are repeated in it.

    Raises:
        InvalidValue: It is no JSON.

    """
    try:
        found = parse_text(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(
            Problem(
                what="The document is no JSON.",
                given=text[:40],
                why=f"It cannot be read: {error}.",
                fix="Give the policy as IAM has it, for example from `aws iam get-role`.",
            )
        ) from error
    if not found.repeated or not isinstance(found.content, dict):
        return found.content
    whole = JsonObject(cast("dict[str, object]", found.content))
    whole.repeated = found.repeated
    return whole
