"""Read what a stack synthesizes to, with its policies as objects and what differs masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stacks.stack_builder import build_stacks  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

from stacks.environments_file import load_estate
from stacks.synthesis import synthesize

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

_POLICIES = ("assume_role_policy", "policy")


@dataclass(frozen=True)
class Synthesized:
    """
    One `cdk.tf.json`.

    Attributes:
        content: As it is in the file.
    """

    content: Json

    def resources(self, kind: str) -> dict[str, Json]:
        """Return the resources of a type by their logical id, for example `Deploy_7B206E61`."""
        found: dict[str, Json] = self.content.get("resource", {}).get(kind, {})
        return found

    def at(self, path: str) -> Json:
        """Return the resource that a construct makes: `Deploy`, `Image/Lifecycle`."""
        found = [
            resource
            for resources in self.content.get("resource", {}).values()
            for resource in resources.values()
            if _path_of(resource) in {path, f"{path}/Resource"}
        ]
        assert len(found) == 1, f"{len(found)} resources at {path}"
        return found[0]

    def trust_policy(self, role: str = "Deploy") -> Json:
        """Return who may assume a role."""
        return _decoded(self.at(role)["assume_role_policy"])

    def policy(self, path: str) -> Json:
        """Return the policy of the construct there: `Ecs`, `Deploy/Push-web`."""
        return _decoded(self.at(path)["policy"])

    @property
    def outputs(self) -> Json:
        """The outputs' values by their names."""
        return {name: output["value"] for name, output in self.content["output"].items()}

    @property
    def provider(self) -> Json:
        """The arguments of the stack's AWS provider."""
        found: Json = self.content["provider"]["aws"][0]
        return found

    @property
    def terraform(self) -> Json:
        """The `terraform` block."""
        found: Json = self.content["terraform"]
        return found

    @property
    def addresses(self) -> list[str]:
        """The addresses of all resources and data sources, sorted."""
        modes = (("", "resource"), ("data.", "data"))
        return sorted(
            f"{prefix}{kind}.{name}"
            for prefix, mode in modes
            for kind, named in self.content.get(mode, {}).items()
            for name in named
        )

    def reviewable(self) -> Json:
        """
        Return it for people: policies as objects, and nothing that others decide.

        That is the framework's notes about itself, and the versions of the AWS provider.
        """
        shown: Json = _with_policies(self.content)
        shown["terraform"]["required_providers"]["aws"]["version"] = "<what the bindings support>"
        return {key: value for key, value in shown.items() if key != "//"}


def read_stacks(out: Path) -> dict[str, Synthesized]:
    """Read every stack of a `cdktf.out`, by its name."""
    return {
        file.parent.name: Synthesized(json.loads(_as_cdktf_writes(file.read_text("utf-8"))))
        for file in sorted(out.glob("stacks/*/cdk.tf.json"))
    }


def _as_cdktf_writes(text: str) -> str:
    # CDK Terrain writes the namespace that Terraform adds to a name without one.
    return text.replace('"source": "hashicorp/aws"', '"source": "aws"')


def synth_file(environments: Path, out: Path) -> dict[str, Synthesized]:
    """Do what `main.py` does with an `environments.toml`, and read the stacks back."""
    app, estate = App(outdir=str(out)), load_estate(environments)
    build_stacks(app, estate)
    synthesize(app, estate.file, locks=environments.parent / "locks")
    return read_stacks(out)


def _path_of(resource: Json) -> str:
    path: str = resource["//"]["metadata"]["path"]
    return path.partition("/")[2]


def _decoded(policy: str) -> Json:
    found: Json = json.loads(policy)
    return found


def _with_policies(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast("Json", value)
        return {key: _with_policy(key, inner) for key, inner in found.items()}
    return value


def _with_policy(key: str, value: Any) -> Any:
    if key in _POLICIES and isinstance(value, str):
        return _decoded(value)
    return _with_policies(value)
