"""The tables `lifecycle` of `environments.toml`: what ECR deletes or archives, and when."""

from typing import Annotated, Literal

from pydantic import Field

from .field_types import Texts, Tuple
from .table import Table


class ImagesTable(Table):
    """
    The images that a rule applies to.

    Attributes:
        prefixes: What the tags begin with; an image needs a tag for each entry.
        patterns: What the tags look like, with up to four `*` each.
    """

    status: Literal["tagged", "untagged", "any"] = Field(
        description="It says which images the rule is about.", examples=["untagged"]
    )
    prefixes: Texts = ()
    patterns: Texts = ()


class LifecycleRuleTable(Table):
    """
    An entry of `lifecycle`.

    Attributes:
        archive: Whether images move to the archive, where they cannot be pulled.
        priority: Lower comes first; the order of the list when left out.
    """

    images: ImagesTable = Field(
        description="It says which images the rule is about.",
        examples=[{"status": "untagged"}],
    )
    count_type: Literal[
        "imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"
    ] = Field(description="It says what is counted.", examples=["sinceImagePushed"])
    count: int = Field(description="It says how many images, or how many days.", examples=[14])
    archive: bool = False
    priority: int | None = None


Lifecycle = Annotated[tuple[LifecycleRuleTable, ...], Tuple]
