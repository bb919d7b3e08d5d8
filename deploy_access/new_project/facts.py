"""What a new project is about: a repository, an account, an environment and a service."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from deploy_access.errors import Problem, reject
from deploy_access.github.name_rules import check_repository
from deploy_access.github.repository_checks import check_full_name
from deploy_access.iam.limits import check_account, check_region
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_KEY = re.compile(r"[a-z][a-z0-9-]*")
_ID = re.compile(r"[1-9][0-9]*")
_NO_KEY = re.compile(r"[^a-z0-9]+")

# Those of the documentation of AWS and of this project: no token has these ids.
EXAMPLE: Mapping[str, str] = {
    "repository": "acme/infra",
    "owner_id": "123456",
    "repo_id": "456788",
    "account": "111122223333",
    "region": "eu-central-1",
    "environment": "dev",
    "service": "web",
    "service_id": "456789",
}
"""What stands in for a fact that is not given; it works in the sandbox."""


def _check_id(text: str) -> Iterator[Problem]:
    if not _ID.fullmatch(text):
        yield Problem(
            what="GitHub's ids are numbers.",
            given=text,
            why="They stand in each token beside the names, and no name can take their place.",
            fix="Ask for it: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
        )


def _check_environment(name: str) -> Iterator[Problem]:
    if not _KEY.fullmatch(name):
        yield Problem(
            what="An environment gives its name to an account, stacks, roles and a bucket.",
            given=name,
            why="Terraform, IAM and S3 refuse other characters there.",
            fix="Use small letters, digits and `-`, and begin with a letter.",
        )


CHECKS: Mapping[str, Callable[[str], Iterable[Problem]]] = {
    "repository": check_full_name,
    "owner_id": _check_id,
    "repo_id": _check_id,
    "account": check_account,
    "region": check_region,
    "environment": _check_environment,
    "service": check_repository,
    "service_id": _check_id,
}
"""What is wrong with a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """
    The facts, of which those that are left out are the example's.

    Attributes:
        repository: The repository of the project on GitHub, `owner/name`.
        owner_id: GitHub's number of its owner.
        repo_id: GitHub's number of the repository.
        account: The AWS account.
        region: Where its stacks are.
        environment: What the account and the first environment are called.
        service: The repository of the first service, of the same owner.
        service_id: GitHub's number of that repository.

    Raises:
        InvalidValue: One that GitHub or AWS cannot have.
    """

    repository: str = ""
    owner_id: str = ""
    repo_id: str = ""
    account: str = ""
    region: str = ""
    environment: str = ""
    service: str = ""
    service_id: str = ""

    def __post_init__(self) -> None:
        reject(p for name, value in self._given() for p in CHECKS[name](value))

    def __getitem__(self, name: str) -> str:
        """Return a fact, or what stands in for it."""
        if name == "service_id" and self["service"] == self.name:
            return self["repo_id"]
        return str(getattr(self, name)) or EXAMPLE[name]

    def stands_in(self, name: str) -> bool:
        """Whether a fact is the example's, and has to be replaced before anything is deployed."""
        return self[name] == EXAMPLE[name] and not getattr(self, name)

    @property
    def owner(self) -> str:
        """The owner of the repository."""
        return self["repository"].partition("/")[0]

    @property
    def name(self) -> str:
        """The repository, without its owner."""
        return self["repository"].partition("/")[2]

    @property
    def bucket(self) -> str:
        """The bucket of the states."""
        return f"{_key(self.owner)}-terraform-state-{self['environment']}"

    @property
    def service_key(self) -> str:
        """What the service is called in the file: its repository, as ECR and S3 take it."""
        return _key(self["service"])

    @property
    def partition(self) -> str:
        """The partition of the region, as in ARNs."""
        found = partition_of(self["region"])
        return found.name if found else "aws"

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """List the names of the facts."""
        return tuple(field.name for field in fields(cls))

    def _given(self) -> Iterator[tuple[str, str]]:
        for name in self.names():
            value = str(getattr(self, name))
            if value:
                yield name, value


def _key(name: str) -> str:
    return _NO_KEY.sub("-", name.lower()).strip("-")
