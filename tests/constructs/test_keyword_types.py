"""Every keyword of every construct and value, with what is of another type."""

from __future__ import annotations

from inspect import Parameter, signature
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from synth import WEB, new_stack

from constructs_lib import (
    AwsTarget,
    CodeDeploy,
    CreationTemplate,
    EcrRegistry,
    EcrRepo,
    EcsDeployPolicy,
    Encryption,
    GithubDeployRole,
    GithubOwner,
    GithubRepo,
    Images,
    Issuer,
    LifecycleRule,
    OidcProvider,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    Statement,
    Subject,
    TagMutability,
    constrain_aws_provider,
    github_trust,
)
from constructs_lib.github import GithubEnvironment, GithubSubjectTemplate
from constructs_lib.github_provider import GithubProvider
from constructs_lib.provider import AwsProvider
from deploy_access.errors import DeployAccessError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdktf import App, TerraformStack

ROLE_ARN = "arn:aws:iam::111122223333:role/web"
NUMBERS = count()


class World:
    """What the constructs below are made of; each has a name of its own."""

    def __init__(self, app: App) -> None:
        self.stack = new_stack(app)
        self.github_stack = new_stack(app, "github-acme")
        GithubProvider(self.github_stack, "Hub", owner="acme")
        self.provider = OidcProvider.from_account(self.stack, "Known")
        self.role = GithubDeployRole.from_name(self.stack, "Given", name="given")
        self.image = EcrRepo(self.stack, "Image", name="image")

    def at(self, stack: TerraformStack | None = None) -> dict[str, Any]:
        """Return a place in the tree."""
        return {"scope": stack or self.stack, "id": f"Made{next(NUMBERS)}"}

    def region(self) -> AwsProvider:
        """Return a provider of an account of its own, since a registry is set up once."""
        number = next(NUMBERS)
        return AwsProvider(
            self.stack,
            f"Aws{number}",
            region="eu-central-1",
            allowed_account_ids=[f"{number:012}"],
            alias=f"a{number}",
        )

    def name(self) -> str:
        """Return a name that nothing has."""
        return f"made-{next(NUMBERS)}"


Keywords = dict[str, Any]
CONSTRUCTS: dict[Callable[..., Any], Callable[[World], Keywords]] = {
    OidcProvider: lambda w: {**w.at(), "issuer": f"https://{w.name()}.example"},
    OidcProvider.from_account: World.at,
    OidcProvider.from_lookup: World.at,
    OidcProvider.from_arn: lambda w: {
        **w.at(),
        "arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    },
    GithubDeployRole: lambda w: {
        **w.at(),
        "name": w.name(),
        "oidc_provider": w.provider,
        "subjects": [WEB.branch("main")],
    },
    GithubDeployRole.from_name: lambda w: {**w.at(), "name": w.name()},
    GithubDeployRole.from_arn: lambda w: {**w.at(), "arn": ROLE_ARN},
    EcrRepo: lambda w: {**w.at(), "name": w.name()},
    EcrRepo.from_name: lambda w: {**w.at(), "name": w.name()},
    EcrRepo.grant_push: lambda w: {"self": w.image, "role": w.role},
    EcrRepo.grant_pull: lambda w: {"self": w.image, "role": w.role},
    EcrRepo.grant_read: lambda w: {"self": w.image, "role": w.role},
    EcrRepo.allow_pull_from: lambda w: {"self": w.image, "organizations": ["o-abcdefghij"]},
    EcrRegistry: lambda w: {
        **w.at(),
        "scanning": Scanning.basic(),
        "provider": w.region(),
    },
    EcsDeployPolicy: lambda w: {
        **w.at(),
        "role": w.role,
        "cluster": "main",
        "services": ["web"],
        "task_roles": ["web"],
        "execution_role": None,
        "name": w.name(),
    },
    AwsTarget.set: lambda w: {
        "stack": w.stack,
        "account": "111122223333",
        "region": "eu-central-1",
    },
    GithubEnvironment: lambda w: {**w.at(w.github_stack), "repo": WEB, "name": w.name()},
    GithubSubjectTemplate: lambda w: {
        **w.at(w.github_stack),
        "repo": GithubRepo(f"acme/{w.name()}"),
    },
    github_trust: lambda w: {"oidc_provider": w.provider, "subjects": [WEB.branch("main")]},
    constrain_aws_provider: lambda w: {"stack": w.stack},
}
VALUES: dict[Callable[..., Any], Keywords] = {
    CodeDeploy: {},
    Encryption: {"type": "KMS"},
    Encryption.kms: {},
    CreationTemplate: {"prefix": "quay", "applied_for": ["PULL_THROUGH_CACHE"]},
    GithubOwner: {"name": "acme"},
    GithubOwner("acme").branch: {"name": "main"},
    GithubOwner("acme").environment: {"name": "prod"},
    GithubOwner("acme").repo: {"name": "web"},
    GithubRepo: {"full_name": "acme/web"},
    WEB.branch: {"name": "main"},
    WEB.branch_pattern: {"pattern": "release/*"},
    WEB.environment: {"name": "prod"},
    WEB.tag_pattern: {"pattern": "v*"},
    WEB.branch("main").requiring: {"actor": "me"},
    Images: {"status": "untagged"},
    Issuer: {"url": "https://idp.example"},
    Issuer.ghe: {"subdomain": "acme"},
    Issuer.ghes: {"host": "git.example.com"},
    LifecycleRule: {"images": Images.any(), "count_type": "imageCountMoreThan", "count": 3},
    LifecycleRule.expire: {"images": Images.untagged(), "days": 3},
    LifecycleRule.keep: {"images": Images.any(), "count": 3},
    PullThroughCache: {"prefix": "quay", "upstream": "quay.io"},
    ReplicationRule: {"regions": ["eu-west-1"], "prefixes": ["web"]},
    Scanning: {"type": "ENHANCED", "continuous": ["*"]},
    Scanning.basic: {},
    Scanning.enhanced: {"continuous": ["*"]},
    Statement: {"sid": "Read", "actions": ["s3:GetObject"], "resources": ["*"]},
    Subject.custom: {"value": "a"},
    Subject.custom_pattern: {"pattern": "a*"},
    Subject.parse: {"text": "repo:acme/web:pull_request"},
    TagMutability: {"mode": "IMMUTABLE"},
}
# Nothing takes these. Of the others each may fit somewhere.
NOWHERE: list[Any] = [object(), b"text", 1.5, {1}, [object()], {"a": object()}, {7: "a"}]
SOMEWHERE: list[Any] = [
    None,
    7,
    -1,
    True,
    "text",
    "",
    [],
    {},
    ["text"],
    [None],
    [7],
    ["a", ["b"]],
    {"a": "b"},
]


def keywords_of(function: Callable[..., Any]) -> Iterator[str]:
    """List what *function* takes by name."""
    for name, parameter in signature(function).parameters.items():
        if parameter.kind not in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
            yield name


def name_of(function: Callable[..., Any]) -> str:
    """Name a function with its class."""
    return function.__qualname__


def outcome(function: Callable[..., Any], keywords: Keywords) -> type[BaseException] | None:
    """Return what *function* raises."""
    try:
        function(**keywords)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return type(error)
    return None


@pytest.mark.parametrize("function", CONSTRUCTS, ids=name_of)
def test_constructs(app: App, function: Callable[..., Any]) -> None:
    """A wrong type is our own refusal, whatever it is, and never an error from inside."""
    world, given = World(app), CONSTRUCTS[function]
    wrong: list[tuple[str, object, object]] = []
    for keyword in keywords_of(function):
        if keyword != "self":
            wrong += check(function, keyword, lambda: given(world))

    assert outcome(function, given(world)) is None
    assert wrong == []


@pytest.mark.parametrize("function", VALUES, ids=name_of)
def test_values(function: Callable[..., Any]) -> None:
    """Values refuse wrong types as the constructs do that take them."""
    wrong: list[tuple[str, object, object]] = []
    for keyword in keywords_of(function):
        wrong += check(function, keyword, lambda: VALUES[function])

    assert outcome(function, VALUES[function]) is None
    assert wrong == []


def check(
    function: Callable[..., Any], keyword: str, given: Callable[[], Keywords]
) -> Iterator[tuple[str, object, object]]:
    """Yield each value that passes and may not, or that is refused by something else."""
    for value in (*NOWHERE, *SOMEWHERE):
        raised = outcome(function, {**given(), keyword: value})
        if (keyword, value) == ("id", ""):
            continue  # the construct library says itself that an id is not empty
        is_ours = raised is not None and issubclass(raised, DeployAccessError)
        if not is_ours and (raised is not None or any(value is one for one in NOWHERE)):
            yield keyword, value, raised


@pytest.mark.parametrize("account", NOWHERE)
def test_accounts_that_are_let_in(app: App, account: Any) -> None:
    """What has no keyword is checked too."""
    with pytest.raises(InvalidValue):
        EcrRepo(new_stack(app), "Image", name="web").allow_pull_from(account)


AS_ELSEWHERE: Any = {"arn": ROLE_ARN, "mode": "IMUTABLE", "yes": True, "word": "IMMUTABLE"}
WAYS: dict[str, tuple[Callable[[World], object], str, str]] = {
    "an ARN as provider": (
        lambda w: GithubDeployRole(
            **w.at(),
            name="web",
            oidc_provider=AS_ELSEWHERE["arn"],
            subjects=[WEB.branch("main")],
        ),
        "`oidc_provider` takes `OidcProvider`.",
        "`OidcProvider.from_arn(self, 'Github', arn=...)`",
    ),
    "an ARN as role": (
        lambda w: w.image.grant_push(AS_ELSEWHERE["arn"]),
        "`role` takes `DeployRole`.",
        "`GithubDeployRole.from_arn(self, 'Role', arn=...)`",
    ),
    "AWS's word for mutability": (
        lambda w: EcrRepo(**w.at(), name="web", tag_mutability=AS_ELSEWHERE["word"]),
        "`tag_mutability` takes `TagMutability`.",
        "`TagMutability.immutable()`",
    ),
    "a misspelt mode": (
        lambda _: TagMutability(AS_ELSEWHERE["mode"]),
        "`mode` takes 'IMMUTABLE' or 'MUTABLE'",
        "Did you mean 'IMMUTABLE'?",
    ),
    "CodeDeploy as a switch": (
        lambda w: EcsDeployPolicy(
            **w.at(),
            role=w.role,
            cluster="main",
            services=["web"],
            task_roles=[],
            execution_role=None,
            codedeploy=AS_ELSEWHERE["yes"],
        ),
        "`codedeploy` takes `CodeDeploy`.",
        "`codedeploy=CodeDeploy()`",
    ),
}


@pytest.mark.parametrize("case", WAYS)
def test_what_others_take(app: App, case: str) -> None:
    """What people know from elsewhere is answered with what it is called here."""
    make, what, fix = WAYS[case]

    with pytest.raises(InvalidValue) as caught:
        make(World(app))

    (problem,) = caught.value.problems
    assert (problem.what.startswith(what), fix in problem.fix) == (True, True)


def test_all_at_once(app: App) -> None:
    """Each argument of a wrong type is named, the entries of a table by their keys."""
    wrong: Any = {"name": 7, "services": "web", "tags": {"team": 7, 8: "a"}, "codedeploy": "yes"}
    with pytest.raises(InvalidValue) as caught:
        EcsDeployPolicy(**{**CONSTRUCTS[EcsDeployPolicy](World(app)), **wrong})

    assert [problem.what for problem in caught.value.problems] == [
        "`services` is a list of texts.",
        "`name` takes a text.",
        "`tags['team']` takes a text.",
        "`key of tags` takes a text.",
        "`codedeploy` takes `CodeDeploy`.",
    ]
