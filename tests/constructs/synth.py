"""Stacks to try constructs in, and what Terraform and a reader of the JSON get of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack

from constructs_lib import GithubRepo

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
REGION = "eu-central-1"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/web"
GITHUB = "token.actions.githubusercontent.com"
WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)

_POLICIES = ("policy", "assume_role_policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One resource or data source, as Terraform reads it."""

    kind: str
    type: str
    name: str
    arguments: Json
    facts: Json

    @property
    def address(self) -> str:
        """What Terraform calls it."""
        return f"{'data.' if self.kind == 'data' else ''}{self.type}.{self.name}"

    @property
    def policy(self) -> Json:
        """The policy that it holds, as AWS gets it."""
        text = next(self.arguments[key] for key in _POLICIES if key in self.arguments)
        return json.loads(text.replace("$${", "${").replace("%%{", "%{"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesized:
    """One stack, synthesized: its JSON and its entry in the manifest."""

    text: str
    config: Json
    blocks: Mapping[str, Block]
    manifest: Json

    def __getitem__(self, path: str) -> Block:
        """Find a block by its path under the stack, for example `Deploy/Resource`."""
        return self.blocks[path]

    def paths(self, *types: str) -> list[str]:
        """List the paths of all blocks, or of those of some types."""
        return sorted(p for p, block in self.blocks.items() if not types or block.type in types)

    @property
    def addresses(self) -> dict[str, str]:
        """Terraform's address of each block, by path."""
        return {path: block.address for path, block in sorted(self.blocks.items())}

    @property
    def dependencies(self) -> list[str]:
        """The stacks that are deployed before this one."""
        return cast("list[str]", self.manifest["dependencies"])

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """The path of the construct and the message of each warning."""
        return [(a["constructPath"], a["message"]) for a in self.manifest["annotations"]]


def new_stack(
    app: App, name: str = "web", *, account: str | None = ACCOUNT, region: str = REGION
) -> TerraformStack:
    """Make a stack with an AWS provider; without *account* the provider does not say its own."""
    stack = TerraformStack(app, name)
    allowed = None if account is None else [account]
    AwsProvider(stack, "Aws", region=region, allowed_account_ids=allowed)
    return stack


def synth(stack: TerraformStack) -> Synthesized:
    """Synthesize the app of *stack*, with its validations, and read what is written for it."""
    app = cast("App", stack.node.root)
    app.synth()
    folder = Path(app.outdir)
    entry = json.loads((folder / "manifest.json").read_text())["stacks"][stack.node.id]
    text = (folder / entry["synthesizedStackPath"]).read_text()
    config = json.loads(text)
    return Synthesized(text=text, config=config, blocks=_blocks(config), manifest=entry)


def _blocks(config: Json) -> dict[str, Block]:
    return {
        body["//"]["metadata"]["path"].partition("/")[2]: Block(
            kind=kind,
            type=block_type,
            name=name,
            arguments={key: value for key, value in body.items() if key != "//"},
            facts=body["//"].get("deploy_access", {}),
        )
        for kind in ("resource", "data")
        for block_type, bodies in config.get(kind, {}).items()
        for name, body in bodies.items()
    }


def statement(
    sid: str,
    action: str | list[str],
    resource: str | list[str] | None = None,
    *,
    condition: Json | None = None,
    principal: Json | None = None,
) -> Json:
    """Write an allowing statement as IAM's JSON has it."""
    found: Json = {"Sid": sid, "Effect": "Allow", "Action": action}
    optional = {"Resource": resource, "Condition": condition, "Principal": principal}
    return found | {key: value for key, value in optional.items() if value is not None}


def policy(*statements: Json) -> Json:
    """Write a policy as IAM's JSON has it."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


LOG_IN = statement("LogInToRegistry", "ecr:GetAuthorizationToken", "*")
PUSH_ACTIONS = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]
PULL_ACTIONS = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
