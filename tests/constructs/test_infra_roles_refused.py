"""What the pair of roles refuses: access that is too wide, and what could never work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cdktf import TerraformVariable
from synth import ACCOUNT, OTHER_ACCOUNT, REGION
from test_infra_roles import INFRA, STATE, make_infra

from constructs_lib import GithubOwner, GithubRepo, OidcProvider, Statement, Subject, TerraformState
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DeployAccessError, DuplicateResource, InvalidValue

if TYPE_CHECKING:
    from cdktf import TerraformStack

ROLE = f"arn:aws:iam::{ACCOUNT}:role"
OLD = GithubRepo("acme/infra", subject_format="legacy")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
NEVER = "`apply_subjects` lets no pull request in."
NO_WILDCARD = "A role that Terraform assumes is named without wildcards."
OTHER = f"`terraform_role` is in another account than its callers, which are in {ACCOUNT}."
BUCKET = (
    "A bucket is named by 3 to 63 lower-case letters, digits, `.` or `-`; it begins and ends with "
    "a letter or digit, holds no `..`, and is no IP address."
)
REFUSED = [
    pytest.param({"terraform_role": "*"}, NO_WILDCARD, id="any role"),
    pytest.param({"terraform_role": "terraform-*"}, NO_WILDCARD, id="roles of a name"),
    pytest.param({"terraform_role": f"{ROLE}/terraform?"}, NO_WILDCARD, id="pattern in an ARN"),
    pytest.param({"terraform_role": f"{ROLE}/*"}, NO_WILDCARD, id="all roles by ARN"),
    pytest.param(
        {"terraform_role": f"arn:aws:iam::{ACCOUNT}:user/terraform"},
        "A role that Terraform assumes is named by its ARN.",
        id="user",
    ),
    pytest.param(
        {"terraform_role": ""}, "This takes a role: its name, `path/name` or its ARN.", id="nothing"
    ),
    pytest.param(
        {"terraform_role": f"arn:aws:iam::{OTHER_ACCOUNT}:role/terraform"}, OTHER, id="account"
    ),
    pytest.param(
        {"terraform_role": f"arn:aws-cn:iam::{ACCOUNT}:role/terraform"},
        "The ARN is of another partition than stack 'web', which deploys to 'aws'.",
        id="partition",
    ),
    pytest.param({"apply_subjects": [INFRA.pull_request()]}, NEVER, id="pull requests"),
    pytest.param(
        {"apply_subjects": [INFRA.environment("prod"), OLD.pull_request()]}, NEVER, id="also those"
    ),
    pytest.param({"apply_subjects": [INFRA.anything()]}, NEVER, id="anything of it"),
    pytest.param(
        {"apply_subjects": [GithubOwner("acme", owner_id=1).any_repo()]}, NEVER, id="any repository"
    ),
    pytest.param(
        {"apply_subjects": [GithubOwner("acme", owner_id=1).pull_request()]}, NEVER, id="of any"
    ),
    pytest.param(
        {"apply_subjects": [Subject.custom_pattern("repo:acme/infra:pull*")]}, NEVER, id="as text"
    ),
    pytest.param({"apply_subjects": []}, "`apply_subjects` names at least one.", id="no apply"),
    pytest.param({"plan_subjects": []}, "`plan_subjects` names at least one.", id="no plan"),
    pytest.param(
        {"plan_subjects": INFRA.branch("main")}, "`plan_subjects` is a list of subjects.", id="one"
    ),
    pytest.param(
        {"apply_subjects": ["repo:acme/infra:environment:prod"]},
        "An entry of `apply_subjects` is a subject.",
        id="text",
    ),
    pytest.param(
        {"audience": "ours"},
        "`audience` is one of those that the OIDC provider takes.",
        id="audience",
    ),
    pytest.param({"manages": []}, "`manages` names at least one.", id="no types"),
    pytest.param({"manages": "aws_iam_role"}, "`manages` is a list of texts.", id="one type"),
    pytest.param(
        {"manages": ["aws_iam_rol"]},
        "`manages` names types of resources whose calls are known here.",
        id="misspelt type",
    ),
    pytest.param(
        {"name": "x" * 60},
        "The name of a role has 1 to 64 letters, digits or `_+=,.@-`.",
        id="long name",
    ),
    pytest.param(
        {"path": "ci"},
        "A path begins and ends with `/` and has at most 512 characters.",
        id="path",
    ),
    pytest.param(
        {"permissions_boundary": f"arn:aws:iam::{OTHER_ACCOUNT}:policy/b"},
        f"The policy is of another account than the role, which is in {ACCOUNT}.",
        id="boundary",
    ),
]
WIDE: dict[str, tuple[dict[str, Any], str]] = {
    "plan": ({"plan_subjects": [INFRA.anything()]}, "repo-wide"),
    "apply": ({"apply_subjects": [INFRA.any_branch()]}, "branch-glob"),
}
NO_STATE = {
    "no prefix": ({"key_prefix": ""}, "`key_prefix` says which of the bucket's states are meant."),
    "a pattern": ({"key_prefix": "*/"}, "`key_prefix` is a plain text, without `*`, `?` and `${`."),
    "a reference": (
        {"key_prefix": "${var.x}/"},
        "`key_prefix` is a plain text, without `*`, `?` and `${`.",
    ),
    "half a folder": (
        {"key_prefix": "deploy"},
        "`key_prefix` is empty, or ends in `/`, without one in front and without `//`.",
    ),
    "an alias": (
        {"kms_key": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/state"},
        "`kms_key` is the ARN of a KMS key.",
    ),
    "every key": ({"kms_key": f"{KEY[:-1]}*"}, "`kms_key` is the ARN of a KMS key."),
    "every bucket": (
        {"bucket": "acme-*"},
        BUCKET,
    ),
}


@pytest.mark.parametrize(("keywords", "what"), REFUSED)
def test_refused(stack: TerraformStack, keywords: dict[str, Any], what: str) -> None:
    """It is refused before the pair is in the tree, so a corrected one takes its place."""
    with pytest.raises(InvalidValue) as caught:
        make_infra(stack, **keywords)

    assert [problem.what for problem in caught.value.problems] == [what]
    make_infra(stack)


def test_several_audiences(stack: TerraformStack) -> None:
    """With a provider that takes several, the roles say theirs; no role is in the tree before."""
    github = OidcProvider(stack, "Several", audiences=["sts.amazonaws.com", "ours"])

    with pytest.raises(InvalidValue, match="The OIDC provider takes several audiences"):
        make_infra(stack, oidc_provider=github)

    make_infra(stack, oidc_provider=github, audience="ours")


def test_all_at_once(stack: TerraformStack) -> None:
    """Several mistakes are said in one round."""
    with pytest.raises(InvalidValue) as caught:
        make_infra(
            stack,
            terraform_role="*",
            apply_subjects=[INFRA.pull_request()],
            manages=["aws_iam_rol", "aws_iam_policy"],
        )

    assert [problem.what for problem in caught.value.problems] == [
        NEVER,
        NO_WILDCARD,
        "`manages` names types of resources whose calls are known here.",
    ]
    assert caught.value.problems[2].fix == "Did you mean 'aws_iam_role'?"


def test_a_role_that_is_known_later(stack: TerraformStack) -> None:
    """A role that only Terraform knows is no role that a review can name."""
    with pytest.raises(InvalidValue, match="`terraform_role` is known now"):
        make_infra(stack, terraform_role=TerraformVariable(stack, "role").string_value)


def test_pull_requests_cannot_be_accepted(stack: TerraformStack) -> None:
    """No acceptance lets a pull request apply."""
    with pytest.raises(InvalidValue, match="lets no pull request in"):
        make_infra(
            stack,
            apply_subjects=[INFRA.pull_request()],
            accept={"pull-request-write": "we trust everybody"},
        )


@pytest.mark.parametrize("role", WIDE)
def test_wide_subjects(stack: TerraformStack, role: str) -> None:
    """A wide subject of either role is refused as that of any role, unless it is accepted."""
    keywords, rule = WIDE[role]
    with pytest.raises(AccessRefused, match=f"infra-{role}") as caught:
        make_infra(stack, **keywords)

    assert [finding.rule for finding in caught.value.findings] == [rule]
    make_infra(stack, **keywords, accept={rule: "for a week"})


@pytest.mark.parametrize("subject", [INFRA.any_ref(), INFRA.any_tag(), INFRA.tag_pattern("v*")])
def test_refs_are_no_pull_requests(stack: TerraformStack, subject: Subject) -> None:
    """A pattern of refs or environments lets no pull request in, whatever else it is."""
    with pytest.raises(DeployAccessError) as caught:
        make_infra(stack, apply_subjects=[subject], terraform_role="*")

    assert NEVER not in str(caught.value)


def test_a_plan_gets_nothing_that_writes(stack: TerraformStack) -> None:
    """Pull requests plan, so a statement that writes is refused at that role."""
    infra = make_infra(stack, state=STATE)

    with pytest.raises(AccessRefused) as caught:
        infra.plan.add_statement(
            Statement(sid="Lock", actions=["s3:PutObject"], resources=["arn:aws:s3:::acme-state/*"])
        )
    assert "pull-request-write" in {finding.rule for finding in caught.value.findings}


def test_two_pairs_of_a_name(stack: TerraformStack) -> None:
    """An account has room for one pair of a name."""
    make_infra(stack)

    with pytest.raises(DuplicateResource, match="infra-plan"):
        make_infra(stack, "Infra2")


@pytest.mark.parametrize("mistake", NO_STATE)
def test_states_that_no_policy_names(mistake: str) -> None:
    """The place of the states is one bucket, a folder in it and one key."""
    keywords, what = NO_STATE[mistake]
    place: dict[str, Any] = {"bucket": "acme-state", "key_prefix": "deploy-access/"}

    with pytest.raises(InvalidValue) as caught:
        TerraformState(**(place | keywords))

    assert [problem.what for problem in caught.value.problems] == [what]
