"""A file that is a template of CloudFormation, as a module of Terraform that says the same."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from deploy_access.cloudformation.template import is_template, translate
from deploy_access.cloudformation.yaml_text import YamlError, parse_yaml
from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import read_inside
from deploy_access.json_shape import as_object
from deploy_access.terraform.configuration import Configuration
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.file_lines import lines_in
from deploy_access.terraform.hcl_file import LinedFile
from deploy_access.terraform.recognised_files import refuse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.cloudformation.template import TranslatedTemplate, Unseen
    from deploy_access.json_file import JsonFile

YAML = (".yaml", ".yml")
_ENDINGS = (*YAML, ".json", ".template")
# A file without such a name, as one from the standard input, is told by its first keys.
_IS_YAML = re.compile(rb"^(?:AWSTemplateFormatVersion|Resources) *:", re.MULTILINE)
_IS_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")


def is_yaml(raw: bytes, name: str) -> bool:
    """Whether bytes are YAML, and not JSON in a file of such a name."""
    # JSON first: it is told by its beginning, and the other search reads the whole file.
    return not _IS_JSON.match(raw) and (name.endswith(YAML) or _IS_YAML.search(raw) is not None)


def parse_yaml_file(raw: bytes, name: str) -> LinedFile:
    """
    Read the bytes of a template in YAML.

    Raises:
        InvalidValue: It is no YAML, or no template.
    """
    try:
        found = parse_yaml(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidValue(_no_yaml(name, line, "It is not written in UTF-8.")) from error
    except YamlError as error:
        raise InvalidValue(_no_yaml(name, error.line, error.why)) from error
    content = as_object(found.content)
    if not is_template(content):
        refuse_yaml(name, content)
    return LinedFile(name, dict(content), found.repeated, found.lines)


def with_lines(file: JsonFile, raw: bytes) -> JsonFile:
    """Return a template in JSON with its lines; any other file as it is."""
    if not is_template(file.content):
        return file
    return LinedFile(file.name, file.content, file.repeated, lines_in(raw))


def read_templates(folder: Path) -> dict[str, bytes]:
    """
    Read the files of a folder that are taken for templates, by their names.

    Raises:
        InvalidValue: One of them cannot be read.
    """
    with os.scandir(folder) as inside:
        names = sorted(one.name for one in inside if one.is_file() and one.name.endswith(_ENDINGS))
    found = {name: read_inside(folder, name) for name in names if not name.startswith(".")}
    return {name: raw for name, raw in found.items() if b"Resources" in raw and b"AWS::" in raw}


def template_module(
    file: JsonFile, template: TranslatedTemplate, stack: str | None
) -> tuple[Configuration, tuple[Unread, ...]]:
    """
    Return the module that a template is, and what of it is not read.

    Args:
        file: The template.
        template: The same in Terraform's JSON.
        stack: Its name, or None.
    """
    lines: Mapping[str, int] = file.lines if isinstance(file, LinedFile) else {}
    places = {address: (file.name, _line(lines, path)) for address, path in template.places.items()}
    problems = tuple(_unread(one, file.name, stack, lines) for one in template.unseen)
    module = Configuration(
        file.name,
        template.content,
        file.repeated,
        places,
        tool="CloudFormation",
        made_up=template.made_up,
    )
    return module, problems


def translated(file: JsonFile, known: Mapping[str, str]) -> TranslatedTemplate | None:
    """
    Return a template in Terraform's JSON; None for any other file.

    Args:
        file: The file.
        known: The pseudo parameters that are known, by name.
    """
    return translate(file.content, known) if is_template(file.content) else None


def _line(lines: Mapping[str, int], path: str) -> int:
    """Return the line of a path, or of the nearest one around it; 0 where none is known."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path, 0)


def _unread(unseen: Unseen, name: str, stack: str | None, lines: Mapping[str, int]) -> Unread:
    where = Where(name, unseen.path, stack, _line(lines, unseen.path))
    kind = "malformed" if unseen.is_broken else "module"
    return Unread(kind=kind, what=unseen.what, given=unseen.given, where=where)


def _no_yaml(name: str, line: int, why: str) -> Problem:
    return Problem(
        what="The file is no YAML.",
        given=f"{name}, line {line}",
        why=why,
        fix="Mend it; `aws cloudformation validate-template` and `cfn-lint` show more.",
    )
