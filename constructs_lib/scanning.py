"""
How a registry looks for known vulnerabilities in its images.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from constructs_lib.keyword_types import check_value
from deploy_access.errors import Problem, reject
from deploy_access.iam.limits import check_many, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html
_FILTER = re.compile(r"[a-z0-9*]+([._/-][a-z0-9*]+)*")
_FILTER_LENGTH = 255
_MOST_FILTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """
    Which repositories of a registry are scanned, and when.

    A repository's own `scan_on_push` counts for nothing once its registry has this.

    Attributes:
        type: AWS's word: `BASIC`, or `ENHANCED` for Amazon Inspector, which costs money.
        on_push: Repositories whose images are scanned once, when they are pushed.
        continuous: Repositories whose images are scanned again whenever a vulnerability becomes
            known; `ENHANCED` only.

    Raises:
        InvalidValue: Something that ECR would refuse, or a scan of nothing.
    """

    type: Literal["BASIC", "ENHANCED"]
    on_push: Sequence[str] = ()
    continuous: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_value(self)
        for name in ("on_push", "continuous"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        reject(_check(self))

    @classmethod
    def basic(cls, *, on_push: Sequence[str] = ("*",)) -> Scanning:
        """ECR's own scan of each image that is pushed; of every repository when left out."""
        return cls(type="BASIC", on_push=on_push)

    @classmethod
    def enhanced(cls, *, continuous: Sequence[str] = (), on_push: Sequence[str] = ()) -> Scanning:
        """Scans by Amazon Inspector, of the operating system and of what programs depend on."""
        return cls(type="ENHANCED", continuous=continuous, on_push=on_push)

    def rules(self) -> Iterator[tuple[str, Sequence[str]]]:
        """List each frequency, in AWS's words, with the repositories that have it."""
        for frequency, filters in (
            ("CONTINUOUS_SCAN", self.continuous),
            ("SCAN_ON_PUSH", self.on_push),
        ):
            if filters:
                yield frequency, sorted(filters)


def _check(scanning: Scanning) -> Iterator[Problem]:
    yield from _check_filters("on_push", scanning.on_push)
    yield from _check_filters("continuous", scanning.continuous)
    if scanning.type == "BASIC" and scanning.continuous:
        yield Problem(
            what="Only an enhanced scan is continuous.",
            given={"continuous": scanning.continuous},
            why="ECR's basic scan looks at an image once, when it is pushed.",
            fix="Move the repositories to `on_push`, or make the scan `ENHANCED`.",
        )
    if not (scanning.on_push or scanning.continuous):
        yield Problem(
            what="A scan names repositories.",
            given={"on_push": scanning.on_push, "continuous": scanning.continuous},
            why="With none, no image is scanned unless a person asks for it.",
            fix='Name them, for example on_push = ["*"] for all.',
        )


def _check_filters(keyword: str, filters: Sequence[str]) -> Iterator[Problem]:
    yield from check_many(keyword, filters, empty=True)
    if len(filters) > _MOST_FILTERS:
        yield Problem(
            what=f"`{keyword}` has at most {_MOST_FILTERS} entries.",
            given=len(filters),
            why="ECR refuses more.",
            fix="Join some of them with `*`.",
        )
    for text in filters:
        if not is_reference(text) and (not _FILTER.fullmatch(text) or len(text) > _FILTER_LENGTH):
            yield Problem(
                what=f"An entry of `{keyword}` is the name of repositories, with `*` for any part: "
                f"up to {_FILTER_LENGTH} lower-case letters, digits, `*` and single `.`, `_`, `-` "
                "or `/` between them.",
                given=text,
                why="ECR refuses any other at apply.",
                fix="For example 'web', 'team/*' or '*'.",
            )
