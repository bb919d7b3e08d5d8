"""SARIF: what the standard asks of a log, a rule and a result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
from audit_policies import HOST, Json, conditions, estate, trust

from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.audit.estate_audit import audit_estate
from deploy_access.report.audit_sarif import render_audit_sarif
from deploy_access.terraform.estate import Where
from deploy_access.terraform.file_lines import line_of
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

WIDE = trust(StringEquals=conditions(sub=None), StringLike={f"{HOST}:sub": "repo:acme@1/web@2:*"})
TEXT: Json = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
LEVEL: Json = {"enum": ["none", "note", "warning", "error"]}


def record(required: str, **properties: Json) -> Json:
    """Describe an object that has nothing but *properties*."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def several(item: Json) -> Json:
    """Describe a list."""
    return {"type": "array", "items": item}


# What sections 3.13 to 3.50 of the standard say of the properties that are written here.
RULE = record(
    "id",
    id={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
    shortDescription=TEXT,
    defaultConfiguration=record("level", level=LEVEL),
    properties=record("precision", precision={"enum": ["high", "medium", "low"]}),
)
PLACE = record(
    "artifactLocation region",
    artifactLocation=record(
        "uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9/._~%!$&'()*+,;=@-]+$"}
    ),
    region=record("startLine", startLine={"type": "integer", "minimum": 1}),
)
LOCATION = record(
    "physicalLocation logicalLocations",
    physicalLocation=PLACE,
    logicalLocations=several(
        record("fullyQualifiedName", fullyQualifiedName={"type": "string", "minLength": 1})
    ),
)
SUPPRESSION = record(
    "kind justification",
    kind={"enum": ["inSource", "external"]},
    justification={"type": "string", "minLength": 1},
)
RESULT = record(
    "ruleId ruleIndex level message locations",
    ruleId={"enum": list(CATALOGUE)},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=TEXT,
    locations={**several(LOCATION), "minItems": 1},
    suppressions=several(SUPPRESSION),
)
INVOCATION = record(
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=several(record("level message", level=LEVEL, message=TEXT)),
)
DRIVER = record("name rules", name={"const": "deploy-access"}, rules=several(RULE))
RUN = record(
    "tool results",
    tool=record("driver", driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=several(RESULT),
    invocations=several(INVOCATION),
)
LOG: Any = record(
    "version runs",
    **{"$schema": {"type": "string"}},
    version={"const": "2.1.0"},
    runs={**several(RUN), "minItems": 1},
)


def sarif(**given: Any) -> Json:
    """Render an audit, check its form, and return its run."""
    document = cast("Json", json.loads(render_audit_sarif(estate(**given))))
    jsonschema.validate(document, LOG)
    (run,) = document["runs"]
    return cast("Json", run)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"trusting": WIDE}, id="finding"),
        pytest.param({"trusting": WIDE, "accept": {"repo-wide": "pilot"}}, id="accepted"),
        pytest.param({"trusting": "${var.x}"}, id="not read"),
        pytest.param({"trusting": trust({"Condition": {}}), "allowing": "{"}, id="much"),
    ],
)
def test_form(given: Json) -> None:
    """Every log has the form of the standard."""
    run = sarif(**given)

    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == sorted(set(ids))
    assert [ids[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_accepted() -> None:
    """What is accepted is suppressed, with its reason, so that no alert is raised for it."""
    (result,) = sarif(trusting=WIDE, accept={"repo-wide": "pilot"})["results"]

    assert result["suppressions"] == [{"kind": "inSource", "justification": "pilot"}]


def test_not_read() -> None:
    """What could not be read is in the log."""
    (invocation,) = sarif(trusting="${var.x}")["invocations"]

    assert (
        "only known to Terraform" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    )


@pytest.mark.parametrize(
    ("indent", "line"), [pytest.param(2, 6, id="as CDKTF writes"), pytest.param(None, 1, id="one")]
)
def test_lines(tmp_path: Path, indent: int | None, line: int) -> None:
    """A finding is at the argument that holds the policy; of a file of one line, in that."""
    file = tmp_path / "cdk.tf.json"
    role = {"name": "web", "assume_role_policy": json.dumps(WIDE)}
    file.write_text(json.dumps({"resource": {"aws_iam_role": {"Web": role}}}, indent=indent))

    log = json.loads(render_audit_sarif(audit_estate(read_estate(file)), line_of))

    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    assert {place["region"]["startLine"] for place in places} == {line}


def test_lines_of_what_is_no_block(tmp_path: Path) -> None:
    """What stands in no block, or in no file, is in the first line."""
    file = tmp_path / "trust.json"
    file.write_text(json.dumps(WIDE, indent=2))

    assert [line_of(Where(str(file), "Roles[0]")), line_of(Where("stdin"))] == [1, 1]
