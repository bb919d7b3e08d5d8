"""Real inputs whose structure is broken: findings, or a line that says why there are none."""

from __future__ import annotations

import gc
import json
import random
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from structure_inputs import INPUTS, ROLE_DETAIL, Input
from structure_mutations import added_keys, broken_texts, huge_parts, keys_of, wrong_types

from deploy_access.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    Mutation = Callable[[object, tuple[str | int, ...]], Iterator[str]]

# How each key is broken, and how many of those ways are tried for it; None is all of them.
MUTATIONS: Sequence[tuple[Mutation, int | None]] = (
    (wrong_types, None),
    (added_keys, 12),
    (huge_parts, 6),
    (broken_texts, 4),
)
FEW = 2
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@pytest.fixture(autouse=True, scope="module")
def _collector() -> Iterator[None]:
    """
    Give back what the commands keep from the collector, once for all of them.

    A collection after each test would walk over all that the tests before have imported.
    """
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def write(folder: Path, given: Input) -> None:
    """Write the files that the commands read beside the broken one."""
    (folder / "SAME").write_text(json.dumps(given.document), "utf-8")
    (folder / "POLICY").write_text(json.dumps({"Role": ROLE_DETAIL}), "utf-8")
    stack = folder / "OUT" / "stacks" / "account-web"
    stack.mkdir(parents=True)
    manifest = INPUTS["manifest"].document
    (stack / "cdk.tf.json").write_text(json.dumps(INPUTS["stack"].document), "utf-8")
    (folder / "OUT" / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def break_file(folder: Path, name: str, text: str) -> None:
    """Put a broken document where the commands read it."""
    place = {"stack": "stacks/account-web/cdk.tf.json", "manifest": "manifest.json"}.get(name)
    (folder / "IN").write_text(text, "utf-8")
    if place:
        (folder / "OUT" / place).write_text(text, "utf-8")


def wrong(result: Result) -> str:
    """Say how a command ended otherwise than it is documented; nothing when it did not."""
    if result.exit_code not in {0, 1, 10}:
        return f"exit code {result.exit_code}: {result.exception!r} {result.stderr}"
    if CONTROL.search(result.output):
        return "a control character"
    if result.exit_code != 1:
        return ""
    lines = result.stderr.splitlines()
    if result.stdout or not lines or not all(line.startswith("fatal: ") for line in lines):
        return result.output
    return result.stderr if "is not foreseen" in result.stderr else ""


def failures(
    folder: Path, name: str, runs: Iterable[tuple[str, tuple[str, ...]]]
) -> list[tuple[str, tuple[str, ...], str]]:
    """Run each command on its broken document, and list what went wrong."""
    runner = CliRunner()
    write(folder, INPUTS[name])
    found: list[tuple[str, tuple[str, ...], str]] = []
    for text, command in runs:
        break_file(folder, name, text)
        said = wrong(runner.invoke(main, command))
        found += [(text[:2000], command, said)] if said else []
    return found


@pytest.mark.parametrize("name", INPUTS)
def test_inputs_are_read(tmp_path: Path, name: str) -> None:
    """Each input, as it is, is one that every command has an answer for."""
    given = INPUTS[name]
    write(tmp_path, given)
    break_file(tmp_path, name, json.dumps(given.document))

    codes = {command: CliRunner().invoke(main, command).exit_code for command in given.commands}

    assert {command: code for command, code in codes.items() if code not in {0, 10}} == {}


@pytest.mark.parametrize("name", INPUTS)
def test_some_broken_inputs(tmp_path: Path, name: str) -> None:
    """A few of the mutations, always the same ones, end as they are documented for each command."""
    chosen = random.Random(name)  # noqa: S311 - a choice that is the same each time
    document, commands = INPUTS[name]
    paths = keys_of(document)
    mutations = [mutation for mutation, _ in (*MUTATIONS, MUTATIONS[0])]
    broken = [list(mutate(document, chosen.choice(paths))) for mutate in mutations * FEW]
    texts = [chosen.choice(one) for one in broken if one]

    assert failures(tmp_path, name, product(texts, commands)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("mutation", "most"), MUTATIONS, ids=["types", "keys", "huge", "broken"])
@pytest.mark.parametrize("name", INPUTS)
def test_every_key(tmp_path: Path, name: str, mutation: Mutation, most: int | None) -> None:
    """Every key of every input with every wrong value: any command ends as it is documented."""
    chosen = random.Random(name)  # noqa: S311 - a choice that is the same each time
    document, commands = INPUTS[name]
    runs = (
        (text, chosen.choice(commands))
        for path in keys_of(document)
        for text in some(chosen, list(mutation(document, path)), most)
    )

    assert failures(tmp_path, name, runs) == []


def some(chosen: random.Random, texts: list[str], most: int | None) -> list[str]:
    """Choose so many of the texts."""
    return texts if most is None else chosen.sample(texts, min(most, len(texts)))
