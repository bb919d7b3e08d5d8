"""Files that say what is there: answers, states and folders of them, also damaged ones."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from answers_of_aws import (
    ACCOUNT,
    GITHUB,
    REGION,
    provider_arn,
    pushes,
    repository,
    role,
    save,
    trust,
)

from deploy_access.adopt.existing import TYPES
from deploy_access.adopt.read_files import read_inventory
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "444455556666"
PROVIDER = {"Url": GITHUB, "ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": []}
LISTED = {"OpenIDConnectProviderList": [{"Arn": provider_arn()}]}
LIFECYCLE = {"registryId": ACCOUNT, "repositoryName": "web", "lifecyclePolicyText": "{}"}
REPOSITORIES = {"repositories": [repository("web")]}
DETAILS = {
    "RoleDetailList": [role("web", trust("repo:acme/web:*"), inline={"push": pushes("web")})],
    "Policies": [],
}


def resource(kind: str, **values: Any) -> dict[str, Any]:
    """Write a resource of a state as Terraform keeps it."""
    return {
        "mode": "managed",
        "type": kind,
        "name": "this",
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [{"attributes": values}],
    }


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    """Write a state."""
    return {"version": 4, "serial": 1, "lineage": "a", "resources": list(resources)}


ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/web"
STATE = state(
    resource(
        "aws_iam_role",
        name="web",
        arn=ROLE_ARN,
        path="/",
        max_session_duration=3600,
        assume_role_policy=json.dumps(trust("repo:acme/web:*")),
        inline_policy=[{"name": "push", "policy": json.dumps(pushes("web"))}],
        managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ),
    resource(
        "aws_ecr_repository",
        name="web",
        arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web",
        registry_id=ACCOUNT,
    ),
    resource("aws_ecr_lifecycle_policy", repository="web", registry_id=ACCOUNT, policy="{}"),
    resource("aws_iam_openid_connect_provider", url=GITHUB, arn=provider_arn()),
)


def test_answers_say_what_is_there(tmp_path: Path) -> None:
    """Each is known by its account, its region and the id that an import takes."""
    answers = {"a": DETAILS, "b": LISTED, "c": PROVIDER, "d": REPOSITORIES, "e": LIFECYCLE}
    found = read_inventory([save(tmp_path, **answers)])

    assert set(found.resources) == {
        ("aws_ecr_lifecycle_policy", ACCOUNT, REGION, "web"),
        ("aws_ecr_repository", ACCOUNT, REGION, "web"),
        ("aws_iam_openid_connect_provider", ACCOUNT, "", provider_arn()),
        ("aws_iam_role", ACCOUNT, "", "web"),
        ("aws_iam_role_policy", ACCOUNT, "", "web:push"),
    }


def test_a_state_says_the_same(tmp_path: Path) -> None:
    """What a state has read off a role is there too, whichever state has made it."""
    path = tmp_path / "terraform.tfstate"
    path.write_text(json.dumps(STATE), "utf-8")
    found = read_inventory([path])
    attached = "web/arn:aws:iam::aws:policy/ReadOnlyAccess"

    assert set(found.resources) == {
        ("aws_ecr_lifecycle_policy", ACCOUNT, REGION, "web"),
        ("aws_ecr_repository", ACCOUNT, REGION, "web"),
        ("aws_iam_openid_connect_provider", ACCOUNT, "", provider_arn()),
        ("aws_iam_role", ACCOUNT, "", "web"),
        ("aws_iam_role_policy", ACCOUNT, "", "web:push"),
        ("aws_iam_role_policy_attachment", ACCOUNT, "", attached),
    }
    assert {one.state for one in found.of("aws_iam_role")} == {"aws_iam_role.this"}


def test_files_add_to_each_other(tmp_path: Path) -> None:
    """A list of roles says how long sessions last, and the details do not; in any order."""
    details = json.loads(json.dumps(DETAILS))
    del details["RoleDetailList"][0]["MaxSessionDuration"]
    listed = {"Roles": [{"RoleName": "web", "Arn": ROLE_ARN, "MaxSessionDuration": 7200}]}
    for names in (("a", "b"), ("b", "a")):
        (tmp_path / names[0]).mkdir(exist_ok=True)
        place = save(tmp_path / names[0], **{names[0]: details, names[1]: listed})
        (found,) = read_inventory([place]).of("aws_iam_role")

        assert found.values["max_session_duration"] == 7200
        assert "environment" not in found.text("assume_role_policy")
        assert "acme/web" in found.text("assume_role_policy")


def test_a_policy_of_aws_is_none_of_ours(tmp_path: Path) -> None:
    """What is known of one beside the account's own adds nothing, and stops nothing."""
    own = {"Policy": {"Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "Description": "Reads"}}
    alone = [*read_inventory([save(tmp_path, a=DETAILS)]).of("aws_iam_policy")]

    assert [*read_inventory([save(tmp_path, b=own)]).of("aws_iam_policy")] == alone


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        pytest.param({"a": PROVIDER}, "which account's OIDC provider", id="a provider alone"),
        pytest.param(
            {
                "a": {"OpenIDConnectProviderList": [{"Arn": provider_arn(account=OTHER)}]},
                "b": LISTED,
                "c": PROVIDER,
            },
            "which account's OIDC provider",
            id="a provider, and two accounts",
        ),
        pytest.param({"a": LIFECYCLE}, "the region of its repository", id="a lifecycle alone"),
        pytest.param(
            {"a": {"tags": [], "resourceArn": "web"}}, "lacks the ARN", id="tags of a name"
        ),
        pytest.param({"a": {"Users": []}}, "nothing about what can be taken over", id="users"),
        pytest.param({"a": {}}, "nothing about what can be taken over", id="nothing"),
        pytest.param(
            {"a": {"format_version": "1.2", "planned_values": {}}},
            "nothing about what can be taken over",
            id="a plan",
        ),
        pytest.param(
            {"a": state(resource("azurerm_role_assignment", id="x"))},
            "The state has nothing that can be taken over.",
            id="a state of another provider",
        ),
        pytest.param(
            {"a": {**STATE, "version": 3}}, "another version than 4", id="a state of Terraform 0.11"
        ),
    ],
)
def test_refused(tmp_path: Path, answers: dict[str, Any], what: str) -> None:
    """A file that says too little is refused with its name, and with the way out."""
    with pytest.raises(InvalidValue) as caught:
        read_inventory([save(tmp_path, **answers)])

    (problem,) = caught.value.problems
    assert what in problem.what
    assert all((problem.given, problem.why, problem.fix))


def test_a_damaged_file(tmp_path: Path) -> None:
    """It is named, also among others."""
    place = save(tmp_path, a=DETAILS)
    (place / "b.json").write_text('{"repositories": [', "utf-8")

    with pytest.raises(InvalidValue, match=r"b\.json"):
        read_inventory([place])


def test_an_empty_folder(tmp_path: Path) -> None:
    """It is refused: nothing would be said of it otherwise."""
    with pytest.raises(InvalidValue, match="no files to read"):
        read_inventory([tmp_path])


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1], [{}]])
@pytest.mark.parametrize(
    "key",
    [
        *("RoleDetailList", "Roles", "Role", "Policy", "OpenIDConnectProviderList"),
        *("repositories", "ClientIDList", "policyText", "lifecyclePolicyText", "resourceArn"),
    ],
)
def test_no_shape_breaks_the_reading(tmp_path: Path, key: str, value: Any) -> None:
    """Whatever stands under a key that is known, it is read or refused."""
    with suppress(InvalidValue):
        found = read_inventory([save(tmp_path, a={key: value})])

        assert {one.type for one in found.resources.values()} <= {*TYPES}
