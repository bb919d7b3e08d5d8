"""
A `sub`, or a value that a policy compares it with, taken apart as far as it goes.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from deploy_access.github.segment import decode
from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_grammar import ALONE, LONGEST, literal_start
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


Context = Literal["any", "bad", "branch", "custom", "environment", "none", "pull_request", "tag"]

_REPOSITORY = re.compile(
    r"repo:(?P<owner>[^@/:]+)(@(?P<owner_id>[^/:]+))?"
    r"(/(?P<name>[^@:/]+)(@(?P<repo_id>[^:/]+))?)?(?P<context>:.*)?",
    re.DOTALL,
)
_STARTS: Mapping[Context, str] = {
    "branch": "ref:refs/heads/",
    "environment": "environment:",
    "pull_request": "pull_request",
    "tag": "ref:refs/tags/",
}
_BAD = re.compile(
    r"(refs/heads/|heads/|refs/tags/|tags/|branch:|tag:|ref:(?!refs/[ht*?]|[*?])).*",
    re.DOTALL,
)
_EXACT_REF = re.compile(r"(?:^|[:*?])ref:refs/(?:heads|tags)/[^:*?]+(?=:|$)")
# The others are the same for every run of a repository, or chosen by whoever can push to it.
NARROWING = frozenset(
    {
        "environment",
        "job_workflow_ref",
        "job_workflow_sha",
        "pull_request",
        "ref",
        "workflow_ref",
        "workflow_sha",
    }
)
CHOSEN: Mapping[str, str] = {
    "actor": "it says who started the run, not what is run",
    "actor_id": "it says who started the run, not what is run",
    "base_ref": "the author of a pull request chooses it",
    "environment": "any repository can have such an environment",
    "event_name": "the author of a workflow chooses its events",
    "head_ref": "the author of a pull request chooses it",
    "ref": "any repository can have such a ref",
    "ref_type": "every user who can push makes branches and tags",
    "workflow": "the author of a workflow chooses its name",
}
"""The claims that keep out nobody by themselves, each with the reason."""
_WITH_OWNER = frozenset({"job_workflow_ref", "repo", "repository"})
_OWNERS = frozenset({"enterprise", "enterprise_id", "repository_owner", "repository_owner_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectClaim:
    """
    A value that begins with the repository.

    Attributes:
        owner: The user or organization.
        name: The repository; `*` where nothing is said of it.
        owner_id: GitHub's number for the owner, or None in the legacy form.
        repo_id: GitHub's number for the repository, or None in the legacy form.
        context: What sort of run it is, by the first claim after the repository.
        context_text: All that follows the repository, as it stands.
    """

    owner: str
    name: str
    owner_id: str | None
    repo_id: str | None
    context: Context
    context_text: str

    @property
    def repository(self) -> str:
        """The repository as GitHub shows it."""
        return f"{self.owner}/{self.name}"

    @property
    def _text(self) -> str:
        names = ((self.owner, self.owner_id), (self.name, self.repo_id))
        repository = "/".join(name if id_ is None else f"{name}@{id_}" for name, id_ in names)
        return f"repo:{repository}" + (f":{self.context_text}" if self.context_text else "")

    @property
    def rest(self) -> str:
        """What follows the name of the context, as it stands: its value and further claims."""
        return self.context_text.removeprefix(_STARTS.get(self.context, ""))

    @property
    def value(self) -> str:
        """The branch, tag or environment; GitHub encodes its `:`, so it ends before the first."""
        value = self.rest.partition(":")[0] if self.context in _STARTS else ""
        return decode(value) if self.context == "environment" else value

    @property
    def claims(self) -> tuple[tuple[str, str], ...]:
        """What follows the context in a template of the repository's own, as it stands."""
        return tuple(claims_of(self.context_text))[1:]

    @property
    def has_claims(self) -> bool:
        """Whether more claims follow the context than GitHub's default template has."""
        return ":" in self.rest

    @property
    def is_malformed(self) -> bool:
        """Whether GitHub writes no such `sub`, in whatever form: nothing, or no claim, follows."""
        fault = find_fault(self._text)
        return fault is not None and fault.rule == "bad-ref"

    @property
    def is_immutable(self) -> bool:
        """Whether the ids are in it."""
        return self.owner_id is not None


@lru_cache(maxsize=1_024)
def parse_subject(text: str) -> SubjectClaim | None:
    """Take *text* apart, or return None when it does not begin with a repository."""
    found = _REPOSITORY.fullmatch(text) if len(text) <= LONGEST else None
    if not found or (not found["name"] and "*" not in found["owner"]):
        return None
    name = found["name"] or "*"
    context_text = (found["context"] or "")[1:]
    context = _context(context_text)
    if context == "none" and has_wildcard(name):
        context = "any"
    return SubjectClaim(
        owner=found["owner"],
        name=name,
        owner_id=found["owner_id"],
        repo_id=found["repo_id"],
        context=context,
        context_text=context_text,
    )


def _context(text: str) -> Context:
    if text.partition(":")[0] == ALONE:
        return ALONE
    for context, start in _STARTS.items():
        if text.startswith(start) and context != ALONE:
            return context
    if _BAD.fullmatch(text):
        return "bad"
    if text[:1] in {"*", "?"} or text in {"ref:*", "ref:refs/*", "environment"}:
        return "any"
    return "custom" if text else "none"


def matches(pattern: str, text: str) -> bool:
    """Whether *text* is matched by *pattern*, in which `*` and `?` are wildcards."""
    if not has_wildcard(pattern) or max(len(pattern), len(text)) > LONGEST:
        return pattern == text
    return matches_plain(pattern, text)


def same(wanted: str, held: str) -> bool:
    """Whether they are equal but for letter case; *wanted* may be a pattern."""
    return matches(wanted.casefold(), held.casefold())


def segments(value: str) -> Iterator[tuple[str, str]]:
    """Take the claims of *value* in order, key and text, up to the first wildcard."""
    for key, text in claims_of(value):
        yield key, text
        if has_wildcard(key + text):
            return


def claims_of(value: str) -> Iterator[tuple[str, str]]:
    """
    Split *value* as GitHub joins it: key and text, by turns.

    Only `pull_request` stands alone. No text holds a `:`, as GitHub writes it as `%3A`. Behind a
    wildcard, which may stand for several claims, this is how it reads and not what it must be.
    """
    tokens = iter(value.split(":") if value else ())
    for key in tokens:
        yield key, "" if key == ALONE or has_wildcard(key) else next(tokens, "")


def template_keys(value: str) -> tuple[str, ...]:
    """
    Return the `include_claim_keys` of the template that a `sub` follows, in their order.

    The context is one claim of the template: the environment, or else the ref or `pull_request`. A
    ref beside an environment is a claim of its own.
    """
    keys = [key for key, _ in claims_of(value)]
    context = {"environment"} if "environment" in keys else {"pull_request", "ref"}
    return tuple(dict.fromkeys("context" if key in context else key for key in keys))


def names_repository(value: str) -> bool:
    """Whether a claim of *value* is of one repository alone."""
    return any(_names_repository(key, text) for key, text in claims_of(value))


def _names_repository(key: str, text: str) -> bool:
    if key == "repository_id":
        return text.isdecimal()
    owner, name, file = [*text.split("/", 2), "", ""][:3]
    wanted = {"repo": name, "repository": name, "workflow_ref": name and file}.get(key)
    return bool(owner and wanted) and not has_wildcard(text)


def names_ref(value: str) -> bool:
    """Whether a `ref` of one branch or tag stands in *value*, also behind a wildcard."""
    return _EXACT_REF.search(value) is not None


def names_owner(value: str) -> bool:
    """Whether a claim of *value* is of one owner or enterprise alone."""
    return any(
        (key in _OWNERS and bool(text) and not has_wildcard(text))
        or (key in _WITH_OWNER and literal_start(text).find("/") > 0)
        for key, text in claims_of(value)
    )


def has_loose_workflow(value: str) -> bool:
    """Whether *value* leaves open which workflow is called, or at which ref."""
    return any(key == "job_workflow_ref" and has_wildcard(text) for key, text in claims_of(value))
