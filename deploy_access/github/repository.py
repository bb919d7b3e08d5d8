"""
GitHub's repositories and owners, and the subjects that they make.

Sources: https://docs.github.com/actions/reference/security/oidc (forms of `sub`, templates,
immutable subjects for repositories made, renamed or moved since 2026-07-15).
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.name_rules import (
    check_environment,
    check_owner,
    check_ref,
    check_ref_pattern,
    undocumented_characters,
)
from deploy_access.github.repository_checks import (
    SubjectFormat,
    check_full_name,
    check_id,
    check_ids,
    check_template,
)
from deploy_access.github.subject import Segment, Subject, encode


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

    Raises:
        InvalidValue: A name or id that GitHub cannot have, or ids that do not fit the format.
    """

    full_name: str
    _: KW_ONLY
    owner_id: int | None = None
    repo_id: int | None = None
    subject_format: SubjectFormat | None = None
    include_claim_keys: tuple[str, ...] = ("repo", "context")

    def __post_init__(self) -> None:
        reject(check_full_name(self.full_name))
        reject(
            [
                *check_ids(self.full_name, self.owner_id, self.repo_id, self.subject_format),
                *check_template(self.include_claim_keys),
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
        odd = undocumented_characters(name)
        warnings = (_odd_environment(name, odd),) if odd else ()
        return self._subject({"context": tail, "environment": tail}, warnings)

    def pull_request(self) -> Subject:
        """
        Trust runs of the `pull_request` event, of every author and every branch.

        For roles that only read: a role that may write refuses this subject.
        """
        return self._subject({"context": "pull_request"})

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
        if "repo" not in self.include_claim_keys or self.format == "legacy":
            return (f"repo:{self.full_name}",)
        immutable = f"repo:{self.owner}@{self.owner_id}/{self.name}@{self.repo_id}"
        if self.format == "immutable":
            return (immutable,)
        return (immutable, f"repo:{self.full_name}")

    def _warnings(self) -> tuple[str, ...]:
        assumed = self.subject_format is None and self.repo_id is None
        return (_assumed_legacy(self.full_name),) if assumed else ()


@dataclass(frozen=True, slots=True)
class GithubOwner:
    """
    A user or organization on GitHub.

    Attributes:
        name: Spelt as GitHub shows it: IAM compares case.
        owner_id: GitHub's number for it, from `gh api users/NAME --jq .id`.

    Raises:
        InvalidValue: A name or id that GitHub cannot have.
    """

    name: str
    _: KW_ONLY
    owner_id: int | None = None

    def __post_init__(self) -> None:
        reject([*check_owner(self.name), *check_id("owner_id", self.owner_id)])

    def repo(
        self,
        name: str,
        *,
        repo_id: int | None = None,
        subject_format: SubjectFormat | None = None,
    ) -> GithubRepo:
        """Name one repository of this owner; without *repo_id* the owner's id is not used."""
        return GithubRepo(
            f"{self.name}/{name}",
            owner_id=self.owner_id if repo_id is not None else None,
            repo_id=repo_id,
            subject_format=subject_format,
        )

    def any_repo(self) -> Subject:
        """
        Trust every run in every repository of this owner, also in those made tomorrow.

        With `owner_id` this is the immutable form alone; repositories that still have the legacy
        form need `GithubOwner(name).any_repo()` beside it.
        """
        owner = self.name if self.owner_id is None else f"{self.name}@{self.owner_id}"
        warnings = () if self.owner_id is not None else (_assumed_legacy(f"{self.name}/*"),)
        return Subject(
            forms=((Segment("repo", f"repo:{owner}/*"),),),
            repository=f"{self.name}/*",
            warnings=warnings,
        )


def _no_context(repo: GithubRepo, known: dict[str, str]) -> Problem:
    return Problem(
        what=f"The subject template of {repo.full_name!r} does not say {min(known)!r}.",
        given=repo.include_claim_keys,
        why="Every run of the repository has the same `sub`, so nothing narrower can be trusted.",
        fix="Add 'context' to the template on GitHub and here, or say `anything()`.",
    )


def _assumed_legacy(repository: str) -> str:
    return (
        f"The subject of {repository!r} is taken to have the legacy form, as no ids are given. "
        "Repositories made, renamed or moved since 2026-07-15 have the immutable one. Run "
        f"`gh api repos/{repository}/actions/oidc/customization/sub`: if `use_immutable_subject` "
        "is true, pass `owner_id` and `repo_id`; if it is not yet, pass them with "
        '`subject_format="both"` to be ready, or `subject_format="legacy"` to keep this form.'
    )


def _odd_environment(name: str, characters: str) -> str:
    return (
        f"The environment {name!r} holds {characters!r}: GitHub documents how `sub` shows `:`, "
        "but not these. Compare with a real token, or rename it to letters, digits, `.`, `_`, `-`."
    )
