"""The bytes of one file, read as an estate without writing them to a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_file import parse_json
from deploy_access.terraform.reader import read_scopes

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Estate


def read_raw_estate(raw: bytes, name: str) -> Estate:
    """Read the bytes of a file of that name as `read_estate` does."""
    return read_scopes([(parse_json(raw, name), None)])[0]
