"""Numbers and nouns of a review."""

from __future__ import annotations

_WITH_DATA = {
    "aws_dynamodb_table": "table with items",
    "aws_ecr_repository": "repository with images",
    "aws_s3_bucket": "bucket with objects",
}


def number(count: int, noun: str) -> str:
    """Count in words: `1 repository with images`, `2 repositories with images`."""
    if count == 1:
        return f"1 {noun}"
    head, _space, tail = noun.partition(" with ")
    plural = f"{head[:-1]}ies" if head.endswith("y") else f"{head}s"
    return f"{count} {plural} with {tail}" if tail else f"{count} {plural}"


def data_noun(kind: str) -> str:
    """Call a type of resource that holds data by what is lost: `repository with images`."""
    return _WITH_DATA.get(kind, "resource with data")
