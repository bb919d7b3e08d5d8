"""
One entry of a `subjects` list: workflow runs on GitHub that may assume a role.

The keys are the names of `GithubRepo`'s methods.
"""

import re
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, Field, model_validator

from deploy_access.errors import InvalidValue, Problem, reject, suggest_name
from deploy_access.github.claims import CLAIMS, Claims
from deploy_access.github.name_rules import describe_ref
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject
from deploy_access.github.subject_text import describe_subject

from .field_types import Text, Tuple
from .file_words import CALL, KINDS, as_key, in_keys
from .table import GithubRepositoryTable

# The one method of the owner, for whom `any_repo` is short enough.
_METHODS = {"any_repository": "any_repo"}
_REPOSITORY = re.compile(r"GithubRepo\('(?P<name>[^']+)'(?P<ids>(?:, \w+=\d+)*)\)")
# In place of the repository, which is not known yet: a wrong branch is wrong in any repository.
_SOME_REPOSITORY = GithubRepo("owner/name", subject_format="legacy")


def _as_values(value: object) -> object:
    if not isinstance(value, list):
        reject([] if isinstance(value, str) else [_no_text(value)])
        return value
    values = cast("list[object]", value)
    reject([] if all(isinstance(one, str) for one in values) else [_no_text(values)])
    return tuple(values)


def _no_text(value: object) -> Problem:
    return Problem(
        what="A claim has a text, or a list of texts of which any matches.",
        given=value,
        why="Claims are compared as text, also those that hold a number.",
        fix='Write it like `"text"` or `["one", "two"]`.',
    )


# One validator for both kinds: a union would have an error for each.
ClaimValues = Annotated[Any, BeforeValidator(_as_values)]


class SubjectEntry(GithubRepositoryTable):
    """
    Exactly one kind of workflow run, with what else its token must carry.

    Attributes:
        repository: The repository it runs in, when that is not the service's own.
        requiring: Further claims, each with its exact value, or any of several.
        requiring_pattern: Further claims, each with a pattern, or any of several.
    """

    repository: Text | None = None
    branch: str | None = None
    branch_pattern: str | None = None
    tag: str | None = None
    tag_pattern: str | None = None
    environment: str | None = None
    pull_request: Literal[True] | None = None
    any_branch: Literal[True] | None = None
    any_tag: Literal[True] | None = None
    any_environment: Literal[True] | None = None
    any_ref: Literal[True] | None = None
    any_repository: Literal[True] | None = None
    anything: Literal[True] | None = None
    requiring: dict[str, ClaimValues] = Field(default_factory=dict)
    requiring_pattern: dict[str, ClaimValues] = Field(default_factory=dict)

    @property
    def kinds(self) -> list[str]:
        """The keys of this entry that name a kind of run."""
        return [kind for kind in KINDS if getattr(self, kind) is not None]

    def in_repository(self, repository: GithubRepo) -> Subject:
        """Return the subject of this entry in *repository*."""
        kind = self.kinds[0]
        value: object = getattr(self, kind)
        of = repository if kind != "any_repository" else _owner_of(repository)
        make = getattr(of, _METHODS.get(kind, kind))
        subject: Subject = make() if value is True else make(value)
        exact = subject.requiring(**Claims(**self.requiring))
        return exact.requiring_pattern(**Claims(**self.requiring_pattern))

    @model_validator(mode="after")
    def _check(self) -> Self:
        reject(_check_kinds(self.kinds))
        further = (*self.requiring, *self.requiring_pattern)
        reject(_unknown_claim(key) for key in further if key not in CLAIMS)
        reject(_check_ids(self))
        # Made once here, so that a refusal has the place of this entry in the file.
        try:
            self.in_repository(_SOME_REPOSITORY)
        except InvalidValue as refused:
            raise InvalidValue(*map(in_keys, refused.problems)) from None
        return self


Subjects = Annotated[tuple[SubjectEntry, ...], Tuple]


def _owner_of(repository: GithubRepo) -> GithubOwner:
    return GithubOwner(repository.owner, owner_id=repository.owner_id)


def _check_kinds(kinds: list[str]) -> list[Problem]:
    if len(kinds) == 1:
        return []
    return [
        Problem(
            what="An entry of `subjects` says one thing that is trusted.",
            given=kinds,
            why="Two kinds in one entry could mean either or both, and none means nothing.",
            fix=f"Write one entry for each: {', '.join(KINDS)}.",
        )
    ]


def key_of_ref(ref: str) -> str:
    """Return the sentence that names the key for *ref*: `sub` has a `ref`, an entry has none."""
    call = describe_ref(ref)
    if call is None:
        return "Write `branch` or `tag` with the short name."
    return f"Write `{CALL.sub(as_key, call)}`."


def entry_of_text(text: str) -> str | None:
    """Return the entry that trusts what a `sub` says, or None where no kind of run does."""
    call = describe_subject(text)
    found = None if call is None else CALL.search(call)
    if call is None or found is None:
        return None
    of = _REPOSITORY.match(call)
    if of is None:
        return None  # of an owner: an entry names one repository
    ids = of["ids"].replace("=", " = ")
    return f'{{ {as_key(found)}, repository = "{of["name"]}"{ids} }}'


def _check_ids(entry: SubjectEntry) -> list[Problem]:
    own = sorted(entry.model_fields_set & set(GithubRepositoryTable.model_fields))
    if not own or entry.repository is not None:
        return []
    return [
        Problem(
            what="These keys describe another repository, and the entry names none.",
            given=own,
            why="The service's own repository is described once, in the service's table.",
            fix="Add `repository`, or move the keys to the service.",
        )
    ]


def _unknown_claim(key: str) -> Problem:
    return Problem(
        what="`requiring` takes the claims that AWS can test.",
        given=key,
        why="A condition on any other claim never matches.",
        fix=suggest_name(key, CLAIMS),
    )
