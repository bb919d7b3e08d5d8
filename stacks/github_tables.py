"""The table `[services.X.environments.Y.github]`: how an environment is protected on GitHub."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy_access.errors import reject
from deploy_access.github.environment_settings import (
    check_minutes,
    check_patterns,
    check_reviewers,
    check_variables,
)
from stacks.field_types import Text, Texts, Tuple
from stacks.table import Table

Numbers = Annotated[tuple[int, ...], Tuple]


class GithubEnvironmentTable(Table):
    """
    Who approves the jobs of a deployment, which refs they run on, and the variables they see.

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
