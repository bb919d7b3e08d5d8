"""The AWS provider itself plans and declares what the rows of `resource_kinds` say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from kind_samples import CASES, SAMPLES, Case, is_optional_guard
from provider_plans import SAMPLE, plan, read_schemas, write_state

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.resource_kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from provider_plans import Changes
    from sample_values import Json

    from deploy_access.resource_diff.resource_kinds.guard import Guard

pytestmark = pytest.mark.terraform

CASE_OF = {(case.type, case.label): case for case in CASES}
GUARDS = [(kind, guard) for kind, row in KINDS.items() for guard in row.all_guards]
OPTIONAL = [(kind, guard) for kind, guard in GUARDS if is_optional_guard(kind, guard.argument)]


@pytest.fixture(scope="module")
def schemas(provider_folder: Path) -> Json:
    """Return the schema of each type."""
    return read_schemas(provider_folder)


@pytest.fixture(scope="module")
def made(provider_folder: Path, schemas: Json) -> Changes:
    """Plan every sample as it is, and one without each guard."""
    assert schemas.keys() >= SAMPLES.keys()
    resource: Json = {kind: {SAMPLE: body} for kind, (body, _) in SAMPLES.items()}
    for kind, guard in OPTIONAL:
        argument = guard.argument.partition(".")[0]
        resource[kind][guard.argument.replace(".", "__")] = {
            name: value for name, value in SAMPLES[kind][0].items() if name != argument
        }
    return plan(provider_folder, resource)


@pytest.fixture(scope="module")
def planned(provider_folder: Path, schemas: Json, made: Changes) -> Changes:
    """Plan every case, from a state in which it is as it was."""
    before: Json = {}
    after: Json = {}
    for case in CASES:
        before.setdefault(case.type, {})[case.label] = case.before
        after.setdefault(case.type, {})[case.label] = case.after
    write_state(provider_folder, schemas, made, before)
    return plan(provider_folder, after)


def text_at(value: object, path: str) -> str:
    """Read an argument in a plan; an empty text where it is null."""
    for part in path.split("."):
        value = as_object(next(objects(value), None)).get(part)
    return as_text(value) or ""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case.type}.{case.label}")
        for case in CASES
        if KINDS[case.type].fixed is not None
    ],
)
def test_what_the_provider_makes_anew(case: Case, planned: Changes) -> None:
    """An argument is fixed in its row exactly when the provider plans to make the resource anew."""
    paths: list[list[str | int]] = planned[case.type, case.label].get("replace_paths", [])
    names = {".".join(str(step) for step in path if isinstance(step, str)) for path in paths}

    assert any(name.startswith(case.name) for name in names) == case.is_fixed


@pytest.mark.parametrize(
    ("kind", "guard"),
    [pytest.param(*one, id=f"{one[0]}.{one[1].argument}") for one in OPTIONAL],
)
def test_the_default_of_a_guard(kind: str, guard: Guard, made: Changes) -> None:
    """A new resource without the argument gets the default, or a value that AWS chooses."""
    change = made[kind, guard.argument.replace(".", "__")]
    head = guard.argument.partition(".")[0]

    if change["after_unknown"].get(head) is not True:
        assert (text_at(change["after"], guard.argument) or guard.default) == guard.default
    else:
        assert guard.is_kept


@pytest.mark.parametrize(
    ("kind", "guard"),
    [pytest.param(*one, id=f"{one[0]}.{one[1].argument}") for one in OPTIONAL],
)
def test_a_guard_that_is_left_out(kind: str, guard: Guard, planned: Changes) -> None:
    """An argument that is no longer written goes to its default, or keeps its value."""
    label = f"{guard.argument.replace('.', '__')}__left_out"
    before = text_at(CASE_OF[kind, label].before, guard.argument)
    after = text_at(planned[kind, label]["after"], guard.argument) or guard.default

    assert before != guard.default
    assert after == (before if guard.is_kept else guard.default)


@pytest.mark.parametrize("kind", KINDS)
def test_every_argument_is_one_of_the_provider(kind: str, schemas: Json) -> None:
    """Each attribute that a row names is in the schema, and a type has tags or has none."""
    row, block = KINDS[kind], schemas[kind]["block"]
    named = {
        *row.named_by,
        *(row.fixed or {}),
        *(guard.argument for guard in row.all_guards),
        *re.findall(r"\{(\w+)\}", row.import_id),
        *filter(None, (row.deletes_by, row.part_of)),
    }

    assert {path for path in named if not is_declared(block, path)} == set()
    assert ("tags_all" in block["attributes"]) == row.has_tags


def is_declared(block: Json, path: str) -> bool:
    """Whether a schema has the argument at *path*."""
    name, _, rest = path.partition(".")
    if rest:
        inner: Any = block.get("block_types", {}).get(name)
        return inner is not None and is_declared(inner["block"], rest)
    return name in block["attributes"] or name in block.get("block_types", {})
