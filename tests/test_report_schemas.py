"""Each report for programs has a published schema, and all of these are of one form."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from click.testing import CliRunner
from report_schemas import FOLDER, SCHEMAS

from deploy_access.cli import COMMANDS, main
from deploy_access.report.json_document import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

ROOT = Path(__file__).parent.parent


def formats(name: str) -> list[str]:
    """List the values of `--format` that a command takes."""
    command: click.Command = import_module(f"deploy_access.commands.{name}").command
    found = (one for one in command.params if "--format" in one.opts)
    return [str(value) for one in found for value in cast("Any", one.type).choices]


def objects(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """List the parts of a schema that describe an object."""
    if isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        if "object" in str(found.get("type")):
            yield path, found
        for key, inner in found.items():
            yield from objects(inner, f"{path}/{key}")
    elif isinstance(node, list):
        for number, inner in enumerate(cast("list[Any]", node)):
            yield from objects(inner, f"{path}/{number}")


def test_each_report_has_a_schema() -> None:
    """Every command that prints JSON has one; the file of a baseline has one, too."""
    printing = {name for name in COMMANDS if "json" in formats(name)}

    assert printing >= {"adopt", "audit", "explain", "review", "waves", "workflow"}
    assert {*SCHEMAS} == {*printing, "baseline"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_has_the_form_of_all(name: str) -> None:
    """It is a schema that names its command and its format, and closes every object."""
    schema = SCHEMAS[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    document = FORMAT if name != "baseline" else 1
    own = name if name != "baseline" else "audit --baseline"
    open_ = [path for path, node in objects(schema) if "additionalProperties" not in node]
    keys = [node.get("properties", {}) for _, node in objects(schema)]
    numbers = {one["format"]["const"] for one in keys if "format" in one}

    assert schema["title"].startswith(f"deploy-access {own}")
    assert schema["title"].endswith(f", format {document}")
    assert schema["description"]
    assert open_ == []
    assert numbers == {document}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_reads_as_its_file(name: str) -> None:
    """The files are written as `json.dumps` writes them, so that changes are small."""
    text = (FOLDER / f"{name}.schema.json").read_text("utf-8")

    assert text == json.dumps(SCHEMAS[name], indent=2, ensure_ascii=False) + "\n"


def test_schemas_find_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A validator that only knows files takes a report with the schema of its command."""
    monkeypatch.chdir(ROOT)
    sides = (f"tests/report/page/{side}" for side in ("before", "after"))
    printed = CliRunner().invoke(main, ["review", *sides, "--format", "json"]).stdout
    report = tmp_path / "report.json"
    judge = Path(sys.executable).with_name("check-jsonschema")
    codes: list[int] = []
    wrong = ('"format": 1', '"format": 0'), ('"why"', '"because"')
    for text in (printed, *(printed.replace(*one) for one in wrong)):
        report.write_text(text, "utf-8")
        command = (judge, "--schemafile", FOLDER / "review.schema.json", report)
        codes.append(subprocess.run(command, check=False, capture_output=True).returncode)

    assert codes == [0, 1, 1]
