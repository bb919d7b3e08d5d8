"""The AWS provider itself plans to make anew what the table says, and nothing else of it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from force_new_samples import MORE, SAMPLES
from review_sides import Json, stack, write_side
from with_terraform import give_up

from deploy_access.resource_diff.force_new import FORCE_NEW, UNTAGGED, fixed
from deploy_access.resource_diff.values import same_scalar
from sandbox import MissingTool, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.terraform

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ALONE: Json = {
    "region": "eu-central-1",
    "access_key": "none",
    "secret_key": "none",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
}
"""A provider that asks nobody: a plan with `-refresh=false` needs nobody."""


class Case(NamedTuple):
    """An argument that is changed."""

    kind: str
    name: str
    before: Json
    after: Json

    @property
    def is_left_out(self) -> bool:
        """Whether the argument is not there afterwards."""
        return self.name in self.before and self.name not in self.after

    @property
    def label(self) -> str:
        """The name of the resource that is this case."""
        return self.name.replace(".", "__") + ("__left_out" if self.is_left_out else "")

    @property
    def is_fixed(self) -> bool:
        """Whether the table says that it is made anew."""
        rule = fixed(self.kind, self.name)
        if rule is None or not self.is_left_out:
            return rule is not None
        return not rule.is_kept and not same_scalar(rule.default, self.before[self.name])


def cases() -> Iterator[Case]:
    """List every argument of every type."""
    for kind, (body, arguments) in SAMPLES.items():
        for name, (before, after) in arguments.items():
            argument = name.partition(".")[0]
            yield Case(kind, name, {**body, argument: before}, {**body, argument: after})
            if name not in body and name == argument:
                yield Case(kind, name, {**body, name: before}, body)
    for (kind, name), (before, after) in MORE.items():
        body = SAMPLES[kind][0]
        yield Case(kind, name, {**body, **before}, {**body, **after})


CASES = list(cases())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Find the provider, in the way of the sandbox."""
    out = write_side(tmp_path_factory.mktemp("empty"), {"empty": needing_aws(stack())})
    found = tmp_path_factory.mktemp("provider")
    try:
        with Sandbox(out) as sandbox:
            mirror = json.dumps(str(sandbox.provider.mirror.resolve()))
            block = f"filesystem_mirror {{\n path = {mirror}\n }}"
            (found / "rc").write_text(f"provider_installation {{\n {block}\n}}\n", "utf-8")
            yield found
    except MissingTool as error:
        give_up(str(error))


def needing_aws(document: Json) -> Json:
    """Say which provider a stack needs."""
    required = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}
    backend = {"local": {"path": "terraform.tfstate"}}
    return {**document, "terraform": {"required_providers": required, "backend": backend}}


def run(folder: Path, *arguments: str) -> str:
    """Run Terraform where nothing of the caller's can reach it."""
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    environment = {
        **passed,
        "TF_CLI_CONFIG_FILE": str(folder / "rc"),
        "CHECKPOINT_DISABLE": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    result = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr.decode()[:5000]
    return result.stdout.decode()


def versions(folder: Path) -> dict[str, Any]:
    """Read the schemas of all resources."""
    providers = json.loads(run(folder, "providers", "schema", "-json"))["provider_schemas"]
    (found,) = providers.values()
    return found["resource_schemas"]


def state(schemas: Json) -> Json:
    """Write a state in which everything is as it was."""
    resources = [
        {
            "mode": "managed",
            "type": case.kind,
            "name": case.label,
            "provider": PROVIDER,
            "instances": [
                {
                    "schema_version": schemas[case.kind]["version"],
                    "attributes": {**case.before, "id": case.label},
                }
            ],
        }
        for case in CASES
    ]
    return {"version": 4, "serial": 1, "lineage": "none", "outputs": {}, "resources": resources}


@pytest.fixture(scope="module")
def schemas(folder: Path) -> Json:
    """Initialise, and read what the provider says about its resources."""
    resource: Json = {}
    for case in CASES:
        resource.setdefault(case.kind, {})[case.label] = case.after
    document = {**needing_aws({}), "provider": {"aws": ALONE}, "resource": resource}
    (folder / "main.tf.json").write_text(json.dumps(document), "utf-8")
    run(folder, "init", "-input=false", "-no-color")
    return versions(folder)


@pytest.fixture(scope="module")
def replaced(folder: Path, schemas: Json) -> dict[tuple[str, str], set[str]]:
    """Name the arguments for which each resource is made anew."""
    (folder / "terraform.tfstate").write_text(json.dumps(state(schemas)), "utf-8")
    run(folder, "plan", "-refresh=false", "-input=false", "-no-color", "-out=plan")
    found: dict[tuple[str, str], set[str]] = {}
    for change in json.loads(run(folder, "show", "-json", "plan"))["resource_changes"]:
        paths: list[list[str | int]] = change["change"].get("replace_paths", [])
        names = {".".join(str(step) for step in path if isinstance(step, str)) for path in paths}
        found[change["type"], change["name"]] = names
    return found


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.kind}.{c.label}") for c in CASES])
def test_what_the_provider_makes_anew(
    case: Case, replaced: dict[tuple[str, str], set[str]]
) -> None:
    """An argument is fixed in the table exactly when the provider plans to make it anew."""
    causes = {name for name in replaced[case.kind, case.label] if name.startswith(case.name)}

    assert bool(causes) == case.is_fixed


@pytest.mark.parametrize("kind", FORCE_NEW)
def test_the_table_names_what_there_is(kind: str, schemas: Json) -> None:
    """Each argument of the table is one of the provider's, and what has no tags has none."""
    block = schemas[kind]["block"]
    known = {*block["attributes"], *block.get("block_types", {})}

    assert {name.partition(".")[0] for name in FORCE_NEW[kind]} <= known
    assert ("tags_all" in known) == (kind not in UNTAGGED)


def test_every_type_has_a_sample() -> None:
    """No type is in the table without a plan that proves it."""
    assert SAMPLES.keys() == FORCE_NEW.keys()
