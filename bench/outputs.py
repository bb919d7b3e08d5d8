"""The outputs of the programs, read and compared."""

import json
from pathlib import Path
from typing import cast

# The backend and the metadata differ between the programs; what Terraform would make may not.
COMPARED = ("provider", "data", "resource")


def stack_name(number: int) -> str:
    """Return the name of a stack; all are of one length, and none is part of another."""
    return f"service-{number:04d}"


def stack_file(folder: Path, number: int) -> Path:
    """Return where a program writes a stack."""
    return folder / "stacks" / stack_name(number) / "cdk.tf.json"


def differing_stacks(one: Path, other: Path, count: int) -> list[str]:
    """Return the names of the stacks that hold different resources in two folders."""
    return [
        stack_name(number)
        for number in range(count)
        if _blocks(stack_file(one, number)) != _blocks(stack_file(other, number))
    ]


def _blocks(file: Path) -> dict[str, object]:
    stack = cast("dict[str, object]", json.loads(file.read_text(encoding="utf-8")))
    return {block: stack.get(block) for block in COMPARED}
