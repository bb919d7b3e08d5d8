"""Names and ids of `environments.toml` that contradict each other, or their server."""

from __future__ import annotations

from pathlib import Path

import pytest
from estate_files import DEV, HEAD, SHARED, WEB, load, mistakes

from deploy_access.errors import InvalidEnvironments
from stacks.environments_file import load_estate

API = WEB.replace("web", "api")
API_DEV = DEV.replace("web", "api")
WHY = (
    "GitHub gives a number once and never changes it: what trusts a wrong one lets in nobody, or "
    "a stranger. Ask GitHub: gh api "
)
SERVER = HEAD.replace(
    "owner_id = 1\n", 'owner_id = 1\nissuer = "https://git.acme.example/_services/token"\n'
)


def other(text: str, service: str = API) -> str:
    """Write two services, of which the second one's table is *service* with what is in *text*."""
    return HEAD + WEB + DEV + service + text + API_DEV


CONTRADICTING = [
    pytest.param(
        other("", API.replace('"api"', '"web"').replace("= 2", "= 3")),
        "services.api: Repository 'acme/web' has two ids. Got ['services.web: 2', "
        f"'services.api: 3']. {WHY}repos/acme/web --jq .id",
        id="one repository, two ids",
    ),
    pytest.param(
        other(""),
        "services.api: Two repositories have the id 2. Got [\"services.web: 'acme/web'\", "
        f"\"services.api: 'acme/api'\"]. {WHY}repositories/2 --jq .full_name. "
        "A former name belongs into one list with the new one.",
        id="two repositories, one id",
    ),
    pytest.param(
        other("owner_id = 5\n", API.replace("= 2", "= 3")),
        f"services.api: Owner 'acme' has two ids. Got ['github: 1', 'services.api: 5']. {WHY}"
        "users/acme --jq .id",
        id="one owner, two ids",
    ),
    pytest.param(
        other("owner_id = 1\n", API.replace('"api"', '"other/api"').replace("= 2", "= 3")),
        'services.api: Two owners have the id 1. Got ["github: \'acme\'", "services.api: '
        f"'other'\"]. {WHY}user/1 --jq .login. A former name belongs into one list with the new "
        "one.",
        id="two owners, one id",
    ),
    pytest.param(
        other("", API.replace('"api"', '"Web"').replace("= 2", "= 2")),
        "services.api: Repository 'acme/web' is written in two letter cases. Got [\"services.web: "
        "'acme/web'\", \"services.api: 'acme/Web'\"]. IAM compares letter case, and tokens have "
        "one spelling: the other lets in nobody. Ask GitHub: gh api repos/acme/web --jq .full_name",
        id="letter case",
    ),
    pytest.param(
        HEAD + WEB + DEV + 'subjects = [{ branch = "main", repository = "ci", repo_id = 2 }]',
        "services.web.environments.dev.subjects[0]: Two repositories have the id 2. Got "
        '["services.web: \'acme/web\'", "services.web.environments.dev.subjects[0]: '
        f"'acme/ci'\"]. {WHY}repositories/2 --jq .full_name. A former name belongs into one list "
        "with the new one.",
        id="an entry of a deployment",
    ),
    pytest.param(
        HEAD
        + WEB
        + SHARED.replace('main" }', 'main", repository = "web", owner_id = 1, repo_id = 9 }')
        + DEV,
        "services.web.ecr.subjects[0]: Repository 'acme/web' has two ids. Got ['services.web: 2', "
        f"'services.web.ecr.subjects[0]: 9']. {WHY}repos/acme/web --jq .id",
        id="an entry of a push",
    ),
    pytest.param(
        SERVER + WEB + DEV,
        "services.web: GitHub Enterprise Server writes no ids into `sub`. Got "
        "['repo:acme@1/web@2:*']. Immutable subjects are of github.com, so no token of this "
        "server ever matches. Leave out `owner_id`, `repo_id` and `subject_format`.",
        id="ids on a server",
    ),
]
CONSISTENT = [
    pytest.param(other("", API.replace("= 2", "= 3")), id="two repositories"),
    pytest.param(other("", API.replace('"api"', '"web"')), id="two services of one repository"),
    pytest.param(
        other("", API.replace('"api"', '"web"').replace("repo_id = 2\n", "")), id="one without ids"
    ),
    pytest.param(
        other("owner_id = 5\n", API.replace('"api"', '"other/api"').replace("= 2", "= 3")),
        id="another owner",
    ),
    pytest.param(SERVER + WEB.replace("repo_id = 2\n", "") + DEV, id="a server without ids"),
    pytest.param(SERVER + WEB + 'subject_format = "legacy"\n' + DEV, id="the form of a server"),
]


@pytest.mark.parametrize(("text", "mistake"), CONTRADICTING)
def test_contradictions(tmp_path: Path, text: str, mistake: str) -> None:
    """Two entries that cannot both be right are refused, and both are named."""
    assert mistakes(tmp_path, text) == (mistake,)


@pytest.mark.parametrize("text", CONSISTENT)
def test_no_contradiction(tmp_path: Path, text: str) -> None:
    """What is true together is taken."""
    assert load(tmp_path, text).services


def test_in_one_round_with_others(tmp_path: Path) -> None:
    """A contradiction is told beside mistakes of another kind."""
    text = other("") + "[services.web.environments.prod]\nsubjects = []\n"

    assert [line.partition(":")[0] for line in mistakes(tmp_path, text)] == [
        "services.api",
        "services.web.environments.prod.subjects",
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("one-repo-two-ids", "Repository 'northwind/shop-api' has two ids."),
        ("two-repos-one-id", "Two repositories have the id 1001."),
    ],
)
def test_a_company(name: str, what: str) -> None:
    """In the file of a company one line names both services."""
    with pytest.raises(InvalidEnvironments) as caught:
        load_estate(Path(__file__).parent / "cases" / f"{name}.toml")

    (problem,) = caught.value.problems
    assert problem.startswith(f"services.shop-web: {what} Got [")
    assert "services.shop-api" in problem
