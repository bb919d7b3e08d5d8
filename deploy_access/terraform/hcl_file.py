"""A file in HCL from anywhere: read wholly, or refused with the line where it is broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import JsonFile
from deploy_access.terraform.hcl_body import HclBody, HclError

if TYPE_CHECKING:
    from collections.abc import Mapping

HCL = (".tf", ".tofu", ".tfvars")
"""How the names of such files end."""
# Twenty times the longest file that people keep in one piece; each byte of it may be a token.
_LONGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LinedFile(JsonFile):
    """
    A file with the lines of what is in it.

    Attributes:
        lines: The line of each block and argument, by its path: `aws_iam_role.web.name`.
    """

    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def parse_hcl(raw: bytes, name: str) -> LinedFile:
    """
    Read the bytes of a file in HCL.

    Raises:
        InvalidValue: Terraform would refuse it, or it is too long.
    """
    if len(raw) > _LONGEST:
        raise InvalidValue(_too_long(name))
    try:
        body = HclBody(raw.decode("utf-8-sig"))
        content = body.read()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidValue(_no_hcl(name, line, "It is not written in UTF-8.")) from error
    except HclError as error:
        raise InvalidValue(_no_hcl(name, error.line, error.why)) from error
    return LinedFile(name, content, tuple(body.repeated), body.lines)


def _no_hcl(name: str, line: int, why: str) -> Problem:
    return Problem(
        what="The file is no HCL.",
        given=f"{name}, line {line}",
        why=f"{why} Terraform refuses the whole folder then.",
        fix="Mend it; `terraform fmt` and `terraform validate` show more.",
    )


def _too_long(name: str) -> Problem:
    return Problem(
        what=f"The file has more than {_LONGEST // 1024**2} MiB of HCL.",
        given=name,
        why="People keep nothing so large in one file, and reading it could take all memory.",
        fix="Split it, or read a plan: `terraform show -json plan > plan.json`.",
    )
