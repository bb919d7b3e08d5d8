"""The AWS provider itself merges documents as `policy_data` reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from provider_plans import read_documents
from reading_files import content_of, trust_of

from deploy_access.json_shape import as_list

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.terraform

Json = dict[str, Any]
PUT = {"actions": ["ecr:PutImage"], "resources": ["*"]}
TEAM = {"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["web"]}


def text(*statements: Json) -> str:
    """Write a policy as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: str, sid: str) -> Json:
    """Write a statement with a name."""
    return {"Sid": sid, "Effect": effect, "Action": action, "Resource": "*"}


DOCUMENTS: dict[str, Json] = {
    "override-one-sid-twice": {
        "statement": [PUT],
        "override_policy_documents": [
            text(statement("Deny", "s3:*", "X"), statement("Allow", "s3:GetObject", "X"))
        ],
    },
    "override-in-its-place": {
        "statement": [{**PUT, "sid": "X"}, {**PUT, "sid": "Y"}],
        "override_policy_documents": [text(statement("Deny", "s3:*", "X"))],
    },
    "two-overrides": {
        "statement": [{**PUT, "sid": "X"}],
        "override_policy_documents": [
            text(statement("Deny", "s3:*", "X")),
            text(statement("Allow", "ec2:*", "X"), statement("Allow", "ec2:*", "Z")),
        ],
    },
    "keys-in-any-case": {
        "source_policy_documents": [
            json.dumps(
                {
                    "VERSION": "2012-10-17",
                    "statement": [
                        {"SID": "A", "effect": "Deny", "aCTION": ["s3:*"], "resource": ["*"]},
                        {"Effect": "Allow", "notaction": "s3:*", "NOTRESOURCE": "arn:aws:s3:::a"},
                    ],
                }
            )
        ],
        "statement": [PUT],
    },
    "a-key-in-two-cases": {
        "source_policy_documents": [
            '{"Statement":[{"Effect":"Deny","effect":"Allow","Action":"s3:*","Resource":"*"}]}'
        ]
    },
    "a-key-that-aws-does-not-have": {
        "source_policy_documents": [
            '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Other":1}],"More":2}'
        ]
    },
    "equal-conditions": {
        "statement": [{**PUT, "condition": [TEAM, {**TEAM, "values": ["api", "app"]}]}]
    },
    "equal-conditions-of-one-value": {
        "statement": [{**PUT, "condition": [TEAM, {**TEAM, "values": ["api"]}]}]
    },
}


@pytest.fixture(scope="module")
def documents(provider_folder: Path) -> Json:
    """Return each document as the provider writes it."""
    return read_documents(provider_folder, DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_the_one_of_the_provider(name: str, documents: Json) -> None:
    """A document has the statements that the provider writes, in their order."""
    data = {"aws_iam_policy_document": {"x": DOCUMENTS[name]}}
    _, trust = trust_of("${data.aws_iam_policy_document.x.json}", data=data)

    assert normal(content_of(trust)) == normal(json.loads(documents[name]))


def normal(value: object) -> object:
    """Return a document with each value as a sorted list, as IAM reads it."""
    if isinstance(value, dict):
        items = cast("Json", value).items()
        return {key: normal(child) for key, child in items}
    members = as_list(value)
    is_list_of_objects = any(isinstance(member, dict) for member in members)
    return [normal(one) for one in members] if is_list_of_objects else sorted(map(str, members))
