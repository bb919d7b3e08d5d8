"""Which stacks are deployed, in which order, and what a workflow is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from report_schemas import mistakes, unseen
from review_sides import ACCOUNT, PROD, Json, one, stack, write_side

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.review.waves import plan_waves
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Needs = dict[str, list[str]]
Waves = list[list[tuple[str, str]]]


def role(name: str, **top_level: Any) -> Json:
    """Write a stack that makes a role."""
    return stack(one("aws_iam_role", name=name), **top_level)


def waves_of(
    tmp_path: Path,
    base: Mapping[str, Json],
    head: Mapping[str, Json],
    base_needs: Needs | None = None,
    head_needs: Needs | None = None,
) -> Waves:
    """Plan the waves between two sides."""
    reading = Reading()
    before = reading.sources(write_side(tmp_path / "base", base, base_needs))
    after = reading.sources(write_side(tmp_path / "head", head, head_needs))
    return [[(entry.stack, entry.action) for entry in wave] for wave in plan_waves(before, after)]


def deploys(*waves: list[str]) -> Waves:
    """Write waves that only deploy."""
    return [[(name, "deploy") for name in wave] for wave in waves]


def with_comment(document: Json, text: str) -> Json:
    """Write what only people read, where CDKTF does."""
    resources = {
        kind: {name: {**body, "//": {"metadata": {"path": text}}} for name, body in named.items()}
        for kind, named in document["resource"].items()
    }
    return {**document, "resource": resources, "//": {"metadata": {"version": text}}}


def local(path: str) -> Json:
    """Write a stack of CDKTF's default backend, which reads the state of another one."""
    remote = {"cross": {"backend": "local", "config": {"path": path}}}
    return role(
        "a",
        terraform={"backend": {"local": {"path": path}}},
        data={"terraform_remote_state": remote},
    )


def tagged(text: str) -> Json:
    """Write a stack with a tag whose name is that of a comment."""
    resource = {"aws_iam_role": {"R": {"name": "a", "tags": {"//": text}}}}
    return {**role("a"), "resource": resource}


@pytest.mark.parametrize(
    ("base", "head", "is_touched"),
    [
        pytest.param(role("a"), role("a"), False, id="equal"),
        pytest.param(role("a"), role("b"), True, id="another-argument"),
        pytest.param(with_comment(role("a"), "1"), with_comment(role("a"), "2"), False, id="//"),
        pytest.param(tagged("1"), tagged("2"), True, id="// in a map"),
        pytest.param(local("/home/a/x.tfstate"), local("/srv/b/x.tfstate"), False, id="checkout"),
        pytest.param(local("/home/a/x.tfstate"), local("/home/a/y.tfstate"), True, id="state"),
        pytest.param(local("x.tfstate"), local("y.tfstate"), True, id="relative-state"),
        pytest.param(role("a"), role("a", output={"x": {"value": 1}}), True, id="an-output"),
        pytest.param(role("a"), dict(reversed(role("a").items())), False, id="order-of-keys"),
    ],
)
def test_what_is_a_change(tmp_path: Path, base: Json, head: Json, is_touched: bool) -> None:
    """A stack is deployed when Terraform reads something else in it."""
    found = waves_of(tmp_path, {"web": base}, {"web": head})

    assert found == (deploys(["web"]) if is_touched else [])


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        pytest.param({}, deploys(["a", "b", "c"]), id="none"),
        pytest.param({"b": ["a"], "c": ["a"]}, deploys(["a"], ["b", "c"]), id="fork"),
        pytest.param({"a": ["c"], "c": ["b"]}, deploys(["b"], ["c"], ["a"]), id="chain"),
        pytest.param({"c": ["a", "b"], "b": ["a"]}, deploys(["a"], ["b"], ["c"]), id="longest-way"),
        pytest.param({"a": ["gone"]}, deploys(["a", "b", "c"]), id="of-no-stack"),
    ],
)
def test_order(tmp_path: Path, needs: Needs, expected: Waves) -> None:
    """A stack is deployed after those that it needs, and no later than that."""
    head = {name: role(name) for name in "abc"}

    assert waves_of(tmp_path, {}, head, head_needs=needs) == expected


def test_order_by_way_of_a_stack_that_stays(tmp_path: Path) -> None:
    """What needs a stack by way of another waits for it, though the one between is not touched."""
    base = {"a": role("a"), "b": role("b"), "c": role("c")}
    head = {"a": role("x"), "b": role("b"), "c": role("y")}
    needs = {"b": ["a"], "c": ["b"]}

    assert waves_of(tmp_path, base, head, needs, needs) == deploys(["a"], ["c"])


def test_stacks_that_read_outputs(tmp_path: Path) -> None:
    """What reads the outputs of a touched stack is deployed too: they may be others now."""
    remote = {"terraform_remote_state": {"cross": {"backend": "local"}}}
    reader = role("r", data=remote)
    base = {"a": role("a"), "b": reader, "c": reader, "d": role("d")}
    needs = {"b": ["a"], "c": ["b"], "d": ["a"]}

    found = waves_of(tmp_path, base, {**base, "a": role("x")}, needs, needs)

    assert found == deploys(["a"], ["b"], ["c"])


def test_what_is_gone(tmp_path: Path) -> None:
    """Stacks that are gone are destroyed after all deploys, each before those that it needed."""
    base = {"a": role("a"), "b": role("b"), "c": role("c")}

    found = waves_of(tmp_path, base, {"c": role("x")}, {"b": ["a"], "c": ["a"]}, {})

    assert found == [[("c", "deploy")], [("b", "destroy")], [("a", "destroy")]]


def test_folders_of_stacks_that_are_gone(tmp_path: Path) -> None:
    """A folder that the manifest lists no longer is no stack, although CDKTF leaves it there."""
    out = write_side(tmp_path / "out", {"old": role("old"), "web": role("web")})
    write_side(out, {"web": role("web")})

    assert [source.stack for source in Reading().sources(out)] == ["web"]
    assert (out / "stacks" / "old").exists()


def test_a_stack_of_another_name(tmp_path: Path) -> None:
    """A stack whose state another one has now is not destroyed: its resources are the other's."""
    terraform = {"backend": {"s3": {"bucket": "state", "key": "web.tfstate"}}}
    base, head = {"web": role("a", terraform=terraform)}, {"shop": role("a", terraform=terraform)}

    assert waves_of(tmp_path, base, head) == deploys(["shop"])


def test_a_state_in_the_folder_of_a_stack(tmp_path: Path) -> None:
    """A relative path begins in that folder, so one text is the state of each stack by itself."""
    terraform = {"backend": {"local": {"path": "terraform.tfstate"}}}
    base, head = {"web": role("a", terraform=terraform)}, {"shop": role("b", terraform=terraform)}

    assert waves_of(tmp_path, base, head) == [*deploys(["shop"]), [("web", "destroy")]]


def test_more_than_a_matrix_takes(tmp_path: Path) -> None:
    """A wave of more than 256 stacks is several."""
    head = {f"s{number:03d}": role("a") for number in range(600)}

    found = waves_of(tmp_path, {}, head)

    assert [len(wave) for wave in found] == [256, 256, 88]
    assert [name for wave in found for name, _ in wave] == sorted(head)


def test_a_circle(tmp_path: Path) -> None:
    """Stacks that need each other in a circle are named."""
    head = {name: role(name) for name in "ab"}

    with pytest.raises(InvalidValue, match="depends on itself") as caught:
        waves_of(tmp_path, {}, head, head_needs={"a": ["b"], "b": ["a"]})

    assert {problem.given for problem in caught.value.problems} <= {"a -> b -> a", "b -> a -> b"}


@pytest.mark.parametrize("name", ["web prod", "$(id)", "a;b", "-x", "${{ x }}", "ä"])
def test_names_that_a_shell_could_take_for_more(tmp_path: Path, name: str) -> None:
    """A stack whose name is no plain word is refused: it goes into commands."""
    with pytest.raises(InvalidValue, match=r"is no plain word|a workflow cannot take over"):
        waves_of(tmp_path, {}, {name: role("a")})


def run(*arguments: str) -> tuple[int, str]:
    """Run the command."""
    result = CliRunner().invoke(main, ["waves", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def head(tmp_path: Path) -> str:
    """Write three stacks of two accounts, one of them with a stack for the account."""
    stacks = {
        "account-nonprod": role("a"),
        "web-dev": role("b"),
        "web-prod": role("c", account=PROD),
    }
    return str(write_side(tmp_path / "out", stacks, {"web-dev": ["account-nonprod"]}))


def entry(name: str, account: str, environment: str) -> dict[str, str]:
    """Write an entry as it is printed."""
    return {
        "stack": name,
        "action": "deploy",
        "platform": "aws",
        "account": account,
        "region": "eu-central-1",
        "environment": environment,
        "directory": f"stacks/{name}",
    }


FIRST = {
    "include": [
        entry("account-nonprod", ACCOUNT, "nonprod"),
        entry("web-prod", PROD, PROD),
    ]
}
SECOND = {"include": [entry("web-dev", ACCOUNT, "nonprod")]}


def test_json(head: str) -> None:
    """Without a format it is one JSON object, each wave as `strategy.matrix` takes it."""
    code, output = run("none", head)

    assert code == 0
    assert json.loads(output) == {"format": 1, "count": 2, "waves": [FIRST, SECOND]}
    assert mistakes("waves", json.loads(output)) == []
    assert unseen("waves", [json.loads(output)]) == []


@pytest.mark.parametrize("words", [("--waves", "4"), ("--account", "1"), ("--platform", "github")])
def test_schema(head: str, words: tuple[str, ...]) -> None:
    """Empty waves, and no waves at all, are of the schema too."""
    _code, output = run("none", head, *words)

    assert mistakes("waves", json.loads(output)) == []


def test_lines_for_github(head: str) -> None:
    """For `$GITHUB_OUTPUT` each wave is a line, and another says whether it holds anything."""
    code, output = run("none", head, "--waves", "3", "--format", "github")

    assert code == 0
    assert [line.split("=", 1)[0] for line in output.splitlines()] == [
        "count",
        *("has_wave_1", "wave_1", "has_wave_2", "wave_2", "has_wave_3", "wave_3"),
    ]
    found = dict(line.split("=", 1) for line in output.splitlines())
    assert {name: json.loads(text) for name, text in found.items()} == {
        "count": 2,
        "has_wave_1": True,
        "wave_1": FIRST,
        "has_wave_2": True,
        "wave_2": SECOND,
        "has_wave_3": False,
        "wave_3": {"include": []},
    }


GITHUB = {
    "resource": {"github_repository_environment": {"Prod": {"repository": "web"}}},
    "provider": {"github": [{"owner": "acme"}]},
}


@pytest.mark.parametrize(
    ("platform", "stacks"),
    [
        pytest.param("aws", ["web-dev"], id="AWS"),
        pytest.param("github", ["github-acme"], id="GitHub's side"),
    ],
)
def test_one_platform(tmp_path: Path, platform: str, stacks: list[str]) -> None:
    """The stacks of one platform are listed alone, without waves of the other."""
    sides = {"github-acme": GITHUB, "web-dev": role("a")}
    out = write_side(tmp_path, sides, {"github-acme": ["web-dev"]})
    _, output = run("none", str(out), "--platform", platform)
    waves = json.loads(output)["waves"]

    assert [[each["stack"] for each in wave["include"]] for wave in waves] == [stacks]


def test_github_side(tmp_path: Path) -> None:
    """A stack of GitHub's side is in no account, and its job has an environment of its own."""
    _, output = run("none", str(write_side(tmp_path, {"github-acme": GITHUB})))

    assert json.loads(output)["waves"] == [
        {
            "include": [
                {
                    **entry("github-acme", "", "github-acme"),
                    "platform": "github",
                    "region": "",
                }
            ]
        }
    ]


def test_lines_for_a_shell(head: str) -> None:
    """Each stack is a line of plain words, in the order of the waves."""
    code, output = run("none", head, "--format", "lines")

    assert (code, output.splitlines()) == (
        0,
        [
            "deploy account-nonprod stacks/account-nonprod",
            "deploy web-prod stacks/web-prod",
            "deploy web-dev stacks/web-dev",
        ],
    )


@pytest.mark.parametrize(
    ("accounts", "waves"),
    [
        ([ACCOUNT], [["account-nonprod"], ["web-dev"]]),
        ([PROD], [["web-prod"]]),
        ([ACCOUNT, PROD], [["account-nonprod", "web-prod"], ["web-dev"]]),
        (["999999999999"], []),
    ],
)
def test_stacks_of_an_account(head: str, accounts: list[str], waves: list[list[str]]) -> None:
    """Only stacks of these accounts are listed; no wave is empty."""
    code, output = run("none", head, *(word for one in accounts for word in ("--account", one)))

    found = [[one["stack"] for one in wave["include"]] for wave in json.loads(output)["waves"]]
    assert (code, found) == (0, waves)


def test_no_line_where_nothing_changed(head: str) -> None:
    """A loop over the lines is not run, not even for an empty one."""
    assert run(head, head, "--format", "lines") == (0, "")


def test_more_waves_than_jobs(head: str) -> None:
    """A change that needs more waves than the workflow has jobs fails, and says how many."""
    code, output = run("none", head, "--waves", "1")

    assert code == 1
    assert "The change needs 2 waves, from 'account-nonprod' to 'web-dev'." in output


def test_nothing_changed(head: str) -> None:
    """Without a change there is no wave."""
    assert run(head, head, "--waves", "1", "--format", "github") == (
        0,
        'count=0\nhas_wave_1=false\nwave_1={"include":[]}\n',
    )


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        pytest.param("empty", "`none` for a side that has no stacks yet", id="empty-folder"),
        pytest.param("missing", "There is nothing to read", id="no-folder"),
        pytest.param("file.json", "Name a folder of synthesized stacks", id="of-no-stack"),
    ],
)
def test_a_base_that_is_none(tmp_path: Path, head: str, base: str, expected: str) -> None:
    """A base without stacks is asked for by name; anything else is a mistake."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.json").write_text(json.dumps(role("a")), "utf-8")

    code, output = run(str(tmp_path / base), head)

    assert code == 1
    assert expected in output
