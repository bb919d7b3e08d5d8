"""
The only reader of `cdktf.out`: what the stacks say, as Terraform will read it.

CDKTF lists the stacks in `manifest.json` and writes each into a `cdk.tf.json` of its own. Nothing
else passes from the constructs to the command.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Backend:
    """
    Where a stack keeps its state.

    Attributes:
        bucket: The bucket's name.
        region: The bucket's region.
        key: The state's name in it.
        kms_key: The ARN of the key that encrypts it, or None for a key of S3.
        role_arn: The role that reads and writes it, or None for the caller's own.
    """

    bucket: str
    region: str
    key: str
    kms_key: str | None
    role_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """
    One synthesized stack.

    Attributes:
        name: Its name, for example `account-prod`.
        account: The one account that its AWS provider allows, or None.
        region: The region of that provider, or None.
        role_arn: The role that the provider assumes, or None for the caller's own.
        backend: Its state in S3, or None when it is kept elsewhere.
    """

    name: str
    account: str | None
    region: str | None
    role_arn: str | None
    backend: S3Backend | None


def read_stacks(out: Path) -> dict[str, Stack]:
    """
    Read every stack of *out*, by name.

    Raises:
        InvalidValue: There is no synthesized output, or it is not as CDKTF writes it.
    """
    manifest = _read_json(out / MANIFEST)
    entries = {name: _object(entry) for name, entry in _object(manifest.get("stacks")).items()}
    return {
        name: _stack(name, _read_json(out / str(entry.get("synthesizedStackPath"))))
        for name, entry in sorted(entries.items())
    }


def _stack(name: str, document: Mapping[str, object]) -> Stack:
    providers = [_object(found) for found in _list(_object(document.get("provider")).get("aws"))]
    provider = next((found for found in providers if "alias" not in found), _object(None))
    accounts = _list(provider.get("allowed_account_ids"))
    backend = _object(_object(document.get("terraform")).get("backend")).get("s3")
    return Stack(
        name=name,
        account=_text(accounts[0]) if len(accounts) == 1 else None,
        region=_text(provider.get("region")),
        role_arn=_assumed(provider),
        backend=None if backend is None else _backend(name, _object(backend)),
    )


def _backend(stack: str, backend: Mapping[str, object]) -> S3Backend:
    texts = {name: _text(backend.get(name)) for name in ("bucket", "region", "key")}
    missing = sorted(name for name, text in texts.items() if text is None)
    if missing:
        raise InvalidValue(
            Problem(
                what=f"The S3 backend of stack {stack!r} is not written out.",
                given=missing,
                why="The bucket, its region and the key are what a state is found by.",
                fix="Give each as plain text.",
            )
        )
    return S3Backend(
        **{name: str(text) for name, text in texts.items()},
        kms_key=_text(backend.get("kms_key_id")),
        role_arn=_text(backend.get("role_arn")) or _assumed(backend),
    )


def _assumed(block: Mapping[str, object]) -> str | None:
    """Read the role of an `assume_role` block, which JSON has with or without a list."""
    roles = _list(block.get("assume_role"))
    return _text(_object(roles[0]).get("role_arn")) if roles else None


def _read_json(path: Path) -> Mapping[str, object]:
    try:
        found: object = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        problem = Problem(
            what="There is no synthesized output.",
            given=str(path),
            why="The command reads what the stacks were synthesized into, and nothing else.",
            fix="Run `python main.py` or `cdktf synth`, or say where it is with `--out`.",
        )
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        problem = Problem(
            what="A synthesized file is no JSON.",
            given=str(path),
            why=f"It was cut off or changed by hand: {error}.",
            fix="Synthesize anew: `python main.py` or `cdktf synth`.",
        )
    else:
        return _object(found)
    raise InvalidValue(problem)


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return cast("list[object]", value)
    return [] if value is None else [value]


def _text(value: object) -> str | None:
    """Read a text that is known now: neither empty nor filled in by Terraform."""
    return value if isinstance(value, str) and value and "${" not in value else None
