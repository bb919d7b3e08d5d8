"""
The blocks of a stack that run code, or write files, on the machine that applies.

Sources: https://developer.hashicorp.com/terraform/language/provisioners,
https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle and the pages of
https://registry.terraform.io/providers/hashicorp/local/latest/docs
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects
from deploy_access.resource_diff.argument_values import resolve
from deploy_access.terraform.block_comments import without_comment
from deploy_access.terraform.definitions import made_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope

MADE_OF = "made of"
"""The key of a digest of all that a setting is made of; it is compared and never shown."""
RUNS = {"external", "http", "aws_lambda_invocation"}
"""The types that run code, or ask another server."""
_ARCHIVE = "archive_file"
WRITES = {
    _ARCHIVE: "output_path",
    "local_file": "filename",
    "local_sensitive_file": "filename",
    "template_dir": "destination_dir",
}
"""The types that write files, each with the argument that says where."""
ASKS = {"http", "tls_certificate"}
"""The data sources that ask another server."""
# Their data sources read AWS or the state, or compute something of their arguments. Those of other
# providers may run anything, as `local_command` does.
_READING = (
    "archive_",
    "aws_",
    "cloudinit_",
    "null_",
    "random_",
    "template_",
    "terraform_",
    "time_",
)
_READ = {"local_file", "local_sensitive_file", "tls_public_key"}
# An archive beside the stack is what a function is made of. Elsewhere it may replace a program.
_LEAVES = re.compile(r"^(/|~|[A-Za-z]:)|(^|[/\\])\.")
_FOLDER = re.compile(r"\$\{path\.(module|root|cwd)\}/?")


def runs(mode: str, kind: str) -> bool:
    """Whether a resource or data source runs code when it is made or read."""
    # A resource of another provider shows among the resources; its data source shows nowhere else.
    is_harmless = kind.startswith(_READING) or kind in _READ
    return kind in RUNS or (mode == "data" and not is_harmless)


def writes(mode: str, kind: str, arguments: Mapping[str, object]) -> bool:
    """Whether a resource or data source writes a file that another program may read."""
    if kind != _ARCHIVE:
        return mode != "data" and kind in WRITES
    path = _FOLDER.sub("", as_text(arguments.get(WRITES[_ARCHIVE])) or "")
    return "${" in path or bool(_LEAVES.search(path))


def code_of(scope: Scope) -> Iterator[tuple[str, Mapping[str, object]]]:
    """List the blocks that run code or write files, by address, with all that is passed to them."""
    for block in scope.module.blocks:
        body = without_comment(block.body)
        if block.mode == "resource" and body.get("provisioner") is not None:
            given = {name: body.get(name) for name in ("provisioner", "connection")}
            yield f"{block.address}.provisioner", _with_own(scope, given, body)
        for trigger in _triggers(block):
            yield f"{block.address}.action_trigger", _with_own(scope, trigger, body)
        if runs(block.mode, block.type):
            yield block.address, body
        elif writes(block.mode, block.type, body):
            # What is written may be a secret, so it is compared by its digest only.
            place = {name: body.get(name) for name in (WRITES[block.type],)}
            yield block.address, {**place, MADE_OF: made_of(scope, resolve(scope, body))}


def _with_own(
    scope: Scope, given: Mapping[str, object], body: Mapping[str, object]
) -> Mapping[str, object]:
    """Return what is passed to code, with a digest of the arguments that it can read."""
    if not re.search(r"\b(self|each|count)\.", str(given)):
        return given
    return {**given, MADE_OF: made_of(scope, resolve(scope, body))}


def _triggers(block: Block) -> Iterator[Mapping[str, object]]:
    for lifecycle in objects(block.body.get("lifecycle")):
        yield from objects(lifecycle.get("action_trigger"))
