"""Each question about the outside world has one owner: a second implementation is found."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from source_tree import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parent.parent
PLACES = (
    ".github/actions/scripts",
    "bench",
    "constructs_lib",
    "deploy_access",
    "main.py",
    "sandbox",
    "scripts",
    "stacks",
)
RE_FUNCTIONS = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub"}
PIECES = {"endswith", "partition", "removeprefix", "removesuffix", "rpartition", "startswith"}
# What makes a text with `arn:` in it a regular expression, rather than an ARN or a pattern of IAM.
EXPRESSION = re.compile(r"\\[dw]|\[\^|\[a-z|\(\?|\.[*+]")
OPERATOR_PART = re.compile(
    r"if_?exists|for(all|any)values?|^(string|arn)(not)?(like|equals)", re.IGNORECASE
)
LOWER_OPERATOR = re.compile(r"(string|arn)(not)?(equals(ignorecase)?|like)")


ARN_PARTS = 6


class Question(NamedTuple):
    """
    A question that one module answers.

    Attributes:
        find: Finds implementations in a module, each as its source.
        allowed: The files that may have one, with the reason.
        planted: Modules with a second implementation.
        harmless: Modules without one.
    """

    find: Callable[[ast.Module], Iterator[str]]
    allowed: Mapping[str, str]
    planted: tuple[str, ...]
    harmless: tuple[str, ...]


def texts(node: ast.AST) -> Iterator[str]:
    """List the texts in a piece of code, those of f-strings too; docstrings are none."""
    said = {id(one.value) for one in ast.walk(node) if isinstance(one, ast.Expr)}
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in said:
            yield one.value


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """List the calls of methods, or of functions of a module, that have one of *names*."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and getattr(one.func, "attr", "") in names:
            yield one


def arns(tree: ast.Module) -> Iterator[str]:
    """Find regular expressions for ARNs, and ARNs that are split at their colons."""
    yield from (text for text in texts(tree) if "arn:" in text and EXPRESSION.search(text))
    for one in ast.walk(tree):
        is_part = isinstance(one, ast.Subscript)
        is_part |= isinstance(one, ast.Assign) and len([*names_bound(one)]) >= ARN_PARTS
        if is_part and is_split_at_colon(getattr(one, "value", one)):
            yield ast.unparse(one)


def names_bound(assignment: ast.Assign) -> Iterator[ast.expr]:
    """List what an assignment binds at once."""
    for target in assignment.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def is_split_at_colon(node: ast.AST) -> bool:
    """Whether it is `text.split(":")`."""
    call = next(calls(node, {"split"}), None)
    return call is not None and call is node and ":" in [*map(constant, call.args)]


def constant(node: ast.AST) -> object:
    """Read a constant; None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def operators(tree: ast.Module) -> Iterator[str]:
    """Find condition operators that are taken apart by hand."""
    for call in calls(tree, RE_FUNCTIONS | PIECES):
        if any(OPERATOR_PART.search(text) for one in call.args for text in texts(one)):
            yield ast.unparse(call)
    yield from (text for text in texts(tree) if LOWER_OPERATOR.fullmatch(text))


def wildcards(tree: ast.Module) -> Iterator[str]:
    """Find `fnmatch`, and `*` translated into a regular expression."""
    for one in ast.walk(tree):
        names = [a.name for a in one.names] if isinstance(one, ast.Import) else []
        module = one.module if isinstance(one, ast.ImportFrom) else None
        if "fnmatch" in {*names, module} or "glob" in {*names, module}:
            yield ast.unparse(one)
        if isinstance(one, ast.Dict):
            keys = [constant(key) if key else None for key in one.keys]
            pairs = zip(keys, map(constant, one.values), strict=True)
            if any(key == "*" and str(value).startswith((".", "[")) for key, value in pairs):
                yield ast.unparse(one)
    for call in calls(tree, {"replace", "sub"}):
        old, new = [*map(constant, call.args), None, None][:2]
        if str(old).strip("\\") == "*" and str(new).startswith((".", "[")):
            yield ast.unparse(call)


def near_names(tree: ast.Module) -> Iterator[str]:
    """Find searches for a similar name."""
    for one in ast.walk(tree):
        name = one.name if isinstance(one, ast.alias) else getattr(one, "attr", "")
        if name in {"SequenceMatcher", "get_close_matches"}:
            yield name


def manifests(tree: ast.Module) -> Iterator[str]:
    """Find readers of the list of stacks that CDKTF writes."""
    for text in texts(tree):
        if text.endswith("manifest.json") or text == "synthesizedStackPath":
            yield text


QUESTIONS = {
    "ARNs": Question(
        arns,
        {
            "constructs_lib/ecs_deployment_plan.py": "checks what is passed to a construct",
            "deploy_access/bootstrap/plan.py": "checks options",
            "deploy_access/iam/arns.py": "the owner",
            "deploy_access/iam/limits.py": "checks what is passed to a construct",
            "deploy_access/iam/role_arn.py": "checks the ARN of a role to its last character",
        },
        (
            'ROLE = re.compile(r"arn:[^:]*:iam::(\\d{12}):role/.+")',
            'START = r"arn:aws[a-z-]*:"',
            'account = role_arn.split(":")[4]',
            'partition, account = arn.split(":")[1:5:3]',
            'rest = arn.split(":", 5)[-1]',
            '_, partition, service, region, account, rest = arn.split(":", 5)',
        ),
        ('arn = f"arn:aws:s3:::{name}/*"', "'''Read arn:[^:]* off.'''", 'parts = text.split(":")'),
    ),
    "condition operators": Question(
        operators,
        {
            "deploy_access/access_diff/condition_text.py": "has a word for each operator",
            "deploy_access/access_diff/demands.py": "asks for the base that iam.operators gives",
            "deploy_access/iam/operators.py": "the owner",
        },
        (
            'OPERATOR = re.compile(r"((forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?")',
            'optional = operator.lower().endswith("ifexists")',
            'name = operator.removesuffix("IfExists")',
            'like = operator.startswith("StringLike")',
            'POSITIVE = {"stringequals", "stringlike"}',
        ),
        ('policy = {"StringEquals": {}}', 'why = "`IfExists` is met by a token without it."'),
    ),
    "wildcards": Question(
        wildcards,
        {},
        (
            "import fnmatch",
            "from fnmatch import fnmatchcase",
            "from glob import translate",
            'pieces = {"*": ".*", "?": "."}',
            'text = re.escape(pattern).replace("\\\\*", ".*")',
        ),
        ('text = pattern.replace("*", "x")', 'wild = {"*": ANY, "?": ONE}'),
    ),
    "near names": Question(
        near_names,
        {"deploy_access/errors.py": "the owner"},
        ("near = difflib.get_close_matches(name, known)", "from difflib import SequenceMatcher"),
        ("lines = difflib.unified_diff(old, new)",),
    ),
    "manifests": Question(
        manifests,
        {
            "bench/review_estate.py": "writes one",
            "deploy_access/terraform/manifest.py": "the owner",
        },
        (
            'stacks = read_json(folder / "manifest.json")["stacks"]',
            'path = stack.get("synthesizedStackPath")',
        ),
        ("'''Read manifest.json'''", 'text = "The folder has no `manifest.json` in it."'),
    ),
}


@cache
def modules() -> dict[str, ast.Module]:
    """Parse every module of the project."""
    files = [
        path
        for place in PLACES
        for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    return {path.relative_to(ROOT).as_posix(): parse(path) for path in sorted(files)}


@cache
def answering(name: str) -> dict[str, list[str]]:
    """List the files that answer a question, and how."""
    found = {path: [*QUESTIONS[name].find(tree)] for path, tree in modules().items()}
    return {path: sources for path, sources in found.items() if sources}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_second_implementation(name: str) -> None:
    """Nothing but the owner, and what has a reason, answers a question by itself."""
    allowed = QUESTIONS[name].allowed

    assert {path: how for path, how in answering(name).items() if path not in allowed} == {}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_exception_is_needed(name: str) -> None:
    """A file that no longer answers a question leaves the list of those that may."""
    assert set(QUESTIONS[name].allowed) <= set(answering(name))


@pytest.mark.parametrize(
    ("name", "code"),
    [(name, code) for name, question in QUESTIONS.items() for code in question.planted],
)
def test_a_planted_one_is_found(name: str, code: str) -> None:
    """A second implementation is found in whatever form it comes."""
    assert [*QUESTIONS[name].find(ast.parse(code))] != []


@pytest.mark.parametrize(
    ("name", "code"),
    [(name, code) for name, question in QUESTIONS.items() for code in question.harmless],
)
def test_what_is_like_one_is_not(name: str, code: str) -> None:
    """What only writes or mentions it is no implementation."""
    assert [*QUESTIONS[name].find(ast.parse(code))] == []
