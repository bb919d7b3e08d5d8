"""
GitHub's users and organizations, and the subjects of all their repositories.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import reject
from deploy_access.github.name_rules import (
    check_environment,
    check_owner,
    check_ref,
    check_repository,
)
from deploy_access.github.repository import GithubRepo
from deploy_access.github.repository_checks import as_id, check_id
from deploy_access.github.segment import Segment, encode
from deploy_access.github.subject import Subject
from deploy_access.github.subject_warnings import assumed_legacy, warn_of_environment

if TYPE_CHECKING:
    from deploy_access.github.repository_checks import SubjectFormat


@dataclass(frozen=True, slots=True)
class GithubOwner:
    """
    A user or organization on GitHub.

    Its subjects are of every repository that it has, also of those that are made tomorrow. With
    `owner_id` they are the immutable form alone; repositories that still have the legacy form need
    the same subject of `GithubOwner(name)` beside it.

    Attributes:
        name: Spelt as GitHub shows it: IAM compares case.
        owner_id: GitHub's number for it, from `gh api users/NAME --jq .id`.

    Raises:
        InvalidValue: A name or id that GitHub cannot have.
    """

    name: str
    _: KW_ONLY
    owner_id: int | str | None = None

    def __post_init__(self) -> None:
        # Frozen for all others: a text of digits and the number are one id, and compare as equal.
        object.__setattr__(self, "owner_id", as_id(self.owner_id))
        reject([*check_owner(self.name), *check_id("owner_id", self.owner_id)])

    def repo(
        self,
        name: str,
        *,
        repo_id: int | str | None = None,
        subject_format: SubjectFormat | None = None,
    ) -> GithubRepo:
        """
        Name one repository of this owner.

        Args:
            name: The repository, without its owner.
            repo_id: GitHub's number for it; without it the owner's number is not used either.
            subject_format: The form of its tokens, as for a `GithubRepo`.
        """
        reject(check_repository(name))
        return GithubRepo(
            f"{self.name}/{name}",
            owner_id=self.owner_id if repo_id is not None else None,
            repo_id=repo_id,
            subject_format=subject_format,
        )

    def any_repo(self) -> Subject:
        """Trust every run in every repository."""
        return self._subject(())

    def branch(self, name: str) -> Subject:
        """Trust runs on the branch of that name in every repository."""
        reject(check_ref("branch", name))
        return self._in_context(f"ref:refs/heads/{name}")

    def tag(self, name: str) -> Subject:
        """Trust runs on the tag of that name in every repository."""
        reject(check_ref("tag", name))
        return self._in_context(f"ref:refs/tags/{name}")

    def environment(self, name: str) -> Subject:
        """Trust jobs with `environment: NAME` in every repository."""
        reject(check_environment(name))
        return self._in_context(f"environment:{encode(name)}", warn_of_environment(name))

    def pull_request(self) -> Subject:
        """Trust runs of the `pull_request` event in every repository; for roles that only read."""
        return self._in_context("pull_request")

    def any_branch(self) -> Subject:
        """Trust runs on every branch of every repository."""
        return self._in_context("ref:refs/heads/*")

    def any_tag(self) -> Subject:
        """Trust runs on every tag of every repository."""
        return self._in_context("ref:refs/tags/*")

    def any_environment(self) -> Subject:
        """Trust jobs with any environment in every repository."""
        return self._in_context("environment:*")

    def _in_context(self, text: str, warnings: tuple[str, ...] = ()) -> Subject:
        return self._subject((Segment("context", text),), warnings)

    def _subject(self, context: tuple[Segment, ...], warnings: tuple[str, ...] = ()) -> Subject:
        owner = self.name if self.owner_id is None else f"{self.name}@{self.owner_id}"
        legacy = () if self.owner_id is not None else (assumed_legacy(f"{self.name}/*"),)
        return Subject(
            forms=((Segment("repo", f"repo:{owner}/*"), *context),),
            repository=f"{self.name}/*",
            warnings=(*legacy, *warnings),
        )
