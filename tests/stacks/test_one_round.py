"""Mistakes of every sort come in one round, without what only follows from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, environment, mistakes, service

if TYPE_CHECKING:
    from pathlib import Path

REF = "subjects = [{ any_ref = true }]\n"
TRUST = "services.web.environments.dev.subjects: Role 'web-dev-deploy' is refused."

SHAPES = [
    pytest.param(
        HEAD.replace('id = "111122223333"', "id = 111122223333") + WEB,
        "accounts.nonprod.id: An account id is text.",
        id="account",
    ),
    pytest.param(
        HEAD.replace('state = "main"', 'state = "mian"', 1) + WEB,
        "accounts.nonprod.state: `[states]` has no table",
        id="reference",
    ),
    pytest.param(
        HEAD.replace('type = "local"', 'type = "locl"') + WEB,
        "states.main.type: `type` is",
        id="state",
    ),
    pytest.param(
        HEAD.replace("owner_id = 1", 'owner_id = "1"') + WEB,
        "github.owner_id: This takes a whole number.",
        id="github",
    ),
    pytest.param(
        HEAD + WEB.replace("= 2", '= "2"'),
        "services.web.repo_id: This takes a whole number.",
        id="service",
    ),
    pytest.param(
        HEAD + WEB.replace('"web"', "7"),
        "services.web.repository: This takes text in quotes.",
        id="repository",
    ),
    pytest.param(
        HEAD + WEB + "ecr.scan_on_push = 1\n",
        "services.web.ecr.scan_on_push: This takes `true`",
        id="image",
    ),
    pytest.param(
        HEAD + WEB + "workflow.promote = 1\n",
        "services.web.workflow.promote: This takes `true`",
        id="workflow",
    ),
]

NO_ROLE = ECS.replace('execution_role = "ecsTaskExecutionRole"\n', "")


@pytest.mark.parametrize(("text", "shape"), SHAPES)
def test_shape_key_and_trust(tmp_path: Path, text: str, shape: str) -> None:
    """A wrong type, a missing key and trust that is too wide are three lines of one round."""
    found = mistakes(tmp_path, text + NO_ROLE + DEV + REF)

    assert [line[: len(start)] for line, start in zip(found, [shape, KEY, TRUST], strict=True)] == [
        shape,
        KEY,
        TRUST,
    ]


KEY = "services.web.ecs: `execution_role` is missing."

ALONE = {
    "environments.dev.subjcts": HEAD.replace("subjects = [{ b", "subjcts = [{ b", 1) + WEB + DEV,
    "services.web.ecs.clster": HEAD + WEB + ECS.replace("cluster", "clster", 1) + DEV,
    "services.web.ecs.cluster": HEAD + WEB + ECS.replace('"{environment}"', "1", 1) + DEV,
    "services.web.ecs": HEAD + WEB + "ecs = 3\n" + DEV + 'ecs.cluster = "x"\n',
    "services.web.ec": HEAD + WEB + ECS.replace(".ecs", ".ec") + DEV + 'ecs.cluster = "x"\n',
    "accounts.prod": (
        HEAD.replace("[accounts.prod]", "[accounts]\nprod = 3\n[accounts.third]")
        + WEB
        + SHARED
        + DEV
    ),
    "gihub": HEAD.replace("[github]", "[gihub]") + WEB + DEV,
    "github.ownr": HEAD.replace("owner =", "ownr =") + WEB + DEV,
    "github.owner_id": HEAD.replace("owner_id = 1", 'owner_id = "1"') + WEB + DEV,
    "services.web.repo_id": HEAD + WEB.replace("= 2", "= 0") + DEV,
    "services.web.owner_id": HEAD + WEB.replace('"web"', '"o/web"\nowner_id = "1"') + DEV,
    "services.web.environments.dev.acept": (
        HEAD + WEB + DEV + REF + 'acept = { repo-wide = "pilot", branch-glob = "pilot" }\n'
    ),
    "services.web.environments.dev.subjects[0].brnch": (
        HEAD + WEB + DEV + 'subjects = [{ brnch = "main" }]\n'
    ),
    "accounts.nonprod.id": HEAD.replace(
        'id = "111122223333"',
        'id = 111122223333\nassume_role = "arn:aws:iam::111122223333:role/terraform"',
    ),
}


@pytest.mark.parametrize("entry", ALONE)
def test_nothing_follows(tmp_path: Path, entry: str) -> None:
    """What would only follow from a mistake is not said beside it."""
    assert {line.partition(": ")[0] for line in mistakes(tmp_path, ALONE[entry])} == {entry}


MISSED = {
    "github.owner": HEAD.replace('owner = "acme"\n', ""),
    "github.owner_id": HEAD.replace("owner_id = 1\n", ""),
    "environments.dev.subjects": HEAD.replace('subjects = [{ branch = "main" }]', "", 1),
}


@pytest.mark.parametrize("entry", MISSED)
def test_missing_key_is_named_once(tmp_path: Path, entry: str) -> None:
    """A key that two services miss is one mistake."""
    api = service("api", "dev").replace('"web"', '"api"').replace("= 2", "= 3")
    (line,) = mistakes(tmp_path, MISSED[entry] + service("web", "dev") + api)

    assert line.startswith(f"{entry}: ")


API = service("api", "dev").replace('"web"', '"api"').replace("= 2", "= 3")
SERVER = 'owner_id = 1\nissuer = "https://git.acme.com/_services/token"\n'
NO_IDS = service("web", "dev").replace("repo_id = 2\n", "")

SHARED_MISTAKES = {
    "states.mian": HEAD.replace('state = "main"', 'state = "mian"'),
    "accounts.tols": HEAD.replace('account = "nonprod"', 'account = "tols"').replace(
        'account = "prod"', 'account = "tols"'
    ),
    "environments.dev": HEAD.replace("environments.dev", "environments.div"),
    "github.owner": HEAD.replace('"acme"', '"ac me"'),
    "github": HEAD.replace("owner_id = 1\n", 'issuer = "https://accounts.google.com"\n'),
}


@pytest.mark.parametrize("entry", SHARED_MISTAKES)
def test_shared_mistake_is_named_once(tmp_path: Path, entry: str) -> None:
    """What several entries name or inherit is one mistake, at its own place."""
    found = mistakes(tmp_path, SHARED_MISTAKES[entry] + service("web", "dev") + API)

    assert [line.partition(": ")[0] for line in found] == [entry]


def test_immutable_subjects_of_a_server_are_named_once(tmp_path: Path) -> None:
    """A form of `sub` that the server does not have is a mistake of `[github]`."""
    head = HEAD.replace("owner_id = 1\n", SERVER + 'subject_format = "both"\n')
    found = mistakes(tmp_path, head + NO_IDS + API.replace("repo_id = 3\n", ""))

    assert [line.partition(": ")[0] for line in found] == ["github"]


def test_immutable_subjects_without_ids(tmp_path: Path) -> None:
    """The owner's id is missed in `[github]`, that of each repository in its service."""
    head = HEAD.replace("owner_id = 1\n", 'subject_format = "immutable"\n')
    found = mistakes(tmp_path, head + NO_IDS + API.replace("repo_id = 3\n", ""))

    assert [line.partition(": ")[0] for line in found] == [
        "github.owner_id",
        "services.web",
        "services.api",
    ]


def test_missing_table_names_its_references(tmp_path: Path) -> None:
    """The first five entries that name a missing table are listed, the others counted."""
    names = [f"api{number}" for number in range(6)]
    services = [
        API.replace("api", each).replace("= 3", f"= {number}0")
        for number, each in enumerate(names, 1)
    ]
    head = HEAD.replace("environments.dev", "environments.div")
    (line,) = mistakes(tmp_path, head + "".join(services))

    assert line == (
        "environments.dev: The table is missing, and several entries name it. Got "
        "['services.api0.environments.dev', 'services.api1.environments.dev', "
        "'services.api2.environments.dev', 'services.api3.environments.dev', "
        "'services.api4.environments.dev', '1 more']. What is meant would be a guess. "
        "Did you mean 'div'?"
    )


def test_missing_ecs_key_is_named_once(tmp_path: Path) -> None:
    """A key that several environments miss is named at the service, another at its environment."""
    text = NO_ROLE.replace('cluster = "{environment}"\n', "")
    one = '[services.web.environments.stg]\necs.cluster = "stg"\n'
    two = DEV + one.replace("stg", "prod")
    found = mistakes(tmp_path, HEAD + environment("stg") + WEB + text + two + one)

    assert [line.partition(" is missing")[0] for line in found] == [
        "services.web.ecs: `execution_role`",
        "services.web.environments.dev.ecs: `cluster`",
    ]


def test_other_tables_are_resolved(tmp_path: Path) -> None:
    """A service that is wrong hides nothing of another one."""
    api = service("api", "dev").replace('"web"', '"api"').replace("= 2", "= 3") + REF
    found = mistakes(tmp_path, HEAD + WEB.replace("= 2", '= "2"') + DEV + api)

    assert [line.partition(": ")[0] for line in found] == [
        "services.web.repo_id",
        "services.api.environments.dev.subjects",
    ]


_PYTHON = re.compile(r"\b(GithubRepo|Subject\.|EcrRepo|accept=)|\w\(|\.from_")
_ENTRIES = [
    *(f"{kind} = true" for kind in ("any_branch", "any_environment", "any_ref", "any_tag")),
    "anything = true",
    'branch_pattern = "*"',
    'branch = "*"',
    'branch = "refs/heads/main"',
    'branch = "refs/tags/v1"',
    'tag = "v*"',
    'tag = "refs/heads/x"',
    'tag_pattern = "*"',
    'tag_pattern = "v1"',
    'environment = "*"',
    'environment = "prod*"',
    'environment = ""',
    'ref = "refs/heads/main"',
    "pull_request = true",
    'branch = "main", requiring = { actor = "*" }',
    'branch = "main", requiring = { job_workflow_ref = "*" }',
    'branch = "main", requiring_pattern = { job_workflow_ref = "*" }',
    'branch = "main", requiring_pattern = { job_workflow_ref = "a" }',
    'branch = "main", repo_id = 1',
    'branch = "main", repository = "o/n", repo_id = 1',
    'branch = "main", repository = "o/*"',
    'branch = "main", repository = "o/n", include_claim_keys = ["repo"]',
    'branch = "main", repository = "o/n", include_claim_keys = ["repo", "context", "actor"]',
    'branch = "main", repository = "o/n", include_claim_keys = ["repo", "context", "x_y"]',
    'branch = "main", repository = "o/n", former_names = ["x"]',
    'branch = "main", tag = "v1"',
]


@pytest.mark.parametrize("entry", _ENTRIES)
def test_no_words_of_python(tmp_path: Path, entry: str) -> None:
    """What is said about a subject is said with keys of the file."""
    other = '[services.api]\nrepository = "api"\nnonsense = 1\n'
    found = mistakes(tmp_path, HEAD + WEB + DEV + f"subjects = [{{ {entry} }}]\n" + other)

    assert len(found) > 1
    assert not [line for line in found if _PYTHON.search(line)]
