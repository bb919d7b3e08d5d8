"""What every table of `environments.toml` has in common, and what several of them share."""

from pydantic import BaseModel, ConfigDict, Field

from deploy_access.github.repository_checks import SubjectFormat
from stacks.texts import Texts


class Table(BaseModel):
    """A table in which nothing is guessed: no other keys, no conversions, no changes later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Repository(Table):
    """
    What GitHub says about a repository.

    Attributes:
        owner_id: From `gh api repos/OWNER/NAME --jq .owner.id`.
        repo_id: From `gh api repos/OWNER/NAME --jq .id`.
        subject_format: The form of its `sub`; left out, immutable with ids and legacy without.
        include_claim_keys: Its own template for `sub`, when it has one.
    """

    owner_id: int | None = Field(default=None, ge=1)
    repo_id: int | None = Field(default=None, ge=1)
    subject_format: SubjectFormat | None = None
    include_claim_keys: Texts | None = None
