"""What is taken over of an account, and under which names; what is left alone is counted."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from answers_of_aws import (
    ACCOUNT,
    GITHUB,
    account,
    allow,
    managed,
    policy,
    pushes,
    repository,
    role,
    save,
    trust,
)
from systems import deploys

from deploy_access.adopt.environments_text import environments_text
from deploy_access.adopt.plan import Wishes, plan_adoption
from deploy_access.adopt.read_files import read_inventory
from deploy_access.errors import InvalidValue
from stacks.environments_file import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.adopt.model import Adoption

OTHER = "444455556666"
WEB = trust("repo:acme@1/web@2:environment:prod", operator="StringEquals")


def plan(place: Path, **wishes: Any) -> Adoption:
    """Decide what is taken over."""
    return plan_adoption(read_inventory([place]), Wishes(**wishes))


def written(found: Adoption, folder: Path, **repositories: str) -> dict[str, Any]:
    """Write the file, and load it as the stacks do."""
    text = environments_text(found, repositories)
    path = folder / "environments.toml"
    path.write_text(text, "utf-8")
    load_estate(path)
    return tomllib.loads(text)


def keys(table: dict[str, Any]) -> list[str]:
    """List the deployments of a file."""
    services = table["services"].items()
    return [f"{name}-{key}" for name, service in services for key in service["environments"]]


@pytest.mark.parametrize(
    ("name", "subject", "expected"),
    [
        pytest.param("web-deploy", "repo:acme/web:environment:live", "web-live", id="environment"),
        pytest.param("web-stg-deploy", "repo:acme/web:*", "web-stg", id="a word of its name"),
        pytest.param("deploy", "repo:acme/web:ref:refs/heads/next", "web-next", id="branch"),
        pytest.param("deploy", "repo:acme/web:ref:refs/tags/v*", "web-main", id="nothing"),
        pytest.param("deploy", "repo:acme/web.io:*", "web-io-main", id="a dot"),
        pytest.param("deploy", "repo:acme/account:*", "deploy-main", id="a name of ours"),
        pytest.param(
            "github-ci", "repo:acme/github-ci:*", "role-github-ci-main", id="two names of ours"
        ),
    ],
)
def test_a_guess_of_names(tmp_path: Path, name: str, subject: str, expected: str) -> None:
    """What the subjects name, then what names say, then the branch."""
    found = plan(account(tmp_path, [role(name, trust(subject))]), region="eu-central-1")

    assert keys(written(found, tmp_path)) == [expected]


def test_no_two_stacks_have_one_name(tmp_path: Path) -> None:
    """Roles of one repository and environment are told apart, also by letter case."""
    roles = [
        role("first", trust("repo:acme/web:environment:prod")),
        role("second", trust("repo:acme/web:environment:prod")),
        role("third", trust("repo:acme/web:environment:Prod")),
        role("fourth", trust("repo:other/web:environment:prod")),
    ]
    found = plan(account(tmp_path, roles), region="eu-central-1")
    made = keys(written(found, tmp_path))

    assert len({name.casefold() for name in made}) == 4


def test_a_repository_is_in_one_stack(tmp_path: Path) -> None:
    """Of two roles that push to it one has it, and the other pushes to it by its name."""
    roles = [
        role(f"web-{name}", trust(f"repo:acme/web:environment:{name}"), inline={"p": pushes("web")})
        for name in ("dev", "prod")
    ]
    found = plan(account(tmp_path, roles, repositories=[repository("web")]))
    services = written(found, tmp_path)["services"]["web"]["environments"]

    assert services["dev"]["import_existing"] == ["role", "push_policy", "repository"]
    assert services["prod"]["import_existing"] == ["role", "push_policy"]
    assert services["prod"]["ecr"]["repository"] == "existing"


def test_two_accounts(tmp_path: Path) -> None:
    """Each has a table, and an environment of one name in both is two."""
    for number in (ACCOUNT, OTHER):
        (tmp_path / number).mkdir()
        place = account(
            tmp_path / number,
            [role("web-prod", WEB, inline={"push": pushes("web")})],
            repositories=[repository("web")],
        )
        for path in place.iterdir():
            path.write_text(path.read_text("utf-8").replace(ACCOUNT, number), "utf-8")
        (place / "provider0.json").unlink()
    places = [tmp_path / number / "account" for number in (ACCOUNT, OTHER)]
    found = plan_adoption(read_inventory(places), Wishes())
    table = written(found, tmp_path)

    assert [*table["accounts"]] == [ACCOUNT, OTHER]
    assert table["environments"] == {
        "prod": {"account": ACCOUNT},
        f"prod-{OTHER}": {"account": OTHER},
    }


def test_what_is_foreign_is_counted(tmp_path: Path) -> None:
    """Nothing of it is in the file."""
    runs = {
        "Effect": "Allow",
        "Principal": {"Service": "x.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    roles = [
        role("web-prod", WEB, inline={"push": pushes("web")}),
        role("other", policy(runs)),
        role("gitlab", trust("project_path:a/b:ref_type:branch:ref:main", host="gitlab.com")),
    ]
    repositories = [repository("web"), repository("other")]
    place = account(tmp_path, roles, repositories=repositories, providers=(GITHUB, "gitlab.com"))
    found = plan(place)
    alone = (found.foreign_roles, found.foreign_repositories, found.foreign_providers)
    text = json.dumps(written(found, tmp_path))

    assert alone == (2, 1, 1)
    assert ("other" in text, "gitlab" in text) == (False, False)


@pytest.mark.parametrize("name", ["web-prod", "web"])
def test_what_the_user_leaves_alone(tmp_path: Path, name: str) -> None:
    """A role is then none of ours, and a repository is pushed to by its name."""
    place = account(
        tmp_path,
        [role("web-prod", WEB, inline={"push": pushes("web")}), role("api-prod", _of("api"))],
        repositories=[repository("web")],
    )
    found = plan(place, leave=frozenset({name}))
    taken = {entry.name: entry.image for entry in found.roles}

    assert taken == (
        {"api-prod": "none"} if name == "web-prod" else {"api-prod": "none", "web-prod": "existing"}
    )


def _of(name: str) -> Any:
    return trust(f"repo:acme@1/{name}@{len(name)}00:environment:prod", operator="StringEquals")


@pytest.mark.parametrize(
    ("wishes", "what"),
    [
        ({"leave": frozenset({"wbe"})}, "`--leave` names what no file has."),
        ({"images": {"wbe": "web"}}, "`--image` names what no file has."),
        ({"repositories": {"wbe": "acme/web"}}, "`--repository` names what no file has."),
        ({"region": ""}, "No file says which region the account is used in."),
    ],
)
def test_refused(tmp_path: Path, wishes: dict[str, Any], what: str) -> None:
    """A name that is misspelt would leave alone nothing, silently."""
    place = account(tmp_path, [role("web-prod", WEB)])
    with pytest.raises(InvalidValue) as caught:
        plan(place, **{"region": "eu-central-1", **wishes})

    assert [problem.what for problem in caught.value.problems] == [what]


def test_roles_that_contradict_each_other(tmp_path: Path) -> None:
    """The file would be refused as a whole; the role that stands against most others is left."""
    roles = [
        role("one", trust("repo:acme/web:environment:prod")),
        role("two", trust("repo:acme/web:ref:refs/heads/main")),
        role("three", trust("repo:Acme/web:environment:dev")),
    ]
    found = plan(account(tmp_path, roles), region="eu-central-1")
    (left,) = found.not_taken

    assert left.name == "three"
    assert "letter cases" in left.reasons[0]
    assert len(keys(written(found, tmp_path))) == 2


@pytest.mark.parametrize(
    ("subjects", "ids"),
    [
        pytest.param(["repo:acme@1/web@2:environment:prod"], {"repo_id": 2}, id="immutable"),
        pytest.param(["repo:acme/web:environment:prod"], {}, id="legacy"),
        pytest.param(
            ["repo:acme/web:environment:prod", "repo:acme@1/web@2:environment:prod"],
            {},
            id="both, each as it is",
        ),
    ],
)
def test_each_form_of_a_subject_stays(
    tmp_path: Path, subjects: list[str], ids: dict[str, int]
) -> None:
    """A form that was not trusted is not trusted afterwards."""
    place = account(tmp_path, [role("web-prod", trust(*subjects, operator="StringEquals"))])
    found = plan(place, region="eu-central-1")
    service = written(found, tmp_path)["services"]["web"]
    (estate,) = load_estate(tmp_path / "environments.toml").services
    made = {value for one in estate.role.subjects for value in (*one.exact, *one.patterns)}

    assert {key: value for key, value in service.items() if key.endswith("_id")} == ids
    assert made == set(subjects)


@pytest.mark.parametrize(
    ("statements", "stays", "rewritten"),
    [
        pytest.param([], False, True, id="only the push"),
        pytest.param([allow("ecr:DescribeImages")], True, False, id="more of ECR"),
        pytest.param([allow("s3:PutObject", "arn:aws:s3:::a/*")], True, False, id="more"),
        pytest.param(
            [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}], True, False, id="a denial"
        ),
        pytest.param(
            [allow("ecs:RegisterTaskDefinition")], True, False, id="a part of a deployment"
        ),
        pytest.param(deploys("prod", "web"), False, True, id="the push and the deployment"),
    ],
)
def test_a_policy_is_rewritten_where_nothing_of_it_goes(
    tmp_path: Path, statements: list[Any], *, stays: bool, rewritten: bool
) -> None:
    """What an entry has no key for keeps its policy as it is."""
    document = pushes("web")
    document["Statement"] += statements
    place = account(
        tmp_path,
        [role("web-prod", WEB, inline={"ci": document})],
        repositories=[repository("web")],
    )
    (entry,) = plan(place).roles

    assert (bool(entry.stays), entry.push_policy is not None) == (stays, rewritten)


@pytest.mark.parametrize(
    ("more", "others", "rewritten"),
    [
        pytest.param({"Description": ""}, 0, True, id="of this role alone"),
        pytest.param({"Description": ""}, 1, False, id="of another role too"),
        pytest.param({}, 0, False, id="a description that no file says"),
        pytest.param({"Description": "", "Path": "/ci/"}, 0, False, id="with a path"),
    ],
)
def test_a_managed_policy_is_rewritten_where_it_can_be(
    tmp_path: Path, more: dict[str, str], others: int, *, rewritten: bool
) -> None:
    """Terraform would replace it otherwise, or change what another role may do; else it is kept."""
    ecs = managed("web-ecs", policy(*deploys("prod", "web")), **more)
    roles = [role("web-prod", WEB, attached=[ecs["Arn"]])]
    roles += [role("other", _of("other"), attached=[ecs["Arn"]])] * others
    found = plan(account(tmp_path, roles, policies=[ecs]))
    entry = next(one for one in found.roles if one.name == "web-prod")
    assert entry.deployment is not None

    assert (entry.deployment.policy is not None) == rewritten
    assert entry.managed == (() if rewritten else (ecs["Arn"],))
    written(found, tmp_path)


@pytest.mark.parametrize(
    ("taken", "asked", "audience"),
    [
        (["sts.amazonaws.com"], ["sts.amazonaws.com"], None),
        (["https://github.com/acme"], ["https://github.com/acme"], None),
        (["a", "sts.amazonaws.com"], ["a"], "a"),
        (["a", "sts.amazonaws.com"], ["a", "sts.amazonaws.com"], "a"),
        (["a", "sts.amazonaws.com"], None, "sts.amazonaws.com"),
    ],
)
def test_a_role_has_one_audience(
    tmp_path: Path, taken: list[str], asked: list[str] | None, audience: str | None
) -> None:
    """It is said where the provider takes several, as the construct refuses the role otherwise."""
    trusted = trust("repo:acme/web:environment:prod", aud=False)
    if asked is not None:
        condition = trusted["Statement"][0]["Condition"]
        condition["StringEquals"] = {f"{GITHUB}:aud": asked}
    place = account(tmp_path, [role("web-prod", trusted)], providers=())
    save(
        tmp_path,
        provider={
            "Arn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}",
            "Url": GITHUB,
            "ClientIDList": taken,
            "ThumbprintList": [],
        },
    )
    found = plan(place, region="eu-central-1")
    table = written(found, tmp_path)

    assert table["services"]["web"]["environments"]["prod"].get("audience") == audience
    assert table["accounts"]["main"].get("audiences", ["sts.amazonaws.com"]) == taken


def test_no_list_of_providers(tmp_path: Path) -> None:
    """A provider that no file has is looked up, and neither made nor taken over."""
    place = account(tmp_path, [role("web-prod", WEB)])
    (place / "providers.json").unlink()
    (place / "provider0.json").unlink()
    table = written(plan(place, region="eu-central-1"), tmp_path)

    assert table["accounts"]["main"]["oidc_provider"] == "existing"


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        pytest.param({}, True, id="as it is"),
        pytest.param({"description": "keep few"}, False, id="with a description"),
    ],
)
def test_a_lifecycle_is_written_as_it_is_or_stays(
    tmp_path: Path, more: dict[str, str], *, kept: bool
) -> None:
    """Another text would replace it, and a rule of our own would delete images."""
    rule = {
        "rulePriority": 7,
        "selection": {
            "tagStatus": "tagged",
            "tagPatternList": ["v*"],
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 90,
        },
        "action": {"type": "expire"},
        **more,
    }
    answer = {
        "registryId": ACCOUNT,
        "repositoryName": "web",
        "lifecyclePolicyText": json.dumps({"rules": [rule]}),
    }
    place = account(
        tmp_path,
        [role("web-prod", WEB, inline={"push": pushes("web")})],
        repositories=[repository("web")],
        lifecycle=answer,
    )
    found = plan(place)
    (entry,) = found.roles
    ecr = written(found, tmp_path)["services"]["web"]["environments"]["prod"]["ecr"]

    assert (len(ecr["lifecycle"]) == 1, entry.stays == []) == (kept, kept)
