"""The tables about GitHub: `[github]`, and how the environments of a deployment are protected."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy_access.errors import Problem, reject
from deploy_access.github.enterprise_server import NO_IDS
from deploy_access.github.environment_settings import (
    check_minutes,
    check_patterns,
    check_reviewers,
    check_variables,
)
from deploy_access.github.issuer import Issuer
from deploy_access.github.name_rules import check_owner
from deploy_access.github.repository_checks import SubjectFormat
from deploy_access.iam.limits import check_many

from .field_types import IssuerUrl, Text, Texts, Tuple, checked
from .table import Table
from .table_reference import StateName
from .workflow_table import ServerVersion

OwnerName = Annotated[Text, checked(check_owner)]
Numbers = Annotated[tuple[int, ...], Tuple]


def _check_owners(names: tuple[str, ...]) -> Iterator[Problem]:
    yield from check_many("former_names", names, empty=True)
    for name in names:
        yield from check_owner(name)


class GithubTable(Table):
    """
    `[github]`: defaults of all repositories.

    Attributes:
        former_names: What the owner was called before it was renamed: runs with a `sub` of that
            name are trusted too, in each of its repositories, in the form that they have.
        server_version: The release of the GitHub Enterprise Server; the oldest that GitHub supports
            when left out.
        state: Where the stacks of GitHub's side keep theirs; needed when there are several.
    """

    owner: OwnerName | None = None
    owner_id: int | None = Field(default=None, ge=1)
    subject_format: SubjectFormat | None = None
    former_names: Annotated[Texts, checked(_check_owners)] = ()
    issuer: IssuerUrl | None = None
    server_version: ServerVersion | None = None
    state: StateName | None = None

    @model_validator(mode="after")
    def _check_keys_together(self) -> Self:
        reject([*_check_server(self), *_check_former_names(self)])
        return self


class GithubEnvironmentTable(Table):
    """
    `[services.X.environments.Y.github]`: who approves jobs, their refs and their variables.

    Attributes:
        reviewers: GitHub's numbers of people, of whom one has to approve each job.
        teams: GitHub's numbers of teams, which count among the six.
        branches: Patterns of the branches that may deploy.
        tags: Patterns of the tags that may deploy.
        wait_minutes: How long each job waits.
        variables: Names of variables, each with the name of the output whose value it has.
    """

    reviewers: Numbers = ()
    teams: Numbers = ()
    branches: Texts = ()
    tags: Texts = ()
    wait_minutes: int = 0
    variables: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Self:
        reject(
            [
                *check_reviewers(self.reviewers, self.teams),
                *check_patterns("branches", self.branches),
                *check_patterns("tags", self.tags),
                *check_minutes(self.wait_minutes),
                *check_variables(self.variables),
            ]
        )
        return self


def _check_server(github: GithubTable) -> Iterator[Problem]:
    issuer = Issuer(github.issuer) if github.issuer else Issuer.github()
    is_server = issuer.is_server
    if not issuer.is_github:
        yield Problem(
            what="`issuer` is one of GitHub's.",
            given=issuer.url,
            why="Every subject of this file is GitHub's, and no token of another issuer has one.",
            fix="Leave it out for github.com; a server's is `https://HOST/_services/token`.",
        )
    if is_server and github.subject_format not in {None, "legacy"}:
        yield Problem(
            what=f"{NO_IDS}.",
            given={"subject_format": github.subject_format},
            why="Immutable subjects are of github.com, so no token of this server ever matches.",
            fix="Remove `subject_format`.",
        )
    if github.server_version is not None and not is_server:
        yield Problem(
            what="`server_version` is of a GitHub Enterprise Server.",
            given={"issuer": github.issuer, "server_version": github.server_version},
            why="github.com has no releases, and nobody would read it.",
            fix='Remove it, or give the server as `issuer = "https://HOST/_services/token"`.',
        )


def _check_former_names(github: GithubTable) -> Iterator[Problem]:
    if github.owner in github.former_names:
        yield Problem(
            what="`former_names` holds the name that the owner has now.",
            given=github.owner,
            why="It is trusted already, and the old name that is missing locks its runs out.",
            fix="Write the name that the owner had before it was renamed.",
        )
