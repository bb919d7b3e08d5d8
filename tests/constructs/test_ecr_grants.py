"""Who may push and pull: policies of roles, and of the repository for other accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cdktf import TerraformVariable
from synth import (
    ACCOUNT,
    LOG_IN,
    OTHER_ACCOUNT,
    PULL_ACTIONS,
    PUSH_ACTIONS,
    REGION,
    WEB,
    Json,
    new_stack,
    policy,
    statement,
    synth,
)

from constructs_lib import (
    AwsTarget,
    DeployRoleBase,
    EcrRepo,
    GithubDeployRole,
    OidcProvider,
)
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DuplicateResource, InvalidValue, TargetUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdktf import App, TerraformStack

ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"
CACHE_ACTIONS = sorted({*PUSH_ACTIONS, *PULL_ACTIONS})
PUSH = policy(LOG_IN, statement("PushImages", PUSH_ACTIONS, ARN))
PUSH_WITH_CACHE = policy(LOG_IN, statement("PushImages", CACHE_ACTIONS, ARN))
PULL = policy(LOG_IN, statement("PullImages", PULL_ACTIONS, ARN))
READ_ACTIONS = [
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:ListImages",
]
FUNCTIONS = f"arn:aws:lambda:{REGION}:{OTHER_ACCOUNT}:function:"
THIRD_ACCOUNT = "777788889999"


def make_role(stack: TerraformStack, name: str = "web-deploy") -> GithubDeployRole:
    """Make a role in *stack*."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name=name,
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.environment("prod")],
    )


def test_push(stack: TerraformStack) -> None:
    """The role gets an inline policy of its own: log in, and push to this repository."""
    EcrRepo(stack, "Image", name="web").grant_push(make_role(stack))

    made = synth(stack)
    block = made["Deploy/Push-web"]
    assert block.type == "aws_iam_role_policy"
    assert block.policy == PUSH
    assert block.arguments["name"] == "ecr-push-web"
    assert block.facts == {
        "format": 1,
        "construct": "EcrRepo",
        "role": "web-deploy",
        "grant": "push",
        "repository": "web",
    }
    assert made.paths("aws_ecr_repository_policy") == []


def test_push_with_cache(stack: TerraformStack) -> None:
    """A registry cache is also read."""
    EcrRepo(stack, "Image", name="web").grant_push(make_role(stack), cache=True)

    assert synth(stack)["Deploy/Push-web"].policy == PUSH_WITH_CACHE


def test_pull(stack: TerraformStack) -> None:
    """Pulling is a policy of its own."""
    EcrRepo(stack, "Image", name="web").grant_pull(make_role(stack))

    block = synth(stack)["Deploy/Pull-web"]
    assert block.policy == PULL
    assert block.arguments["name"] == "ecr-pull-web"
    assert block.facts["grant"] == "pull"


def test_read(stack: TerraformStack) -> None:
    """Reading is a policy of its own, without the password that pulling needs."""
    EcrRepo(stack, "Image", name="web").grant_read(make_role(stack))

    block = synth(stack)["Deploy/Read-web"]
    assert block.policy == policy(statement("ReadImages", READ_ACTIONS, ARN))
    assert block.arguments["name"] == "ecr-read-web"
    assert block.facts == {
        "format": 1,
        "construct": "EcrRepo",
        "role": "web-deploy",
        "grant": "read",
        "repository": "web",
    }


def test_read_for_pull_requests(stack: TerraformStack) -> None:
    """A role of pull requests may read what scans found, and may not push."""
    image = EcrRepo(stack, "Image", name="web")
    role = GithubDeployRole(
        stack,
        "Check",
        name="web-check",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[WEB.pull_request()],
    )
    image.grant_read(role)

    with pytest.raises(AccessRefused, match="pull-request-write"):
        image.grant_push(role)
    assert synth(stack).paths("aws_iam_role_policy") == ["Check/Read-web"]


def test_read_from_another_account(stack: TerraformStack) -> None:
    """The repository lets the role in, and the role's own stack has the rest."""
    role = GithubDeployRole.from_name(stack, "Audit", name="audit", account=OTHER_ACCOUNT)
    EcrRepo(stack, "Image", name="web").grant_read(role)

    assert synth(stack)["Image/Policy"].policy == policy(
        statement(
            f"ReadByRolesOf{OTHER_ACCOUNT}",
            READ_ACTIONS,
            principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
            condition={"ArnEquals": {"aws:PrincipalArn": role.arn}},
        )
    )


def test_policy_name(stack: TerraformStack) -> None:
    """Each grant may have a name of its own; the construct's id stays, and so does its address."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    image.grant_push(role, policy_name="push")
    image.grant_pull(role, policy_name="pull")
    image.grant_read(role, policy_name="read")
    image.grant_push(role, cache=True)
    image.grant_pull(role, policy_name="pull")

    made = synth(stack)
    assert {path: made[path].arguments["name"] for path in made.paths("aws_iam_role_policy")} == {
        "Deploy/Pull-web": "pull",
        "Deploy/Push-web": "push",
        "Deploy/Read-web": "read",
    }
    assert made["Deploy/Push-web"].policy == PUSH_WITH_CACHE


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("a b", "The name of a policy has 1 to 128", id="character"),
        pytest.param("", "The name of a policy has 1 to 128", id="empty"),
        pytest.param("x" * 129, "The name of a policy has 1 to 128", id="length"),
        pytest.param(7, "`policy_name` takes a text", id="number"),
        pytest.param(["push"], "`policy_name` takes a text", id="list"),
        pytest.param("other", "one policy, which has a name already", id="another name"),
    ],
)
def test_policy_name_refused(stack: TerraformStack, name: Any, message: str) -> None:
    """A name that IAM refuses, or a second one for the same grant; the first grant stays."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    image.grant_push(role, policy_name="push")

    with pytest.raises(InvalidValue, match=message) as caught:
        image.grant_push(role, cache=True, policy_name=name)

    assert len(caught.value.problems) == 1
    block = synth(stack)["Deploy/Push-web"]
    assert (block.arguments["name"], block.policy) == ("push", PUSH)


def test_one_policy_name_for_two_grants(stack: TerraformStack) -> None:
    """Two policies of one name would replace each other."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    image.grant_push(role, policy_name="images")

    with pytest.raises(DuplicateResource, match="web-deploy/images"):
        image.grant_pull(role, policy_name="images")


def test_push_and_pull(stack: TerraformStack) -> None:
    """Both grants stand beside each other."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    image.grant_push(role)
    image.grant_pull(role)

    assert synth(stack).paths("aws_iam_role_policy") == ["Deploy/Pull-web", "Deploy/Push-web"]


@pytest.mark.parametrize(
    ("caches", "expected"),
    [
        pytest.param([False, False], PUSH, id="twice"),
        pytest.param([True, True], PUSH_WITH_CACHE, id="twice with cache"),
        pytest.param([False, True], PUSH_WITH_CACHE, id="cache added later"),
        pytest.param([True, False], PUSH_WITH_CACHE, id="cache stays"),
    ],
)
def test_push_again(stack: TerraformStack, caches: Sequence[bool], expected: Json) -> None:
    """A second grant adds to the first, in the same resource."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    for cache in caches:
        image.grant_push(role, cache=cache)

    made = synth(stack)
    assert made.paths("aws_iam_role_policy") == ["Deploy/Push-web"]
    assert made["Deploy/Push-web"].policy == expected


def test_push_again_by_name(stack: TerraformStack) -> None:
    """The repository made here and the same one by name add up as well."""
    role = make_role(stack)
    EcrRepo(stack, "Image", name="web").grant_push(role, cache=True)
    EcrRepo.from_name(stack, "Same", name="web").grant_push(role)

    assert synth(stack)["Deploy/Push-web"].policy == PUSH_WITH_CACHE


def test_pull_again(stack: TerraformStack) -> None:
    """Granting to pull twice is granting it once."""
    image, role = EcrRepo(stack, "Image", name="web"), make_role(stack)
    image.grant_pull(role)
    image.grant_pull(role)

    assert synth(stack).paths("aws_iam_role_policy") == ["Deploy/Pull-web"]


def test_two_repositories(stack: TerraformStack) -> None:
    """Grants on two repositories are two policies, each for its own."""
    role = make_role(stack)
    for name in ("web", "api"):
        EcrRepo(stack, name, name=name).grant_push(role)

    made = synth(stack)
    assert made["Deploy/Push-web"].policy == PUSH
    assert made["Deploy/Push-api"].policy == policy(
        LOG_IN, statement("PushImages", PUSH_ACTIONS, ARN.replace("/web", "/api"))
    )


NAMES = [
    pytest.param("web", {}, "web", "web", id="here"),
    pytest.param("team/web", {}, "team+web", "team+web", id="slash"),
    pytest.param(
        "web",
        {"account": OTHER_ACCOUNT},
        f"{OTHER_ACCOUNT}-{REGION}-web",
        f"{OTHER_ACCOUNT}-{REGION}-web",
        id="account",
    ),
    pytest.param(
        "team/web",
        {"account": OTHER_ACCOUNT, "region": "us-east-1"},
        f"{OTHER_ACCOUNT}-us-east-1-team+web",
        f"{OTHER_ACCOUNT}-us-east-1-team+web",
        id="account and region",
    ),
    pytest.param(
        "web",
        {"region": "us-east-1"},
        f"{ACCOUNT}-us-east-1-web",
        f"{ACCOUNT}-us-east-1-web",
        id="region",
    ),
    pytest.param("a" * 119, {}, "a" * 119, "a" * 119, id="128 characters"),
    pytest.param("a" * 120, {}, "a" * 120, f"{'a' * 110}-0ab19966", id="129 characters"),
    pytest.param("a" * 256, {}, "a" * 256, f"{'a' * 110}-6923d75b", id="longest"),
]


@pytest.mark.parametrize(("name", "where", "construct_id", "policy_name"), NAMES)
def test_names_of_grants(
    stack: TerraformStack, name: str, where: dict[str, Any], construct_id: str, policy_name: str
) -> None:
    """The id of a grant holds the repository, and its place when it is elsewhere."""
    image = EcrRepo.from_name(stack, "Image", name=name, **where)
    role = make_role(stack)
    image.grant_push(role)
    image.grant_pull(role)

    made = synth(stack)
    assert made.paths("aws_iam_role_policy") == [
        f"Deploy/Pull-{construct_id}",
        f"Deploy/Push-{construct_id}",
    ]
    push = made[f"Deploy/Push-{construct_id}"]
    assert push.arguments["name"] == f"ecr-push-{policy_name}"
    assert len(push.arguments["name"]) <= 128
    assert push.policy["Statement"][1]["Resource"] == image.arn


def test_name_from_a_variable(stack: TerraformStack) -> None:
    """A name that is known at apply only is replaced by the repository's place in the tree."""
    name = TerraformVariable(stack, "name", type="string").string_value
    EcrRepo(stack, "Image", name=name).grant_push(make_role(stack))

    block = synth(stack)["Deploy/Push-+Image"]
    assert block.arguments["name"] == "ecr-push-+Image"
    assert block.policy["Statement"][1]["Resource"] == ARN.replace("/web", "/${var.name}")


def test_name_from_a_variable_of_another_stack(app: App) -> None:
    """The repository's place then begins with its stack."""
    images = new_stack(app, "images")
    image = EcrRepo(images, "Image", name="${local.name}")
    image.grant_push(make_role(web := new_stack(app)))

    assert synth(web).paths("aws_iam_role_policy") == ["Deploy/Push-+images+Image"]


def test_region_of_an_unknown_account(app: App) -> None:
    """An account that is known at apply only is no part of an id: the region is enough."""
    stack = new_stack(app, account=None)
    EcrRepo.from_name(stack, "Image", name="web", region="us-east-1").grant_push(make_role(stack))

    (path,) = synth(stack).paths("aws_iam_role_policy")
    assert path == "Deploy/Push-us-east-1-web"


def test_role_of_another_account(app: App) -> None:
    """Role and repository of two stacks and accounts each get a policy for the other."""
    images, web = new_stack(app, "images"), new_stack(app, account=OTHER_ACCOUNT)
    EcrRepo(images, "Image", name="web").grant_push(make_role(web))

    made = synth(web)
    assert made[f"Deploy/Push-{ACCOUNT}-{REGION}-web"].policy == PUSH
    assert made.warnings == []
    repository = synth(images)["Image/Policy"]
    assert repository.type == "aws_ecr_repository_policy"
    assert repository.policy == policy(
        statement(
            f"PushByRolesOf{OTHER_ACCOUNT}",
            PUSH_ACTIONS,
            principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
            condition={
                "ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/web-deploy"}
            },
        )
    )


def test_existing_role_of_another_account(stack: TerraformStack) -> None:
    """For a role that this stack cannot reach, only the repository's policy is written."""
    image = EcrRepo(stack, "Image", name="web")
    role = GithubDeployRole.from_name(
        stack, "Deploy", name="web-deploy", path="/ci/", account=OTHER_ACCOUNT
    )
    image.grant_pull(role)

    made = synth(stack)
    assert made.paths("aws_iam_role_policy") == []
    assert made["Image/Policy"].policy == policy(
        statement(
            f"PullByRolesOf{OTHER_ACCOUNT}",
            PULL_ACTIONS,
            principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
            condition={
                "ArnEquals": {
                    "aws:PrincipalArn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/ci/web-deploy"
                }
            },
        )
    )


def test_existing_repository_of_another_account(stack: TerraformStack) -> None:
    """For a repository that is made elsewhere, the role gets its half and somebody is told."""
    image = EcrRepo.from_name(stack, "Image", name="web", account=OTHER_ACCOUNT)
    image.grant_push(make_role(stack))
    image.grant_push(stack_role := GithubDeployRole.from_name(stack, "Other", name="other"))

    made = synth(stack)
    assert isinstance(stack_role, DeployRoleBase)
    assert made.paths("aws_iam_role_policy") == [
        f"Deploy/Push-{OTHER_ACCOUNT}-{REGION}-web",
        f"Other/Push-{OTHER_ACCOUNT}-{REGION}-web",
    ]
    assert [path for path, _ in made.warnings] == ["web/Deploy", "web/Other"]
    assert f"repository 'web' of account {OTHER_ACCOUNT}" in made.warnings[0][1]


def test_told_once(stack: TerraformStack) -> None:
    """A grant that is asked for twice warns once."""
    image = EcrRepo.from_name(stack, "Image", name="web", account=OTHER_ACCOUNT)
    role = make_role(stack)
    image.grant_push(role)
    image.grant_push(role)

    assert len(synth(stack).warnings) == 1


def test_nobody_can_write_a_policy(stack: TerraformStack) -> None:
    """Role and repository of other accounts, both made elsewhere, cannot be granted anything."""
    image = EcrRepo.from_name(stack, "Image", name="web", account=OTHER_ACCOUNT)
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy", account=THIRD_ACCOUNT)

    with pytest.raises(InvalidValue, match="can be given a policy from this stack"):
        image.grant_push(role)

    assert synth(stack).paths() == []


def test_role_and_repository_of_one_other_account(stack: TerraformStack) -> None:
    """Nor when they share that other account."""
    image = EcrRepo.from_name(stack, "Image", name="web", account=OTHER_ACCOUNT)
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy", account=OTHER_ACCOUNT)

    with pytest.raises(InvalidValue, match="can be given a policy from this stack"):
        image.grant_pull(role)


def test_role_of_an_unknown_account(app: App) -> None:
    """A repository's policy cannot name a role whose account nobody has said."""
    image = EcrRepo(new_stack(app, "images"), "Image", name="web")
    role = make_role(new_stack(app, account=None))

    with pytest.raises(TargetUnknown, match="account of stack 'web' is known at apply only"):
        image.grant_push(role)


def test_said_account(app: App) -> None:
    """It can when `AwsTarget.set` says the account."""
    images, web = new_stack(app, "images"), new_stack(app, account=None)
    AwsTarget.set(web, account=OTHER_ACCOUNT, region=REGION)
    EcrRepo(images, "Image", name="web").grant_pull(make_role(web))

    assert "Image/Policy" in synth(images).blocks


def test_one_policy_for_all(stack: TerraformStack) -> None:
    """All that let somebody in add up to one policy, statement by statement, sorted."""
    image = EcrRepo(stack, "Image", name="web")
    for name, account in (("b", OTHER_ACCOUNT), ("a", OTHER_ACCOUNT), ("c", THIRD_ACCOUNT)):
        role = GithubDeployRole.from_name(stack, name, name=name, account=account)
        image.grant_push(role)
    image.grant_pull(GithubDeployRole.from_name(stack, "d", name="d", account=OTHER_ACCOUNT))
    image.allow_pull_from(THIRD_ACCOUNT)
    image.allow_pull_from(OTHER_ACCOUNT, organizations=["o-abcdefghij"])
    image.allow_pull_from(THIRD_ACCOUNT, lambda_functions=True)
    image.allow_pull_from(organizations=["o-0123456789"])

    def by_roles(sid: str, actions: list[str], account: str, names: str) -> Json:
        arns = [f"arn:aws:iam::{account}:role/{name}" for name in names]
        return statement(
            sid,
            actions,
            principal={"AWS": f"arn:aws:iam::{account}:root"},
            condition={"ArnEquals": {"aws:PrincipalArn": arns if len(arns) > 1 else arns[0]}},
        )

    made = synth(stack)
    assert made.paths("aws_ecr_repository_policy") == ["Image/Policy"]
    assert made["Image/Policy"].arguments["repository"] == (
        f"${{{made['Image/Resource'].address}.name}}"
    )
    assert made["Image/Policy"].policy == policy(
        statement(
            "PullFromAccounts",
            PULL_ACTIONS,
            principal={
                "AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:root", f"arn:aws:iam::{THIRD_ACCOUNT}:root"]
            },
        ),
        statement(
            "PullFromOrganizations",
            PULL_ACTIONS,
            principal={"AWS": "*"},
            condition={"StringEquals": {"aws:PrincipalOrgID": ["o-0123456789", "o-abcdefghij"]}},
        ),
        statement(
            "LambdaECRImageCrossAccountRetrievalPolicy",
            PULL_ACTIONS,
            principal={"Service": "lambda.amazonaws.com"},
            condition={
                "StringLike": {
                    "aws:sourceArn": f"arn:aws:lambda:{REGION}:{THIRD_ACCOUNT}:function:*"
                }
            },
        ),
        by_roles(f"PullByRolesOf{OTHER_ACCOUNT}", PULL_ACTIONS, OTHER_ACCOUNT, "d"),
        by_roles(f"PushByRolesOf{OTHER_ACCOUNT}", PUSH_ACTIONS, OTHER_ACCOUNT, "ab"),
        by_roles(f"PushByRolesOf{THIRD_ACCOUNT}", PUSH_ACTIONS, THIRD_ACCOUNT, "c"),
    )


def test_cache_of_one_role_only(stack: TerraformStack) -> None:
    """What one role may read for its cache, another role of its account may not."""
    image = EcrRepo(stack, "Image", name="web")
    cached = GithubDeployRole.from_name(stack, "a", name="a", account=OTHER_ACCOUNT)
    plain = GithubDeployRole.from_name(stack, "b", name="b", account=OTHER_ACCOUNT)
    image.grant_push(plain)
    image.grant_push(cached, cache=True)

    allowed = {
        arn: sorted(
            action
            for s in synth(stack)["Image/Policy"].policy["Statement"]
            if arn in _listed(s["Condition"]["ArnEquals"]["aws:PrincipalArn"])
            for action in s["Action"]
        )
        for arn in (cached.arn, plain.arn)
    }
    assert allowed == {cached.arn: CACHE_ACTIONS, plain.arn: PUSH_ACTIONS}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        pytest.param(
            [["thumbnails"]],
            [f"{FUNCTIONS}thumbnails", f"{FUNCTIONS}thumbnails:*"],
            id="name",
        ),
        pytest.param(
            [[f"{FUNCTIONS}thumbnails"]],
            [f"{FUNCTIONS}thumbnails", f"{FUNCTIONS}thumbnails:*"],
            id="ARN",
        ),
        pytest.param(
            [["b"], (f"{FUNCTIONS}a", "b")],
            [f"{FUNCTIONS}a", f"{FUNCTIONS}a:*", f"{FUNCTIONS}b", f"{FUNCTIONS}b:*"],
            id="calls add up",
        ),
        pytest.param([["a"], True], f"{FUNCTIONS}*", id="all cover the one"),
        pytest.param(
            [["${var.name}"]],
            [f"{FUNCTIONS}${{var.name}}", f"{FUNCTIONS}${{var.name}}:*"],
            id="reference",
        ),
    ],
)
def test_single_functions(stack: TerraformStack, calls: list[Any], expected: object) -> None:
    """Lambda may pull for the functions that are named, in any version, and for no other."""
    image = EcrRepo(stack, "Image", name="web")
    for functions in calls:
        image.allow_pull_from(OTHER_ACCOUNT, lambda_functions=functions)

    assert synth(stack)["Image/Policy"].policy == policy(
        statement(
            "PullFromAccounts",
            PULL_ACTIONS,
            principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
        ),
        statement(
            "LambdaECRImageCrossAccountRetrievalPolicy",
            PULL_ACTIONS,
            principal={"Service": "lambda.amazonaws.com"},
            condition={"StringLike": {"aws:sourceArn": expected}},
        ),
    )


def test_functions_in_two_accounts(stack: TerraformStack) -> None:
    """A name is a function in each account of the call; an ARN in its own alone."""
    EcrRepo(stack, "Image", name="web").allow_pull_from(
        OTHER_ACCOUNT, THIRD_ACCOUNT, lambda_functions=["b", f"{FUNCTIONS}a"]
    )

    (_, functions) = synth(stack)["Image/Policy"].policy["Statement"]
    found = functions["Condition"]["StringLike"]["aws:sourceArn"]
    assert [arn for arn in found if not arn.endswith(":*")] == [
        f"{FUNCTIONS}a",
        f"{FUNCTIONS}b",
        f"arn:aws:lambda:{REGION}:{THIRD_ACCOUNT}:function:b",
    ]


def test_policy_of_a_partition(app: App) -> None:
    """Principals and functions are those of the repository's partition."""
    stack = new_stack(app, region="cn-north-1")
    EcrRepo(stack, "Image", name="web").allow_pull_from(OTHER_ACCOUNT, lambda_functions=True)

    pull, functions = synth(stack)["Image/Policy"].policy["Statement"]
    assert pull["Principal"] == {"AWS": f"arn:aws-cn:iam::{OTHER_ACCOUNT}:root"}
    assert functions["Condition"] == {
        "StringLike": {"aws:sourceArn": f"arn:aws-cn:lambda:cn-north-1:{OTHER_ACCOUNT}:function:*"}
    }


@pytest.mark.parametrize(
    ("accounts", "keywords", "message"),
    [
        pytest.param([], {}, "names accounts or organizations", id="nobody"),
        pytest.param(
            [],
            {"organizations": ["o-abcdefghij"], "lambda_functions": True},
            "functions need accounts",
            id="functions of nobody",
        ),
        pytest.param(["prod"], {}, "twelve digits", id="account"),
        pytest.param(["*"], {}, "twelve digits", id="everybody"),
        pytest.param([], {"organizations": ["acme"]}, "is named by its id", id="organization"),
        pytest.param(
            [], {"organizations": "o-abcdefghij"}, "is a list of texts", id="one organization"
        ),
        pytest.param([111122223333], {}, "`accounts` takes a text", id="number"),
        pytest.param([[OTHER_ACCOUNT]], {}, "`accounts` takes a text", id="list in a list"),
        pytest.param([OTHER_ACCOUNT] * 2, {}, "names each once", id="account twice"),
        pytest.param(
            [OTHER_ACCOUNT], {"organizations": None}, "takes a list of texts", id="no organization"
        ),
        pytest.param(
            [OTHER_ACCOUNT], {"organizations": [7]}, "takes a list of texts", id="number for it"
        ),
        pytest.param(
            [], {"lambda_functions": ["web"]}, "functions need accounts", id="function of nobody"
        ),
        *(
            pytest.param([OTHER_ACCOUNT], {"lambda_functions": given}, message, id=str(given))
            for given, message in {
                "web": "`lambda_functions` is a list of texts",
                None: "`lambda_functions` takes",
                1: "`lambda_functions` takes",
                ("a", 1): "`lambda_functions` takes",
                ("a", "a"): "names each once",
                ("*",): "by its name, or as text its ARN",
                ("",): "by its name, or as text its ARN",
                ("${aws_lambda_function.Web.arn}",): "by its name, or as text its ARN",
                (f"arn:aws:iam::{OTHER_ACCOUNT}:role/web",): "by its name, or as text its ARN",
                ("a:PROD",): "by its name, or as text its ARN",
                (f"{FUNCTIONS}web:1",): "by its name, or as text its ARN",
                (f"{FUNCTIONS}*",): "by its name, or as text its ARN",
                (f"arn:aws:lambda:{REGION}:{THIRD_ACCOUNT}:function:a",): "one of the accounts",
                (f"arn:aws:lambda:eu-west-1:{OTHER_ACCOUNT}:function:a",): "of its own region",
                (f"arn:aws-cn:lambda:{REGION}:{OTHER_ACCOUNT}:function:a",): "another partition",
            }.items()
        ),
    ],
)
def test_guests_refused(
    stack: TerraformStack, accounts: list[str], keywords: dict[str, Any], message: str
) -> None:
    """Ids that AWS cannot have are refused, as one problem, and nobody is let in."""
    image = EcrRepo(stack, "Image", name="web")

    with pytest.raises(InvalidValue, match=message) as caught:
        image.allow_pull_from(*accounts, **keywords)

    assert len(caught.value.problems) == 1
    assert synth(stack).paths("aws_ecr_repository_policy") == []


def test_longest_repository_policy(stack: TerraformStack) -> None:
    """A policy over 10,240 characters is refused."""
    image = EcrRepo(stack, "Image", name="web")

    with pytest.raises(InvalidValue, match="at most 10240 characters"):
        image.allow_pull_from(*(f"{number:012}" for number in range(310)))
