"""
What GitHub accepts as a name, and what of it a trust policy can hold.

Sources: `git check-ref-format`, GitHub's sign-up form for owners and repositories, botocore's
pattern for policy documents (U+0020 to U+00FF).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.iam.patterns import one_match

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RefKind = Literal["branch", "tag"]

# Underscores are for managed users: their names end in `_` and the enterprise's short code.
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_POLICY_TEXT = re.compile(r"[\u0020-\u00ff]+")
_TEMPLATE = re.compile(r"[$%]\{")
# https://git-scm.com/docs/git-check-ref-format
_NOT_IN_REFS = re.compile(r"[\x00-\x20\x7f~^:\\\[]|\.\.|@\{|//|/\.|^[./-]|[./]$|\.lock(/|$)|^@$")
_UNDOCUMENTED_IN_SUB = re.compile(r"[^A-Za-z0-9._:-]")

_STARTS: Mapping[RefKind, str] = {"branch": "refs/heads/", "tag": "refs/tags/"}
_EXAMPLES: Mapping[RefKind, str] = {"branch": "main", "tag": "v1.2.0"}
_PATTERNS: Mapping[RefKind, str] = {"branch": "release/*", "tag": "v*"}

ENVIRONMENT_LENGTH = 255
"""The longest name of an environment, in characters (GitHub's documentation of environments)."""


def not_text(kind: str, given: object, example: str) -> Problem:
    """Refuse *given*, which is no text at all, as what *kind* takes."""
    return Problem(
        what=f"`{kind}` takes text.",
        given=given,
        why="What text was meant would be a guess, and it decides who is trusted.",
        fix=f"Write it in quotes, for example {example!r}.",
    )


def check_owner(name: object) -> Iterator[Problem]:
    """Check the name of a user or an organization."""
    if not isinstance(name, str):
        yield not_text("GithubOwner", name, "acme")
    elif not _OWNER.fullmatch(name):
        yield Problem(
            what="The owner of a repository is a GitHub user or organization name.",
            given=name,
            why="GitHub puts the name into `sub` as it is, so any other text can never match.",
            fix="Use 1 to 39 letters, digits, `-` or `_`, for example 'acme'.",
        )


def check_repository(name: object) -> Iterator[Problem]:
    """Check the name of a repository, without its owner."""
    if not isinstance(name, str):
        yield not_text("repo", name, "web")
    elif not _REPOSITORY.fullmatch(name) or name in {".", ".."} or name.lower().endswith(".git"):
        yield Problem(
            what="The name of a repository has 1 to 100 letters, digits, `.`, `_` or `-`.",
            given=name,
            why="GitHub puts the name into `sub` as it is, so any other text can never match.",
            fix="Use the name as the repository's page shows it, without `.git` and wildcards.",
        )


def check_ref(kind: RefKind, name: object) -> Iterator[Problem]:
    """Check the exact name of a branch or tag; *kind* is the method's name, for the message."""
    if not isinstance(name, str):
        yield not_text(kind, name, _EXAMPLES[kind])
        return
    yield from check_policy_text(kind, name)
    if name.startswith("refs/"):
        yield _full_ref(f"`{kind}` takes the short name.", kind, name)
    elif "*" in name or "?" in name:
        yield Problem(
            what=f"`{kind}` takes one exact name.",
            given=name,
            why="A wildcard trusts every name that anybody with push access can think of.",
            fix=f"Name it exactly{_as_wide_as(kind, name)}.",
        )
    elif _NOT_IN_REFS.search(name):
        yield _not_a_ref(kind, name)


def check_ref_pattern(kind: RefKind, pattern: object) -> Iterator[Problem]:
    """Check a pattern for branches or tags: literal text first, then at least one wildcard."""
    if not isinstance(pattern, str):
        yield not_text(f"{kind}_pattern", pattern, _PATTERNS[kind])
        return
    yield from check_policy_text(f"{kind}_pattern", pattern)
    if pattern.startswith("refs/"):
        what = f"`{kind}_pattern` takes the pattern of the short name."
        yield _full_ref(what, kind, pattern)
    elif pattern[:1] in {"*", "?"}:
        yield Problem(
            what=f"`{kind}_pattern` needs literal text before the first wildcard.",
            given=pattern,
            why="Without it every ref of that kind matches, also one made by an attacker.",
            fix=f"Give it a prefix, for example {_PATTERNS[kind]!r}{_as_wide_as(kind, pattern)}.",
        )
    elif pattern and "*" not in pattern and "?" not in pattern:
        yield Problem(
            what=f"`{kind}_pattern` takes a pattern.",
            given=pattern,
            why="Without `*` or `?` it means one exact name, and should read like one.",
            fix=f"Use `{kind}({pattern!r})`.",
        )
    elif _NOT_IN_REFS.search(one_match(pattern)):
        yield _not_a_ref(f"{kind}_pattern", pattern)


def is_ref_name(name: str) -> bool:
    """Whether git accepts *name* as a branch or tag."""
    return bool(name) and not _NOT_IN_REFS.search(name)


def describe_ref(ref: str) -> str | None:
    """Return the call that trusts a full ref and no other, or None where none does."""
    for kind, start in _STARTS.items():
        if ref.startswith(start) and ref != start:
            name = ref.removeprefix(start)
            return _narrowest(kind, name)
    return None


def _narrowest(kind: RefKind, name: str) -> str | None:
    """Return the call that trusts what *name* matches and nothing else, if there is one."""
    if "*" not in name and "?" not in name:
        return f"{kind}({name!r})"
    if set(name) == {"*"}:
        return f"any_{kind}()"
    return None if name[0] in {"*", "?"} else f"{kind}_pattern({name!r})"


def _as_wide_as(kind: RefKind, name: str) -> str:
    call = _narrowest(kind, name)
    return f", or say that it is wide: `{call}`" if call else ""


def _full_ref(what: str, kind: RefKind, ref: str) -> Problem:
    call = describe_ref(ref)
    return Problem(
        what=what,
        given=ref,
        why="The prefix is added here, so this would match `refs/.../refs/...` only.",
        fix=f"Use `{call}`." if call else f"Use a name like {_EXAMPLES[kind]!r}.",
    )


def check_environment(name: object) -> Iterator[Problem]:
    """Check the name of a GitHub environment."""
    if not isinstance(name, str):
        yield not_text("environment", name, "prod")
        return
    yield from check_policy_text("environment", name)
    if len(name) > ENVIRONMENT_LENGTH:
        yield Problem(
            what=f"The name of an environment has at most {ENVIRONMENT_LENGTH} characters.",
            given=name,
            why="GitHub has no environment with a longer name, so this can never match.",
            fix="Use the name as the repository's settings show it.",
        )
    if "*" in name or "?" in name:
        wide = ", or say that it is wide: `any_environment()`" if set(name) == {"*"} else ""
        yield Problem(
            what="`environment` takes one exact name.",
            given=name,
            why="Under `StringEquals` a wildcard is an ordinary character and matches nothing.",
            fix=f"Name each environment{wide}.",
        )


def check_policy_text(kind: str, text: object) -> Iterator[Problem]:
    """Check that IAM stores *text* and that Terraform does not read it as an expression."""
    if not isinstance(text, str):
        yield not_text(kind, text, "repo:acme/web:ref:refs/heads/main")
    elif not _POLICY_TEXT.fullmatch(text):
        yield Problem(
            what=f"`{kind}` takes text of the characters U+0020 to U+00FF.",
            given=text,
            why="IAM refuses a policy with any other character (botocore, `policyDocumentType`).",
            fix="Rename it on GitHub, or trust something that has a plain name.",
        )
    elif _TEMPLATE.search(text):
        yield Problem(
            what=f"`{kind}` takes plain text.",
            given=text,
            why="Terraform would read `${` and `%{` as an expression, IAM `${` as a variable.",
            fix="Write the value that you mean.",
        )


def undocumented_characters(environment: str) -> str:
    """Return the characters of *environment* of which GitHub does not say how `sub` shows them."""
    return "".join(sorted(set(_UNDOCUMENTED_IN_SUB.findall(environment))))


def _not_a_ref(kind: str, name: str) -> Problem:
    return Problem(
        what=f"`{kind}` takes a name that git accepts.",
        given=name,
        why="Git refuses it as a ref (`git check-ref-format`), so no token can ever carry it.",
        fix="Use the name as `git branch` or `git tag` prints it.",
    )
