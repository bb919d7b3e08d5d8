"""The base of every table of `environments.toml`, and how one table overrides another."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from deploy_access.github.repository_checks import SubjectFormat

from .field_types import Texts

T = TypeVar("T", bound="Table")


class Table(BaseModel):
    """A table of the file: no unknown keys, no conversions of values, no changes later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class GithubRepositoryTable(Table):
    """
    The ids of a repository on GitHub, and the form of its `sub`.

    Attributes:
        owner_id: From `gh api repos/OWNER/NAME --jq .owner.id`.
        repo_id: From `gh api repos/OWNER/NAME --jq .id`.
        subject_format: The form of its `sub`; left out, immutable with ids and legacy without.
        include_claim_keys: Its own template for `sub`, when it has one.
        former_names: What it was called before it was renamed or moved, `owner/name` each.
    """

    owner_id: int | None = Field(default=None, ge=1)
    repo_id: int | None = Field(default=None, ge=1)
    subject_format: SubjectFormat | None = None
    include_claim_keys: Texts | None = None
    former_names: Texts = ()


def merge(kind: type[T], *layers: Table | None) -> T:
    """Return a table of *kind*; each key is from the last of *layers* that has it in the file."""
    # Only keys that are in the file: a default would hide the value of an earlier layer.
    given = {
        key: getattr(layer, key)
        for layer in layers
        if layer is not None
        for key in layer.model_fields_set & set(kind.model_fields)
    }
    # Without another validation: each value has passed that of its own table.
    return kind.model_construct(**given)
