"""
The AWS partitions, as botocore lists them.

Source: botocore's `partitions.json` (a test compares this table with it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """
    A group of regions with accounts, ARNs and domain names of its own.

    Attributes:
        name: The second field of every ARN in it, for example `aws-cn`.
        dns_suffix: The end of its host names, for example `amazonaws.com.cn`.
        region_pattern: A regular expression that its region names match.
    """

    name: str
    dns_suffix: str
    region_pattern: str

    @property
    def audience(self) -> str:
        """
        The `aud` that `aws-actions/configure-aws-credentials` asks for in this partition.

        The action's README says it for `aws` and `aws-cn`. The others are taken to follow `aws`,
        which is not confirmed for the isolated ones.
        """
        return "sts.amazonaws.com.cn" if self.name == "aws-cn" else "sts.amazonaws.com"


PARTITIONS = (
    Partition("aws", "amazonaws.com", r"^(us|eu|ap|sa|ca|me|af|il|mx)\-\w+\-\d+$"),
    Partition("aws-cn", "amazonaws.com.cn", r"^cn\-\w+\-\d+$"),
    Partition("aws-eusc", "amazonaws.eu", r"^eusc\-(de)\-\w+\-\d+$"),
    Partition("aws-iso", "c2s.ic.gov", r"^us\-iso\-\w+\-\d+$"),
    Partition("aws-iso-b", "sc2s.sgov.gov", r"^us\-isob\-\w+\-\d+$"),
    Partition("aws-iso-e", "cloud.adc-e.uk", r"^eu\-isoe\-\w+\-\d+$"),
    Partition("aws-iso-f", "csp.hci.ic.gov", r"^us\-isof\-\w+\-\d+$"),
    Partition("aws-us-gov", "amazonaws.com", r"^us\-gov\-\w+\-\d+$"),
)


def partition_of(region: str) -> Partition | None:
    """Return the partition of *region*; None for a name that fits no partition."""
    return next((p for p in PARTITIONS if re.fullmatch(p.region_pattern, region)), None)


def usual_audience(partition: str) -> str:
    """Return the audience of a partition by its name, and that of `aws` for any other name."""
    named = (one for one in PARTITIONS if one.name == partition)
    return next(named, PARTITIONS[0]).audience
