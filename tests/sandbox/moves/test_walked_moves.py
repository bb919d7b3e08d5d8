"""
The moves of the page, all at once: each is a service of its own, and each step is applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from move_runs import IMAGES_ELSEWHERE, IMAGES_RENAMED, KEY_RENAMED, MAIN, OWNER_RENAMED, RUNS, WEB
from moves_page import read_moves
from sandbox_estates import NONPROD, PROD
from synthesized import synth_file

if TYPE_CHECKING:
    from pathlib import Path

    from move_walk import Walk

MOVES = read_moves()
# An owner has one name at a time, and a renamed key renames the state: each in its own account.
APART = {OWNER_RENAMED, KEY_RENAMED}
TOGETHER = {title: states for title, states in MOVES.items() if title not in APART}
TOOLS = "777788889999"
UNCHANGED = "0 added, 0 changed, 0 destroyed"
NUMBERS = {title: number for number, title in enumerate(MOVES)}
STEPS = range(max(map(len, TOGETHER.values())))


def own(text: str, title: str) -> str:
    """
    Give a move names of its own, so that several are in one estate.
    """
    number = NUMBERS[title]
    named = re.sub(r"\b(web|shop)\b", rf"\g<1>{number}", text)
    return named.replace("456789", f"45678{number}")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What is seen after a step.

    Attributes:
        done: By stack, Terraform's count.
        let_in: By title, whether each run gets in.
        pushed: Whether a run on the main branch pushes to each of the places.
        ids: What AWS gave to each thing when it was made.
    """

    done: dict[str, str]
    let_in: dict[str, list[bool]]
    pushed: list[bool]
    ids: dict[str, object]


@pytest.fixture(scope="module")
def seen(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """
    Walk through all steps, and look around after each.
    """
    return [look(walk, step, tmp_path_factory.mktemp("step")) for step in STEPS]


def look(walk: Walk, step: int, folder: Path) -> Seen:
    """
    Take a step.
    """
    head = next(iter(TOGETHER.values()))[0].file.partition("[services.")[0]
    parts = [own(states[min(step, len(states) - 1)].text, t) for t, states in TOGETHER.items()]
    (folder / "environments.toml").write_text(head + "".join(parts), "utf-8")
    synth_file(folder / "environments.toml", folder / "cdktf.out")
    return Seen(
        done=walk.apply(folder / "cdktf.out"),
        let_in={
            title: [
                walk.enter(own(run.role, title), own(run.subject, title)) is not None
                for run in RUNS[title]
            ]
            for title in TOGETHER
        },
        pushed=[push(walk, place, step) for place in places()],
        ids=walk.ids(),
    )


def places() -> list[tuple[str, str, str]]:
    """
    List who pushes where: the move, the roles before and after, the repositories before and after.
    """
    one, two = (f"web{NUMBERS[title]}" for title in (IMAGES_ELSEWHERE, IMAGES_RENAMED))
    return [
        (IMAGES_ELSEWHERE, f"{one}-dev-deploy", f"{one}-dev"),
        (IMAGES_ELSEWHERE, f"{one}-images-push", f"{one}-dev"),
        (IMAGES_RENAMED, f"{two}-dev-deploy", f"{two}-dev"),
        (IMAGES_RENAMED, f"{two}-dev-deploy", f"shop{NUMBERS[IMAGES_RENAMED]}/{two}"),
    ]


def push(walk: Walk, place: tuple[str, str, str], step: int) -> bool:
    """
    Push an image as a role to a repository, which is of no use before it is there.
    """
    title, role, repository = place
    if repository not in walk.ids():
        return False
    return walk.push(role, own(f"repo:{WEB}{MAIN}", title), repository, f"{role}-{step}")


@pytest.mark.terraform
@pytest.mark.parametrize("title", TOGETHER)
def test_who_gets_in(seen: list[Seen], title: str) -> None:
    """
    After each step the gate lets in whom the page says, and no stranger.
    """
    states = len(TOGETHER[title])
    found = [[one.let_in[title][i] for one in seen[:states]] for i in range(len(RUNS[title]))]

    assert dict(zip((r.sub for r in RUNS[title]), found, strict=True)) == {
        run.sub: list(run.let_in) for run in RUNS[title]
    }


@pytest.mark.terraform
def test_who_pushes(seen: list[Seen]) -> None:
    """
    The role of before pushes until the workflow has gone over to the one of after.
    """
    found = {place[1:]: [one.pushed[i] for one in seen] for i, place in enumerate(places())}

    assert list(found.values()) == [
        [True, True, False, False],
        [False, True, True, True],
        [True, True, True, False],
        [False, False, True, True],
    ], found


@pytest.mark.terraform
def test_nothing_is_made_anew(seen: list[Seen]) -> None:
    """
    What was there before a step is there after it, and is the same, with its lifecycle.
    """
    for before, after in pairwise(seen):
        assert before.ids.items() <= after.ids.items()


@pytest.mark.terraform
def test_images_stay(walk: Walk, seen: list[Seen]) -> None:
    """
    A repository that is forgotten or taken over has the images of all steps.
    """
    for title in (IMAGES_ELSEWHERE, IMAGES_RENAMED):
        name = f"web{NUMBERS[title]}-dev"
        assert f"{name}-deploy-0" in walk.images(name)
    assert seen


@pytest.mark.terraform
def test_what_terraform_does(seen: list[Seen]) -> None:
    """
    Only the grants of the last steps are destroyed, and at the end each stack is as it is written.
    """
    one, two = (f"web{NUMBERS[title]}" for title in (IMAGES_ELSEWHERE, IMAGES_RENAMED))
    destroyed = [
        sorted(name for name, count in each.done.items() if not count.endswith(" 0 destroyed"))
        for each in seen
    ]

    assert destroyed == [[], [], [f"{one}-dev"], [f"{two}-dev"]]
    assert seen[1].done[f"{one}-images"] == "2 imported, 2 added, 0 changed, 0 destroyed"
    assert seen[1].done[f"{one}-dev"] == seen[1].done[f"{two}-dev"] == UNCHANGED
    assert seen[2].done[f"{one}-images"] == UNCHANGED


def apply_apart(walk: Walk, file: str, folder: Path, name: str) -> dict[str, str]:
    """
    Apply a file in the account of *walk*, which is called *name* there.
    """
    text = file.replace(NONPROD, walk.account).replace("accounts.dev", f"accounts.{name}")
    text = text.replace('account = "dev"', f'account = "{name}"')
    (folder / "environments.toml").write_text(text, "utf-8")
    synth_file(folder / "environments.toml", folder / "cdktf.out")
    return walk.apply(folder / "cdktf.out")


@pytest.mark.terraform
def test_an_owner_is_renamed(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> None:
    """
    The roles of all of its repositories go on, and the new owner of the old name gets in nowhere.
    """
    there = replace(walk, account=PROD, applied={})
    found: list[list[bool]] = []
    for state in MOVES[OWNER_RENAMED]:
        counts = apply_apart(there, state.file, tmp_path_factory.mktemp("owner"), "prod")
        assert all(count.endswith(" 0 destroyed") for count in counts.values())
        found.append([there.enter(r.role, r.subject) is not None for r in RUNS[OWNER_RENAMED]])

    assert [run.let_in for run in RUNS[OWNER_RENAMED]] == list(zip(*found, strict=True))


@pytest.mark.terraform
def test_a_key_is_renamed(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> None:
    """
    With its state the stack of another name has all that there was, and the old one nothing.
    """
    there = replace(walk, account=TOOLS, applied={})
    before, after = (own(state.file, KEY_RENAMED) for state in MOVES[KEY_RENAMED])
    apply_apart(there, before, tmp_path_factory.mktemp("key"), "tools")
    ids = there.ids()
    old, new = (own(f"terraform.{key}-dev.tfstate", KEY_RENAMED) for key in ("web", "shop"))
    (walk.box.folder.root / old).rename(walk.box.folder.root / new)

    done = apply_apart(there, after, tmp_path_factory.mktemp("key"), "tools")

    assert done == {own("shop-dev", KEY_RENAMED): UNCHANGED}
    assert there.ids() == ids
    for run in RUNS[KEY_RENAMED]:
        role, subject = own(run.role, KEY_RENAMED), own(run.subject, KEY_RENAMED)
        assert (there.enter(role, subject) is not None) == run.let_in[1]
