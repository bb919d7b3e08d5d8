"""The partitions of AWS, compared with the list that its own SDK carries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypedDict, cast

import botocore  # pyright: ignore[reportMissingTypeStubs]
import pytest

from deploy_access.partition import PARTITIONS, Partition, partition_of


class _Outputs(TypedDict):
    name: str
    dnsSuffix: str


class _Entry(TypedDict):
    regionRegex: str
    regions: dict[str, object]
    outputs: _Outputs


def botocore_partitions() -> list[_Entry]:
    """Read the list that botocore resolves endpoints with."""
    text = (Path(botocore.__file__).parent / "data" / "partitions.json").read_text("utf-8")
    return cast("list[_Entry]", json.loads(text)["partitions"])


def test_the_table_is_botocores() -> None:
    """Every partition that botocore knows is here, with its suffix and its regions."""
    theirs = [
        Partition(entry["outputs"]["name"], entry["outputs"]["dnsSuffix"], entry["regionRegex"])
        for entry in botocore_partitions()
    ]

    assert sorted(PARTITIONS, key=lambda p: p.name) == sorted(theirs, key=lambda p: p.name)


def test_every_region_lies_in_its_partition() -> None:
    """Each region that botocore lists is found in the partition that it is listed under."""
    regions = {
        region: entry["outputs"]["name"]
        for entry in botocore_partitions()
        for region in entry["regions"]
        if not region.endswith("-global")
    }

    found = {region: partition_of(region) for region in regions}

    assert {region: p and p.name for region, p in found.items()} == regions


def test_a_region_lies_in_one_partition() -> None:
    """No two patterns match the same region, so the order of the table says nothing."""
    regions = [region for entry in botocore_partitions() for region in entry["regions"]]

    assert [
        region
        for region in regions
        if sum(bool(re.match(p.region_pattern, region)) for p in PARTITIONS) > 1
    ] == []


@pytest.mark.parametrize(
    "region", ["", "eu-central", "frankfurt", "EU-CENTRAL-1", "eu-central-1\n"]
)
def test_no_region_has_no_partition(region: str) -> None:
    """A name that no partition knows is not taken to lie in `aws`."""
    assert partition_of(region) is None


def test_only_china_asks_for_another_audience() -> None:
    """`configure-aws-credentials` asks for the audience of the partition."""
    audiences = {partition.name: partition.audience for partition in PARTITIONS}

    assert audiences.pop("aws-cn") == "sts.amazonaws.com.cn"
    assert set(audiences.values()) == {"sts.amazonaws.com"}
