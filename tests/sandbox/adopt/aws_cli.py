"""
The part of the AWS CLI that the printed commands use, for a machine without it.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-command-structure.html
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import botocore  # pyright: ignore[reportMissingTypeStubs]
import jmespath  # pyright: ignore[reportMissingTypeStubs]
from account_exports import as_printed, authorization_details

from sandbox.server.aws_session import AwsError, AwsSession, SessionKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KEYS = "SANDBOX_SESSION"
# https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
FAILED = 254

_words: Callable[..., str] = cast("Any", botocore).xform_name


def write_program(folder: Path, session: AwsSession) -> Mapping[str, str]:
    """Write a program `aws` that asks the sandbox; return an environment with it and ours."""
    program = folder / "aws"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    places = [str(folder), str(Path(sys.executable).parent), os.environ["PATH"]]
    keys = session.keys
    given = [session.endpoint, session.region, keys.access_key, keys.secret_key, keys.token]
    return {
        "PATH": os.pathsep.join(places),
        "PYTHONPATH": os.pathsep.join(sys.path),
        KEYS: json.dumps(given),
    }


def main(arguments: Sequence[str]) -> int:
    """Make one call, and print its answer as the CLI does."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("service", "operation"):
        parser.add_argument(name)
    parser.add_argument("--query")
    parser.add_argument("--output", choices=["json", "text"], default="json")
    parser.add_argument("--region")
    known, rest = parser.parse_known_args(arguments)
    client = _session(known.region).client(known.service)
    try:
        answer = _ask(client, known.operation.replace("-", "_"), rest)
    except AwsError as error:
        sys.stderr.write(f"\n{error}\n")
        return FAILED
    shown = jmespath.search(known.query, answer) if known.query else answer
    sys.stdout.write(_as_text(shown) if known.output == "text" else as_printed(shown))
    return 0


def _session(region: str | None) -> AwsSession:
    endpoint, own, access, secret, token = json.loads(os.environ[KEYS])
    keys = SessionKeys(access_key=access, secret_key=secret, token=token)
    return AwsSession(endpoint=endpoint, keys=keys, region=region or own)


def _ask(client: Any, operation: str, options: Sequence[str]) -> Any:
    """Make the call; of one that has pages all are joined."""
    if operation == "get_account_authorization_details":
        return authorization_details(client)
    given = _parameters(client, operation, options)
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**given).build_full_result()
    answer = getattr(client, operation)(**given)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _parameters(client: Any, operation: str, options: Sequence[str]) -> dict[str, Any]:
    """Read `--policy-arn ARN` and `--only-attached` as parameters of the call."""
    model = client.meta.service_model
    (shape,) = [one for one in model.operation_names if _words(one) == operation]
    takes = model.operation_model(shape).input_shape
    names = {f"--{_words(one, '-')}": one for one in (takes.members if takes else ())}
    given: dict[str, Any] = {}
    left = list(options)
    while left:
        name = names[left.pop(0)]
        is_flag = takes.members[name].type_name == "boolean"
        given[name] = True if is_flag else left.pop(0)
    return given


def _as_text(shown: Any) -> str:
    """Print a list in one line, its members separated by tabs, and a list of lists in lines."""
    rows = cast("list[Any]", shown) if isinstance(shown, list) else [shown]
    if not all(isinstance(one, list) for one in rows):
        rows = [rows]
    return "".join("\t".join(map(str, row)) + "\n" for row in rows if row)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
