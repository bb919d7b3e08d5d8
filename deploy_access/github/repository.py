"""
GitHub's repositories, and the subjects that they make.

Sources: https://docs.github.com/actions/reference/security/oidc (forms of `sub`, templates,
immutable subjects for repositories made, renamed or moved since 2026-07-15).
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.former_names import check_former_names, former_prefixes
from deploy_access.github.name_rules import (
    check_environment,
    check_ref,
    check_ref_pattern,
)
from deploy_access.github.repository_checks import (
    DEFAULT_TEMPLATE,
    SubjectFormat,
    as_id,
    as_names,
    check_full_name,
    check_ids,
    check_template,
)
from deploy_access.github.segment import Segment, encode
from deploy_access.github.subject import Subject
from deploy_access.github.subject_warnings import assumed_legacy, warn_of_environment

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class GithubRepo:
    """
    A repository on GitHub, and who in it a role may trust.

    Attributes:
        full_name: `owner/name`, spelt as GitHub shows it: IAM compares case.
        owner_id: GitHub's number for the owner, from `gh api repos/OWNER/NAME --jq .owner.id`.
        repo_id: GitHub's number for the repository, from `gh api repos/OWNER/NAME --jq .id`.
        subject_format: `immutable` (`repo:acme@1/web@2:...`), `legacy` (`repo:acme/web:...`), or
            `both` while the repository moves from one to the other. Left out, it is immutable
            with ids and legacy without.
        include_claim_keys: The repository's own template for `sub`, as GitHub's REST API has it.
        former_names: What it was called before it was renamed or moved: runs with a `sub` of that
            name are trusted too, until the move is over. `acme/web`, or `acme@1/web` with the
            number of the owner of then: only the immutable form is trusted.

    Raises:
        InvalidValue: A name or id that GitHub cannot have, or ids that do not fit the format.
    """

    full_name: str
    _: KW_ONLY
    owner_id: int | str | None = None
    repo_id: int | str | None = None
    subject_format: SubjectFormat | None = None
    include_claim_keys: tuple[str, ...] = DEFAULT_TEMPLATE
    former_names: Sequence[str] = ()

    def __post_init__(self) -> None:
        # Frozen for all others: a text of digits and the number are one id, and compare as equal.
        object.__setattr__(self, "owner_id", as_id(self.owner_id))
        object.__setattr__(self, "repo_id", as_id(self.repo_id))
        object.__setattr__(self, "former_names", as_names(self.former_names))
        reject(check_full_name(self.full_name))
        reject(
            [
                *check_ids(self.full_name, self.owner_id, self.repo_id, self.subject_format),
                *check_template(self.include_claim_keys),
                *check_former_names(self.full_name, self.owner_id, self.repo_id, self.former_names),
            ]
        )

    @property
    def owner(self) -> str:
        """The user or organization."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """The repository, without its owner."""
        return self.full_name.partition("/")[2]

    @property
    def format(self) -> SubjectFormat:
        """The form of `sub` that this repository's tokens carry, as far as anybody has said."""
        return self.subject_format or ("immutable" if self.repo_id is not None else "legacy")

    def branch(self, name: str) -> Subject:
        """Trust runs on one branch: push, schedule, `workflow_dispatch`."""
        reject(check_ref("branch", name))
        return self._on_ref(f"refs/heads/{name}")

    def branch_pattern(self, pattern: str) -> Subject:
        """Trust runs on every branch that matches; `*` also matches `/`."""
        reject(check_ref_pattern("branch", pattern))
        return self._on_ref(f"refs/heads/{pattern}")

    def tag(self, name: str) -> Subject:
        """Trust runs on one tag."""
        reject(check_ref("tag", name))
        return self._on_ref(f"refs/tags/{name}")

    def tag_pattern(self, pattern: str) -> Subject:
        """Trust runs on every tag that matches; `*` also matches `/`."""
        reject(check_ref_pattern("tag", pattern))
        return self._on_ref(f"refs/tags/{pattern}")

    def environment(self, name: str) -> Subject:
        """
        Trust jobs with `environment: NAME`, on whatever ref they run.

        The environment's own protection rules decide which refs those are. Use one spelling here
        and in the workflow: IAM compares case.
        """
        reject(check_environment(name))
        tail = f"environment:{encode(name)}"
        warnings = warn_of_environment(name)
        return self._subject({"context": tail, "environment": tail}, warnings)

    def pull_request(self) -> Subject:
        """
        Trust runs of the `pull_request` event, of every author and every branch.

        For roles that only read: a role that may write refuses this subject.
        """
        return self._subject({"context": "pull_request"})

    def any_branch(self) -> Subject:
        """Trust runs on every branch, also on those that are made tomorrow."""
        return self._on_ref("refs/heads/*")

    def any_tag(self) -> Subject:
        """Trust runs on every tag, also on those that are made tomorrow."""
        return self._on_ref("refs/tags/*")

    def any_environment(self) -> Subject:
        """Trust jobs with any environment; a job that names a new one makes it, unprotected."""
        tail = "environment:*"
        return self._subject({"context": tail, "environment": tail})

    def any_ref(self) -> Subject:
        """Trust runs on every branch and tag, but no environment and no pull request."""
        return self._on_ref("*")

    def anything(self) -> Subject:
        """Trust every run in this repository: any ref, environment and pull request."""
        return self._subject({"context": "*", "environment": "environment:*", "ref": "ref:*"})

    def _on_ref(self, ref: str) -> Subject:
        return self._subject({"context": f"ref:{ref}", "ref": f"ref:{ref}"})

    def _subject(self, known: dict[str, str], warnings: tuple[str, ...] = ()) -> Subject:
        everything = known.get("context") == "*"
        if not everything and not known.keys() & set(self.include_claim_keys):
            raise InvalidValue(_no_context(self, known))
        return Subject(
            forms=tuple(self._form(prefix, known) for prefix in self._prefixes()),
            repository=self.full_name,
            warnings=(*self._warnings(), *warnings),
        )

    def _form(self, prefix: str, known: dict[str, str]) -> tuple[Segment, ...]:
        values = {**self._own_claims(prefix), **known}
        return tuple(Segment(key, values.get(key)) for key in self.include_claim_keys)

    def _own_claims(self, prefix: str) -> dict[str, str | None]:
        return {
            "repo": prefix,
            "repository": f"repository:{self.full_name}",
            "repository_owner": f"repository_owner:{self.owner}",
            "repository_id": f"repository_id:{self.repo_id}" if self.repo_id else None,
            "repository_owner_id": f"repository_owner_id:{self.owner_id}"
            if self.owner_id
            else None,
        }

    def _prefixes(self) -> tuple[str, ...]:
        legacy = f"repo:{self.full_name}"
        if "repo" not in self.include_claim_keys:
            return (legacy,)
        immutable = self._immutable()
        own = {"immutable": (immutable,), "legacy": (legacy,), "both": (immutable, legacy)}
        former = former_prefixes(
            self.former_names, owner=self.owner, owner_id=self.owner_id, repo_id=self.repo_id
        )
        return (*own[self.format], *former)

    def _immutable(self) -> str:
        return f"repo:{self.owner}@{self.owner_id}/{self.name}@{self.repo_id}"

    def _warnings(self) -> tuple[str, ...]:
        assumed = self.subject_format is None and self.repo_id is None
        return (assumed_legacy(self.full_name),) if assumed else ()


def _no_context(repo: GithubRepo, known: dict[str, str]) -> Problem:
    return Problem(
        what=f"The subject template of {repo.full_name!r} does not say {min(known)!r}.",
        given=repo.include_claim_keys,
        why="Every run of the repository has the same `sub`, so nothing narrower can be trusted.",
        fix="Add 'context' to the template on GitHub and here, or say `anything()`.",
    )
