"""The widest reading of a document of which some statements may not be there, and its parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from reading_files import content_of, read, trust_of

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Document

Json = dict[str, Any]
ALL = {"actions": ["*"], "resources": ["*"]}
DENY = {"effect": "Deny", "actions": ["s3:*"], "resources": ["*"]}
TEAM = {"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["web"]}
ALLOWED = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENIED = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
WITH_TEAM = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "web"}}}
ROOT = {"type": "AWS", "identifiers": ["arn:aws:iam::111122223333:root"]}
ANY = {"type": "*", "identifiers": ["*"]}


def dynamic(kind: str, content: Json, each: str = "${var.x}") -> Json:
    """Write blocks of which only Terraform knows the number."""
    return {"dynamic": {kind: {"for_each": each, "content": content}}}


def read_data(**body: object) -> Document:
    """Read the document of a data source."""
    data = {"aws_iam_policy_document": {"x": body}}
    variable = {"x": {}, "on": {"default": True}, "off": {"default": False}}
    written = "${data.aws_iam_policy_document.x.json}"
    return trust_of(written, data=data, variable=variable)[1]


def parts(document: Document) -> list[tuple[list[tuple[bool, bool]], object]]:
    """Show the parts: each premise as (holds with another answer, by default), and statements."""
    return [
        (
            [(premise.is_other, premise.by_default) for premise in part.premises],
            json.loads(str(part.document.content))["Statement"],
        )
        for part in document.parts
    ]


READINGS: dict[str, tuple[Json, list[Json], list[object]]] = {
    "deny": (
        {"statement": [ALL], **dynamic("statement", DENY)},
        [ALLOWED],
        [([], [ALLOWED]), ([(False, False)], [DENIED])],
    ),
    "allow": (
        {"statement": [DENY], **dynamic("statement", ALL)},
        [DENIED, ALLOWED],
        [([], [DENIED]), ([(False, False)], [ALLOWED])],
    ),
    "deny-by-default": (
        {"statement": [ALL], **dynamic("statement", DENY, "${var.on ? [1] : []}")},
        [ALLOWED],
        [([], [ALLOWED]), ([(False, True)], [DENIED])],
    ),
    "allow-absent-by-default": (
        {"statement": [DENY], **dynamic("statement", ALL, "${var.off ? [1] : []}")},
        [DENIED],
        [],
    ),
    "condition-of-an-allow": (
        {"statement": [{**ALL, **dynamic("condition", TEAM)}]},
        [ALLOWED],
        [([], [ALLOWED | WITH_TEAM]), ([(True, False)], [ALLOWED])],
    ),
    "condition-of-a-deny": (
        {"statement": [{**DENY, **dynamic("condition", TEAM)}]},
        [DENIED | WITH_TEAM],
        [([], [DENIED | WITH_TEAM]), ([(True, False)], [DENIED])],
    ),
    "values-of-one-condition": (
        {"statement": [{**ALL, "condition": [TEAM], **dynamic("condition", TEAM)}]},
        [
            ALLOWED | WITH_TEAM,
            ALLOWED | {"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["web", "web"]}}},
        ],
        [
            ([], []),
            ([(True, False)], [ALLOWED | WITH_TEAM]),
            (
                [(False, False)],
                [
                    ALLOWED
                    | {"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["web", "web"]}}}
                ],
            ),
        ],
    ),
    "principal": (
        {"statement": [{**ALL, "principals": [ROOT], **dynamic("principals", ANY)}]},
        [
            ALLOWED | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
            ALLOWED | {"Principal": "*"},
        ],
        [
            ([], [ALLOWED | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}]),
            ([(False, False)], [ALLOWED | {"Principal": "*"}]),
        ],
    ),
    "certain": ({"statement": [ALL, DENY]}, [ALLOWED, DENIED], []),
}


@pytest.mark.parametrize(("body", "widest", "expected"), READINGS.values(), ids=READINGS)
def test_a_document_of_two_readings(body: Json, widest: list[Json], expected: list[object]) -> None:
    """Nothing subtracts in the content that may not be there; the parts have all of it."""
    found = read_data(**body)

    assert content_of(found) == {"Version": "2012-10-17", "Statement": widest}
    assert parts(found) == expected


def test_a_text_that_equals_an_uncertain_document_is_certain() -> None:
    """A policy that is written out has no parts, whatever another one comes to."""
    data = {"aws_iam_policy_document": {"x": {"statement": [ALL], **dynamic("statement", DENY)}}}
    written = json.dumps({"Version": "2012-10-17", "Statement": [ALLOWED]})
    roles = {
        name: {"name": name, "assume_role_policy": policy}
        for name, policy in (("a", "${data.aws_iam_policy_document.x.json}"), ("b", written))
    }

    first, second = read(resource={"aws_iam_role": roles}, data=data, variable={"x": {}}).roles

    assert first.trust
    assert first.trust.content == written
    assert second.trust
    assert second.trust.content == written
    assert [bool(role.trust and role.trust.parts) for role in (first, second)] == [True, False]
