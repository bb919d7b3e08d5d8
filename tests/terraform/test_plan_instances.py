"""Instances of a block in a first plan: each is joined with the instance that it refers to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from raw_estate import read_raw_estate

if TYPE_CHECKING:
    from plan_documents import Json

DATA, WEB = "data.aws_iam_policy_document.trust", "aws_iam_role.web"
STATEMENTS = {"main": "repo:acme@1/web@2:ref:refs/heads/main", "wide": "repo:acme/*"}


def trust(subject: str) -> Json:
    """Write a document whose provider is known after apply."""
    test = {"test": "StringLike", "variable": "x:sub", "values": [subject]}
    principals = [{"type": "Federated", "identifiers": [None]}]
    return {"statement": [{"actions": ["sts:*"], "condition": [test], "principals": principals}]}


def instance(address: str, index: object, values: Json, path: str = "") -> Json:
    """Write one instance of a block."""
    kind, _, name = address.removeprefix("data.").partition(".")
    return {
        "address": f"{path}{address}[{json.dumps(index)}]" if index is not None else path + address,
        "mode": "data" if address.startswith("data.") else "managed",
        "type": kind,
        "name": name,
        "values": values,
        **({} if index is None else {"index": index}),
    }


def block(address: str, expressions: Json, **more: Any) -> Json:
    """Write the configuration of a block."""
    return {"address": address, "provider_config_key": "aws", "expressions": expressions, **more}


def first_plan(
    documents: dict[Any, str], roles: list[Any], references: list[str], iterated: Json | None = None
) -> Json:
    """Write a plan whose trust policies are known after apply."""
    resources = [instance(DATA, key, trust(subject)) for key, subject in documents.items()]
    resources += [instance(WEB, key, {"name": f"web-{key}", "path": "/"}) for key in roles]
    unknown = {
        "data": {"json": True, "statement": [{"principals": [{"identifiers": [True]}]}]},
        "managed": {"arn": True, "assume_role_policy": True},
    }
    federated = {"references": ["aws_iam_openid_connect_provider.x.arn"]}
    written = block(DATA, {"statement": [{"principals": [{"identifiers": federated}]}]})
    each = {} if iterated is None else {"for_each_expression": iterated}
    made = block(WEB, {"assume_role_policy": {"references": references}}, **each)
    return {
        "planned_values": {"root_module": {"resources": resources}},
        "variables": {"kind": {"value": "wide"}},
        "resource_changes": [
            {"address": one["address"], "change": {"after_unknown": unknown[one["mode"]]}}
            for one in resources
        ],
        "configuration": {
            "provider_config": {"aws": {"name": "aws"}},
            "root_module": {"resources": [written, made]},
        },
    }


def subjects(content: Json) -> dict[str, str | None]:
    """Return the subject that each role trusts; None where its policy is not known."""
    roles = read_raw_estate(json.dumps(content).encode(), "plan.json").roles
    return {role.name: subject_of(role.trust) for role in roles}


def subject_of(document: Any) -> str | None:
    """Return the only subject of a document."""
    content = document.content if document else None
    if content is None:
        return None
    found = json.loads(content) if isinstance(content, str) else content
    return found["Statement"][0]["Condition"]["StringLike"]["x:sub"]


MAIN, WIDE = STATEMENTS.values()
BY_KEY: dict[str, str | None] = {"web-main": MAIN, "web-wide": WIDE}
CASES: list[
    tuple[str, dict[Any, str], list[Any], list[str], Json | None, dict[str, str | None]]
] = [
    ("its own key", STATEMENTS, ["main", "wide"], [DATA, "each.key"], None, BY_KEY),
    (
        "the value of a set",
        STATEMENTS,
        ["main", "wide"],
        [DATA, "each.value"],
        {"constant_value": ["main", "wide"]},
        BY_KEY,
    ),
    (
        "the value of a map",
        STATEMENTS,
        ["dev", "prod"],
        [DATA, "each.value"],
        {"constant_value": {"dev": "wide", "prod": "main"}},
        {"web-dev": WIDE, "web-prod": MAIN},
    ),
    (
        "an attribute of the value",
        STATEMENTS,
        ["dev", "prod"],
        [DATA, "each.value.trust", "each.value"],
        {"constant_value": {"dev": {"trust": "wide"}, "prod": {"trust": "main"}}},
        {"web-dev": WIDE, "web-prod": MAIN},
    ),
    (
        "its number",
        dict(enumerate(STATEMENTS.values())),
        [0, 1],
        [DATA, "count.index"],
        None,
        {"web-0": MAIN, "web-1": WIDE},
    ),
    ("a variable", STATEMENTS, ["a"], [DATA, "var.kind"], None, {"web-a": WIDE}),
    (
        "one by its name",
        STATEMENTS,
        ["a"],
        [f'{DATA}["wide"].json', f'{DATA}["wide"]', DATA],
        None,
        {"web-a": WIDE},
    ),
    ("several of them", STATEMENTS, ["a"], [DATA], None, {"web-a": None}),
    (
        "two parts of a key",
        STATEMENTS,
        ["main"],
        [DATA, "each.key", "var.kind"],
        None,
        {"web-main": None},
    ),
    (
        "a value that is not in the plan",
        STATEMENTS,
        ["main"],
        [DATA, "each.value.trust", "each.value"],
        {"references": ["local.roles"]},
        {"web-main": None},
    ),
    (
        "one of two documents",
        STATEMENTS,
        ["main"],
        [DATA, "data.aws_iam_policy_document.b", "each.key"],
        None,
        {"web-main": None},
    ),
]


@pytest.mark.parametrize(
    ("documents", "roles", "references", "iterated", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_the_document_of_an_instance(
    documents: dict[Any, str],
    roles: list[Any],
    references: list[str],
    iterated: Json | None,
    expected: dict[str, str | None],
) -> None:
    """A role has the document that its expression takes; none where the plan does not tell."""
    assert subjects(first_plan(documents, roles, references, iterated)) == expected


def test_instances_of_a_module() -> None:
    """Each instance of a module has a document of its own, by the same name."""
    content = first_plan({}, [], [f"{DATA}.json", DATA])
    module = content["configuration"].pop("root_module")
    content["configuration"]["root_module"] = {"module_calls": {"app": {"module": module}}}
    children: list[Json] = []
    for key, subject in STATEMENTS.items():
        path = f'module.app["{key}"].'
        made = [
            instance(DATA, None, trust(subject), path),
            instance(WEB, None, {"name": f"web-{key}", "path": "/"}, path),
        ]
        children.append({"address": path.removesuffix("."), "resources": made})
        content["resource_changes"] += [
            {"address": made[0]["address"], "change": {"after_unknown": {"json": True}}},
            {
                "address": made[1]["address"],
                "change": {"after_unknown": {"assume_role_policy": True}},
            },
        ]
    content["planned_values"]["root_module"]["child_modules"] = children

    assert subjects(content) == BY_KEY


def test_a_policy_of_an_instance() -> None:
    """A policy of a role is joined with the role and with the document of its key."""
    policy = "aws_iam_role_policy.deploy"
    content = first_plan(STATEMENTS, ["main", "wide"], [DATA, "each.key"])
    root = content["planned_values"]["root_module"]["resources"]
    for key in STATEMENTS:
        root.append(instance(policy, key, {"name": f"p-{key}"}))
        unknown = {"policy": True, "role": True}
        change = {"address": root[-1]["address"], "change": {"after_unknown": unknown}}
        content["resource_changes"].append(change)
    expressions = {
        "policy": {"references": [DATA, "each.key"]},
        "role": {"references": [WEB, "each.key"]},
    }
    content["configuration"]["root_module"]["resources"].append(block(policy, expressions))
    roles = read_raw_estate(json.dumps(content).encode(), "plan.json").roles

    assert {r.name: [(p.name, subject_of(p.document)) for p in r.policies] for r in roles} == {
        "web-main": [("p-main", MAIN)],
        "web-wide": [("p-wide", WIDE)],
    }
