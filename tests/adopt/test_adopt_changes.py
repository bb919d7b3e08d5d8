"""What applying would change of what is there, by risk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import systems
from answers_of_aws import (
    ACCOUNT,
    PUSH,
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
from click.testing import CliRunner
from report_schemas import mistakes
from synthesized import synth_file

from deploy_access.adopt.changes import find_changes
from deploy_access.adopt.read_files import read_inventory
from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.adopt.changes import Changes

TRUST = trust("repo:acme@1/web@2:environment:prod")
OURS = policy(
    allow("ecr:GetAuthorizationToken", Sid="LogInToRegistry"),
    allow(
        [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ],
        "arn:aws:ecr:eu-central-1:111122223333:repository/web",
        Sid="PushImages",
    ),
)


def changes(place: Path, folder: Path, **replaced: str) -> Changes:
    """Adopt, synthesize and compare; *replaced* texts of the written file are edited before."""
    result = CliRunner().invoke(main, ["adopt", str(place), "--write", str(folder)])
    assert result.exit_code == 0, result.output
    path = folder / "environments.toml"
    text = path.read_text("utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    synth_file(path, folder / "cdktf.out")
    return find_changes(read_inventory([place]), folder / "cdktf.out")


def made_as_we_do(folder: Path, **more: Any) -> Path:
    """Make an account in which everything is as the constructs make it."""
    untagged = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
        },
        "action": {"type": "expire"},
    }
    exact = trust("repo:acme@1/web@2:environment:prod", operator="StringEquals")
    place = account(
        folder,
        [
            role(
                "web-prod",
                exact,
                inline={"push": OURS},
                Description="Deploys from acme/web",
                **more,
            )
        ],
        repositories=[repository("web", imageTagMutability="IMMUTABLE")],
    )
    rules = json.dumps({"rules": [untagged]})
    answer = {"registryId": ACCOUNT, "repositoryName": "web", "lifecyclePolicyText": rules}
    return save(place.parent, lifecycle=answer)


def test_what_is_as_we_make_it_does_not_change(tmp_path: Path) -> None:
    """All is taken over as it is but the trust policy, which lets in the same in other words."""
    found = changes(made_as_we_do(tmp_path), tmp_path)

    assert (found.lost, found.gained, found.settings, found.made) == ((), (), (), ())
    assert [one.type for one in found.rewritten] == ["aws_iam_role"]
    assert found.unchanged == 4


def test_tags_that_go_are_settings(tmp_path: Path) -> None:
    """The file says no tags of a role, so Terraform takes those of the role away."""
    place = made_as_we_do(tmp_path, Tags=[{"Key": "team", "Value": "web"}])
    (setting,) = changes(place, tmp_path).settings
    (attribute,) = setting.attributes

    assert (setting.type, attribute.name, attribute.before, attribute.after) == (
        "aws_iam_role",
        "tags",
        '{"team": "web"}',
        None,
    )


def test_access_goes_and_comes(tmp_path: Path) -> None:
    """Who is let in by an edit, and who no longer is, is told apart."""
    edited = {'environment = "prod" }': 'branch = "main" }'}
    found = changes(made_as_we_do(tmp_path), tmp_path, **edited)
    (lost,), (gained,) = found.lost, found.gained

    assert [one.subject for one in lost.trust.lost] == ["repo:acme@1/web@2:environment:prod"]
    assert [one.subject for one in gained.trust.gained] == ["repo:acme@1/web@2:ref:refs/heads/main"]
    assert (lost.trust.gained, gained.trust.lost) == ((), ())


def test_a_policy_that_stays_is_no_access_that_goes(tmp_path: Path) -> None:
    """What Terraform does not know stays on the role, whatever it allows."""
    writes = policy(allow("s3:PutObject", "arn:aws:s3:::site/*"))
    place = account(
        tmp_path,
        [role("web-prod", TRUST, inline={"push": pushes("web"), "site": writes})],
        repositories=[repository("web")],
    )

    assert changes(place, tmp_path).lost == ()


def test_what_a_policy_of_aws_allows_is_known(tmp_path: Path) -> None:
    """The answer about an account holds AWS's own policies too: what they allow does not come."""
    actions = [*PUSH, "ecr:BatchGetImage", "ecr:GetAuthorizationToken"]
    name = "AmazonEC2ContainerRegistryPowerUser"
    own = managed(name, policy(allow(actions)), Arn=f"arn:aws:iam::aws:policy/{name}")
    place = account(
        tmp_path,
        [role("web-prod", TRUST, attached=[own["Arn"]])],
        policies=[own],
        repositories=[repository("web")],
    )
    found = changes(place, tmp_path)

    assert [one.type for one in found.made] == ["aws_iam_role_policy"]
    assert (found.lost, found.gained) == ((), ())


def test_a_repository_of_another_encryption_would_be_made_anew(tmp_path: Path) -> None:
    """An edit that would lose images is the first thing that is told, and the command fails."""
    key = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
    place = account(
        tmp_path,
        [role("web-prod", TRUST, inline={"push": pushes("web")})],
        repositories=[
            repository("web", encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key})
        ],
    )
    found = changes(place, tmp_path)
    edited = changes(place, _other(tmp_path), **{f'kms_key = "{key}"\n': ""})
    result = CliRunner().invoke(
        main, ["adopt", str(place), "--synthesized", str(_other(tmp_path) / "cdktf.out")]
    )

    assert found.destroyed == ()
    assert [(one.type, one.holds_data) for one in edited.destroyed] == [
        ("aws_ecr_repository", True)
    ]
    assert result.exit_code == 10
    assert result.stdout.startswith("Would be destroyed or made anew\n")


def _other(folder: Path) -> Path:
    place = folder / "edited"
    place.mkdir(exist_ok=True)
    return place


def test_a_policy_keeps_its_description(tmp_path: Path) -> None:
    """Another one would replace the policy, so it is not rewritten where no file says it."""
    document = policy(*systems.deploys("prod", "web"))
    for number, (more, rewritten) in enumerate([({"Description": "by hand"}, True), ({}, False)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        deploys = managed("web-ecs", document, **more)
        inline = {"push": pushes("web")}
        place = account(
            folder,
            [role("web-prod", TRUST, inline=inline, attached=[deploys["Arn"]])],
            policies=[deploys],
            repositories=[repository("web")],
        )
        found = changes(place, folder)
        made = {one.type for one in found.made}

        assert found.destroyed == ()
        assert ("aws_iam_policy" in made) != rewritten


def test_json(tmp_path: Path) -> None:
    """It is what the published schema says, whose parties and resources are those of a review."""
    place = systems.console(tmp_path)
    changes(place, tmp_path)
    options = ["--synthesized", str(tmp_path / "cdktf.out"), "--format", "json"]
    document = json.loads(CliRunner().invoke(main, ["adopt", str(place), *options]).stdout)

    assert mistakes("adopt", document) == []
    assert [one["name"] for one in document["lost"]] == ["Githubactions-to-ECR-role"]
    assert document["unchanged"] == 2


@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_it_is_readable(tmp_path: Path, format_: str) -> None:
    """The counts stand in a sentence, and each part under its title."""
    place = systems.console(tmp_path)
    changes(place, tmp_path)
    options = ["--synthesized", str(tmp_path / "cdktf.out"), "--format", format_]
    result = CliRunner().invoke(main, ["adopt", str(place), *options])

    assert result.exit_code == 0
    assert "may be assumed by repo:Test-User/techblue-dev:ref:refs/heads/main" in result.stdout
    assert "0 destroyed or made anew" in result.stdout
