"""Terraform's JSON by hand, and what is read from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from raw_estate import read_raw_estate

from deploy_access.terraform.blocks import Module

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Document, Estate

ACCOUNT = "111122223333"
OTHER = "444455556666"
FILE = "web.tf.json"
TRUST = '{"Version":"2012-10-17","Statement":[]}'
PROVIDER: dict[str, object] = {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}


EMPTY_MODULE = Module(
    file="web.tf.json",
    stack=None,
    blocks=(),
    providers={},
    local_values={},
    variables={},
    outputs={},
)
"""A module in which only expressions without names mean something."""


def read(**document: object) -> Estate:
    """Read a file that has *document* in it, with a provider that says the account."""
    whole = {"provider": {"aws": PROVIDER}, **document}
    return read_raw_estate(json.dumps(whole).encode(), FILE)


def trust_of(written: object, **more: object) -> tuple[Estate, Document]:
    """Read a module with one role, and return its trust policy beside everything."""
    role = {"name": "web", "assume_role_policy": written}
    estate = read(resource={"aws_iam_role": {"Web": role}}, **more)
    trust = estate.roles[0].trust
    assert trust is not None
    return estate, trust


def content_of(document: Document | None) -> object:
    """Read the content as JSON, whichever way it is kept."""
    assert document is not None
    return json.loads(document.content) if isinstance(document.content, str) else document.content
