"""
The templates in a `cdk.out`, each with the account and the region that it is for.

Source: `cloud-assembly-schema` of the AWS CDK, `lib/cloud-assembly/schema.ts`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import is_inside
from deploy_access.json_file import read_json_inside
from deploy_access.json_shape import as_object, as_text
from deploy_access.partition import partition_of
from deploy_access.terraform.manifest import MANIFEST, check_stack_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"
# A stage in a stage in a stage; each is a folder with a manifest of its own.
_DEEPEST = 10
_ENVIRONMENT = re.compile(r"aws://(?:(\d{12})|[^/]*)/(?:([a-z0-9-]+\d)|.*)")


class AssemblyTemplate(NamedTuple):
    """
    A template of a `cdk.out`.

    Attributes:
        path: Its path in the folder.
        stack: The name of the stack.
        account: Its account; empty where it may be any.
        region: Its region; empty where it may be any.
    """

    path: str
    stack: str
    account: str
    region: str

    @property
    def known(self) -> dict[str, str]:
        """The pseudo parameters that it decides."""
        found = {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::StackName": self.stack,
        }
        if partition := partition_of(self.region):
            found |= {"AWS::Partition": partition.name, "AWS::URLSuffix": partition.dns_suffix}
        return {name: value for name, value in found.items() if value}


def is_assembly(folder: Path) -> bool:
    """Whether a folder is what `cdk synth` writes."""
    if not (folder / MANIFEST).is_file():
        return False
    try:
        return isinstance(read_json_inside(folder, MANIFEST).content.get("artifacts"), dict)
    except InvalidValue:
        return False


def read_assembly(folder: Path) -> tuple[AssemblyTemplate, ...]:
    """
    List the templates of a `cdk.out`, by their names.

    Raises:
        InvalidValue: It names anything outside of the folder, or a manifest cannot be read.
    """
    return tuple(sorted(_templates(folder, ".", 0)))


def _templates(folder: Path, directory: str, depth: int) -> Iterator[AssemblyTemplate]:
    manifest = read_json_inside(folder, posixpath.normpath(posixpath.join(directory, MANIFEST)))
    for name, artifact in as_object(manifest.content.get("artifacts")).items():
        body = as_object(artifact)
        properties = as_object(body.get("properties"))
        if body.get("type") == _STACK:
            path = _inside(folder, directory, properties.get("templateFile"))
            yield _template(name, path, body, properties)
        elif body.get("type") == _ASSEMBLY and depth < _DEEPEST:
            inner = _inside(folder, directory, properties.get("directoryName"))
            yield from _templates(folder, inner, depth + 1)


def _template(
    name: str, path: str, body: Mapping[str, object], properties: Mapping[str, object]
) -> AssemblyTemplate:
    stack = as_text(properties.get("stackName")) or name
    found = _ENVIRONMENT.fullmatch(as_text(body.get("environment")) or "")
    for problem in check_stack_name(stack):
        raise InvalidValue(problem)
    account, region = found.groups(default="") if found else ("", "")
    return AssemblyTemplate(path, stack, account, region)


def _inside(folder: Path, directory: str, name: object) -> str:
    path = posixpath.normpath(posixpath.join(directory, as_text(name) or ""))
    if not (as_text(name) and is_inside(folder, path)):
        raise InvalidValue(
            Problem(
                what="The manifest names a file outside of its folder.",
                given=f"{folder / MANIFEST}: {as_text(name) or 'nothing'}",
                why="Templates lie beside their manifest, so this would be of something else.",
                fix="Synthesize anew: `cdk synth`.",
            )
        )
    return path
