"""The workflows of this repository, and those of its pages: nothing to find, everything pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from judges.workflow_judges import check_schema, languageservice, read_action_inputs, zizmor
from workflow_files import ACTIONS, OURS, ROOT, WORKFLOWS, from_page, parse, read, steps

from deploy_access.workflow.pins import pin, read_pins

if TYPE_CHECKING:
    from pathlib import Path

USES = re.compile(r"^\s*(?:- )?uses: (?P<what>\S+)(?P<comment> # v\d+\.\d+\.\d+)?$", re.MULTILINE)
ANY_USES = re.compile(r"^\s*(?:- )?uses:", re.MULTILINE)
HERE = "OWNER/deploy-access/.github/actions/"
"""How the page calls the actions of this repository, which people call by their own address."""
TEXTS = {
    **{str(path.relative_to(ROOT)): path.read_text("utf-8") for path in OURS},
    **{f"page/{name}": text for name, text in from_page().items()},
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the workflows of the page where judges look for workflows."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in from_page().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.rglob("*.yml"))


@pytest.mark.slow
def test_zizmor_finds_nothing(page: list[Path]) -> None:
    """Nothing is unsafe, also to somebody pedantic; the next test shows what is accepted."""
    assert zizmor(*OURS, *page) == []


@pytest.mark.slow
def test_one_thing_is_accepted(page: list[Path]) -> None:
    """Only the trigger of the workflow that comments is accepted, with its reason beside it."""
    found = zizmor(*OURS, *page, ignores=False)
    assert [(place.rule, place.file.rpartition("/")[2]) for place in found] == [
        ("dangerous-triggers", "review-comment.yml"),
        ("dangerous-triggers", "review-comment.yml"),
    ]
    for text in TEXTS.values():
        assert all(re.search(r"ignore\[[a-z-]+\] \w+ \w+", line) for line in _ignoring(text))


@pytest.mark.slow
def test_the_language_service_finds_nothing() -> None:
    """Expressions, `needs`, outputs, permissions and inputs are all names that something has."""
    inputs = read_action_inputs()
    for action in ACTIONS.glob("*/action.yml"):
        inputs[f"{HERE}{action.parent.name}"] = {"inputs": read(action)["inputs"]}
    texts = {name.removeprefix("page/"): text for name, text in TEXTS.items() if "page/" in name}
    ours = {name: text for name, text in TEXTS.items() if "page/" not in name}
    assert languageservice(ours, inputs) == []
    assert languageservice(texts, inputs) == []


@pytest.mark.slow
def test_the_schemas_find_nothing(page: list[Path]) -> None:
    """Every file has the shape that GitHub's schemas ask for."""
    assert check_schema(*OURS, *page) == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_action_is_pinned(text: str) -> None:
    """Each action is named by the commit in the data, with its version behind it."""
    found = list(USES.finditer(text))
    assert len(found) == len(ANY_USES.findall(text))
    for use in found:
        name, _at, sha = use["what"].partition("@")
        if name.startswith("$/"):
            assert (sha, use["comment"]) == ("", None)
        elif name.startswith(HERE):
            assert re.fullmatch(r"[0-9a-f]{40}", sha)
        else:
            assert (sha, use["comment"]) == (pin(name).sha, f" # {pin(name).version}")


def test_every_pin_is_used() -> None:
    """No action is pinned that no workflow here uses, and none that the command writes."""
    written = (ROOT / "deploy_access" / "workflow" / "render_steps.py").read_text("utf-8")
    texts = "".join(TEXTS.values())

    assert [
        name for name in read_pins() if f"{name}@" not in texts and f'"{name}"' not in written
    ] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_expression_reaches_a_shell(text: str) -> None:
    """GitHub fills in expressions before the shell reads the line, so none stands in one."""
    assert [step["run"] for step in steps(parse(text)) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize(
    "name", [name for name in TEXTS if "workflows/" in name], ids=lambda name: name
)
def test_nothing_is_permitted_by_default(name: str) -> None:
    """Each workflow starts with no permission, and each job names its own."""
    document = parse(TEXTS[name])
    assert document["permissions"] == {}
    assert all("permissions" in job for job in document["jobs"].values())


def test_ci_runs_what_everybody_runs() -> None:
    """CI calls the script that a clean clone is tested with."""
    jobs = read(WORKFLOWS / "ci.yml")["jobs"]
    assert [step["run"] for step in jobs["test"]["steps"] if "run" in step] == [".ci/run"]
    assert (ROOT / ".ci" / "run").exists()


def _ignoring(text: str) -> list[str]:
    return [line for line in text.splitlines() if "zizmor: ignore" in line]
