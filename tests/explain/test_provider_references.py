"""A reference to an OIDC provider stands for the issuer that its `url` names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from explain_cases import AUDIENCE, HOST, MAIN, Json, estate_of, explain_all, run_of, statement

from deploy_access.explain.decide import explain_run

if TYPE_CHECKING:
    from deploy_access.explain.finding import RoleAnswer

TYPE = "aws_iam_openid_connect_provider"
OIDC = f"{TYPE}.github"
ELSEWHERE = "gitlab.com"


def first_plan(
    references: list[str], providers: Json | None = None, module: str = "", subject: str = MAIN
) -> Json:
    """
    Write a plan that makes providers, and a role that trusts what *references* name.

    Args:
        references: The references of the principal, as the configuration of a plan lists them.
        providers: The host of each provider, by its address.
        module: The module of the role, with a `.` behind it.
        subject: What the role trusts.
    """
    test = {"test": "StringEquals", "variable": f"{HOST}:sub", "values": [subject]}
    planned = {
        "effect": "Allow",
        "actions": ["sts:AssumeRoleWithWebIdentity"],
        "condition": [test],
        "principals": [{"type": "Federated", "identifiers": [None]}],
    }
    resources = [
        _resource(f"{module}aws_iam_role.deploy", {"name": "deploy", "path": "/"}),
        _resource(f"{module}data.aws_iam_policy_document.trust", {"statement": [planned]}),
        *(
            _resource(address, {"url": f"https://{host}", "client_id_list": [*AUDIENCE.values()]})
            for address, host in (providers or {OIDC: HOST}).items()
        ),
    ]
    document = "data.aws_iam_policy_document.trust"
    configured = {
        "aws_iam_role.deploy": {
            "assume_role_policy": {"references": [f"{document}.json", document]}
        },
        document: {
            "statement": [
                {
                    "actions": {"constant_value": planned["actions"]},
                    "condition": [{key: {"constant_value": one} for key, one in test.items()}],
                    "principals": [
                        {
                            "type": {"constant_value": "Federated"},
                            "identifiers": {"references": references},
                        }
                    ],
                }
            ]
        },
    }
    inner: Json = {"resources": [_configured(one, it) for one, it in configured.items()]}
    names = module.removeprefix("module.").removesuffix(".")
    root: Json = {"module_calls": {names: {"module": inner}}} if names else inner
    tree: Json = {"resources": resources}
    if names:
        here = [one for one in resources if one["address"].startswith(module)]
        others = [one for one in resources if one not in here]
        child = {"address": module.removesuffix("."), "resources": here}
        tree = {"resources": others, "child_modules": [child]}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": tree},
        "resource_changes": [_made(one) for one in resources],
        "configuration": {"provider_config": {"aws": {"name": "aws"}}, "root_module": root},
    }


def _resource(address: str, values: Json) -> Json:
    block, _, index = address.partition("[")
    kind, name = block.split(".")[-2:]
    mode = "data" if "data." in block else "managed"
    label: Json = {"address": address, "mode": mode, "type": kind, "name": name}
    if index:
        label["index"] = json.loads(index.removesuffix("]"))
    return {**label, "provider_name": "aws", "values": values}


def _configured(address: str, expressions: Json) -> Json:
    label = _resource(address, {})
    del label["values"]
    return {**label, "provider_config_key": "aws", "expressions": expressions}


def _made(planned: Json) -> Json:
    unknown: Json = {"arn": True, "id": True}
    if planned["type"] == "aws_iam_role":
        unknown["assume_role_policy"] = True
    if planned["mode"] == "data":
        unknown = {"json": True, "statement": [{"principals": [{"identifiers": [True]}]}]}
    actions = ["read" if planned["mode"] == "data" else "create"]
    after = {"actions": actions, "before": None, "after": planned["values"]}
    return {**planned, "change": {**after, "after_unknown": unknown}}


def answered(content: Json) -> RoleAnswer:
    """Explain the run on main against the one role."""
    return explain_all(run_of(), content).findings[0]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        pytest.param(first_plan([f"{OIDC}.arn", OIDC]), "allowed", id="one"),
        pytest.param(first_plan([f"{OIDC}.id", OIDC]), "allowed", id="its id"),
        pytest.param(
            first_plan([f"{OIDC}.arn", OIDC], {OIDC: f"{HOST}/acme"}), "denied", id="a slug"
        ),
        pytest.param(
            first_plan([f"{OIDC}.arn", OIDC], {OIDC: ELSEWHERE}), "denied", id="another issuer"
        ),
        pytest.param(
            first_plan([f"{OIDC}[0].arn", f"{OIDC}[0]", OIDC], {f"{OIDC}[0]": HOST}),
            "allowed", id="count",
        ),
        pytest.param(
            first_plan(
                ["var.create", f"{OIDC}[0].arn", f"{OIDC}[0]", OIDC, f"data.{OIDC}[0].arn"],
                {f"{OIDC}[0]": HOST},
            ),
            "allowed", id="made or looked up",
        ),
        pytest.param(
            first_plan(
                [f'{OIDC}["a.b"].arn', f'{OIDC}["a.b"]', OIDC],
                {f'{OIDC}["a.b"]': HOST, f'{OIDC}["lab"]': ELSEWHERE},
            ),
            "allowed", id="one instance of two",
        ),
        pytest.param(
            first_plan([OIDC, "each.key"], {f'{OIDC}["a"]': HOST, f'{OIDC}["b"]': ELSEWHERE}),
            "unknown", id="which of two instances",
        ),
        pytest.param(
            first_plan([OIDC, "each.key"], {f'{OIDC}["a"]': HOST, f'{OIDC}["b"]': HOST}),
            "allowed", id="instances of one issuer",
        ),
        pytest.param(
            first_plan([f"{OIDC}.arn", OIDC], {OIDC: HOST, f"{TYPE}.gitlab": ELSEWHERE}),
            "allowed", id="beside another provider",
        ),
        pytest.param(
            first_plan(
                [f"{TYPE}.gitlab.arn", f"{TYPE}.gitlab"],
                {f"{TYPE}.gitlab": ELSEWHERE, OIDC: HOST},
            ),
            "denied", id="the other provider",
        ),
        pytest.param(first_plan(["var.provider_arn"]), "unknown", id="a variable"),
        pytest.param(
            first_plan(["module.oidc.arn", "module.oidc"], {f"module.oidc.{OIDC}": HOST}),
            "allowed", id="an output of a module",
        ),
        pytest.param(
            first_plan(["module.other.arn", "module.other"], {f"module.oidc.{OIDC}": HOST}),
            "unknown", id="an output of another module",
        ),
        pytest.param(
            first_plan([f"{OIDC}.arn", OIDC], {f"module.ci.{OIDC}": HOST}, "module.ci."),
            "allowed", id="in a module",
        ),
        pytest.param(
            first_plan([f"{OIDC}.arn", OIDC], {OIDC: HOST}, "module.ci."),
            "unknown", id="outside of the module",
        ),
    ],
)  # fmt: skip
def test_first_plan(content: Json, answer: str) -> None:
    """In a first plan the provider is that of its `url`, and nothing is guessed beside it."""
    assert answered(content).answer == answer


def test_whose_provider_it_is() -> None:
    """A provider of another issuer is named by its host."""
    finding = answered(first_plan([f"{OIDC}.arn", OIDC], {OIDC: ELSEWHERE}))

    assert finding.cause.id == "other-provider"
    assert repr(ELSEWHERE) in finding.cause.text


def test_what_is_pasted() -> None:
    """A statement of its own has the reference as Terraform takes it."""
    tag = "repo:acme/web:ref:refs/tags/v1"
    content = first_plan([f"{OIDC}.arn", OIDC], subject="repo:acme/web:ref:refs/heads/main")
    finding = explain_run(run_of(tag), estate_of(content)).findings[0]

    pasted = dict(finding.cause.changes[-1].forms)
    assert "known after apply" not in str(finding.cause.changes)
    assert json.loads(pasted["JSON"])["Principal"] == {"Federated": f"${{{OIDC}.arn}}"}
    assert f'identifiers = ["${{{OIDC}.arn}}"]' in pasted["HCL"]


def test_a_literal_principal() -> None:
    """A policy without a reference is left byte for byte."""
    trust = {"Version": "2012-10-17", "Statement": [statement()]}
    content = {"Role": {"RoleName": "web", "AssumeRolePolicyDocument": trust}}

    assert answered(content).answer == "allowed"
