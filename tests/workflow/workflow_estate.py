"""Stacks for every kind of workflow, each kind in a repository of its own: `acme/KIND`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable

from constructs_lib import (
    CodeDeploy,
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    GithubOwner,
    GithubRepo,
    OidcProvider,
    TagMutability,
)
from deploy_access.github.issuer import Issuer

if TYPE_CHECKING:
    from pathlib import Path

    from constructs_lib import DeployRoleBase
    from deploy_access.github.subject import Subject

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
REGION = "eu-central-1"
OLD = GithubRepo("acme/server")
CALLED = "acme/ci/.github/workflows/deploy.yml"
CALLED_REF = f"{CALLED}@refs/heads/main"


def repo(name: str, **more: Any) -> GithubRepo:
    """Name a repository of the example owner, with an id of its own."""
    return GithubRepo(f"acme/{name}", owner_id=123456, repo_id=crc32(name.encode()), **more)


class Kinds:
    """Makes the stacks of one app."""

    def __init__(self, app: App) -> None:
        self.app = app

    def stack(self, name: str, account: str = ACCOUNT, region: str = REGION) -> TerraformStack:
        """Make a stack of an account."""
        stack = TerraformStack(self.app, name)
        AwsProvider(stack, "Aws", region=region, allowed_account_ids=[account])
        return stack

    def role(self, stack: TerraformStack, *subjects: Subject, **more: Any) -> GithubDeployRole:
        """Make the role of a stack, called as the stack is."""
        name = f"{stack.node.id}-deploy"
        github = OidcProvider.from_account(stack, "Github")
        return GithubDeployRole(
            stack, "Deploy", name=name, oidc_provider=github, subjects=subjects, **more
        )

    def image(self, stack: TerraformStack, role: DeployRoleBase, **more: Any) -> EcrRepo:
        """Make a repository, called as the stack is, and let the role push to it."""
        cache = bool(more.pop("cache", False))
        image = EcrRepo(stack, "Image", name=stack.node.id, **more)
        image.grant_push(role, cache=cache)
        return image

    def ecs(self, stack: TerraformStack, role: DeployRoleBase, **more: Any) -> None:
        """Let the role deploy."""
        settings: dict[str, Any] = {
            "cluster": "main",
            "services": ["web"],
            "task_roles": ["web-task"],
            "execution_role": "ecsTaskExecutionRole",
        }
        id_ = str(more.pop("id", "Ecs"))
        EcsDeployPolicy(stack, id_, role=role, **{**settings, **more})

    def whole(self, name: str, subject: Subject | None = None, **more: Any) -> None:
        """Make a stack whose role pushes and deploys."""
        stack = self.stack(name)
        role = self.role(stack, subject or repo(name).environment("production"))
        self.image(stack, role)
        self.ecs(stack, role, **more)


def synthesize_kinds(out: Path) -> Path:
    """Write the stacks of every kind into a folder, and return it."""
    app = App(outdir=str(out))
    make = Kinds(app)
    _push(make)
    _deploy(make)
    _promote(make)
    _copy(make)
    _odd(make)
    _several(make)
    _elsewhere(make)
    app.synth()
    return out


def _push(make: Kinds) -> None:
    stack = make.stack("push")
    make.image(stack, make.role(stack, repo("push").branch("main")))
    stack = make.stack("cached")
    tags = TagMutability.immutable_except("buildcache*")
    role = make.role(stack, repo("cached").branch("main"))
    make.image(stack, role, tag_mutability=tags, cache=True)
    stack = make.stack("releases")
    make.image(stack, make.role(stack, repo("releases").tag_pattern("v*")))
    stack = make.stack("check")
    make.role(stack, repo("check").branch("main"), max_session_duration=7200)


def _deploy(make: Kinds) -> None:
    make.whole("deploy")
    make.whole("reading", repo("reading").branch("main"), read_task_definition=True)
    make.whole("migrating", one_off_tasks=["web"])
    make.whole("migrating-apart", one_off_tasks=["web-migrate"])
    make.whole("once", services=[], one_off_tasks=["nightly"])
    nightly = {"schedule": "0 3 * * *", "capacity_provider": "FARGATE_SPOT", "public_ip": True}
    make.whole("nightly", services=[], one_off_tasks=["nightly"], workflow=nightly)
    make.whole("shifting", codedeploy=CodeDeploy())
    named = CodeDeploy(application="web", deployment_group="blue-green", deployment_config="Slow")
    make.whole("shifting-named", codedeploy=named)
    make.whole("tagging", tag_on_create=True, one_off_tasks=["web"], read_task_definition=True)
    make.whole("several", services=["web", "worker"], families=["web-family", "worker-family"])
    stack = make.stack("given")
    make.ecs(stack, make.role(stack, repo("given").environment("production")))


def _promote(make: Kinds) -> None:
    stack = make.stack("promote-images", OTHER_ACCOUNT)
    make.image(stack, make.role(stack, repo("promote").branch("main")))
    for name in ("dev", "stg", "prod"):
        stack = make.stack(f"promote-{name}")
        subject = repo("promote").environment(name)
        make.ecs(
            stack,
            make.role(stack, repo("promote").branch("main") if name == "dev" else subject),
            cluster=name,
        )
    for name, subject in {
        "dev": repo("apart").branch("develop"),
        "prod": repo("apart").tag_pattern("v*"),
    }.items():
        stack = make.stack(f"apart-{name}")
        role = make.role(stack, subject)
        make.image(stack, role)
        make.ecs(stack, role, cluster=name)


def _copy(make: Kinds) -> None:
    """Make a repository an environment, where the image of `dev` is copied to the other account."""
    places = {"dev": repo("copying").branch("main"), "prod": repo("copying").environment("prod")}
    images: list[EcrRepo] = []
    for name, subject in places.items():
        stack = make.stack(f"copying-{name}", OTHER_ACCOUNT if name == "prod" else ACCOUNT)
        role = make.role(stack, subject, workflow={"promote": True})
        for tested in images:
            tested.grant_pull(role)
        images.append(make.image(stack, role))
        make.ecs(stack, role, cluster=name)


def _odd(make: Kinds) -> None:
    """Make two services of one repository, a condition on the ref, and hints."""
    for name in ("api", "web"):
        stack = make.stack(f"{name}-images")
        make.image(stack, make.role(stack, repo("monorepo").branch("main")))
        stack = make.stack(f"{name}-prod")
        role = make.role(stack, repo("monorepo").environment("prod"))
        make.ecs(stack, role, services=[name])
        TerraformOutput(stack, "repository_name", value=f"{name}-images")
    make.whole("uneven-dev", repo("uneven").environment("dev"))
    make.whole("uneven-prod", repo("uneven").environment("prod"), one_off_tasks=["web"])
    make.whole("requiring", repo("requiring").environment("prod").requiring(ref="refs/heads/main"))
    stack = make.stack("alike")
    places = [repo("alike").environment(name) for name in ("eu west", "eu-west")]
    role = make.role(stack, *places)
    make.image(stack, role)
    make.ecs(stack, role)
    stack = make.stack("hinted")
    role = make.role(stack, repo("hinted").branch("main"))
    make.image(stack, role)
    make.ecs(stack, role)
    hints = {"container": "app", "context": "services/web", "platforms": ["linux/arm64"]}
    role.resource.add_override("//.deploy_access.workflow", hints)


def _several(make: Kinds) -> None:
    """Make repositories of several services: apart, with one image, and on two clusters."""
    for name in ("api", "web"):
        for place, subject in {
            "dev": repo("mono").branch("main"),
            "prod": repo("mono").environment("prod"),
        }.items():
            stack = make.stack(f"mono-{name}-{place}")
            role = make.role(stack, subject)
            make.image(stack, role)
            make.ecs(stack, role, cluster=place, services=[name])
    stack = make.stack("oneimage-images")
    make.image(stack, make.role(stack, repo("oneimage").branch("main")))
    for name in ("api", "worker"):
        for place in ("dev", "prod"):
            stack = make.stack(f"oneimage-{name}-{place}")
            role = make.role(stack, repo("oneimage").environment(place))
            make.ecs(stack, role, cluster=place, services=[name])
    stack = make.stack("clusters")
    role = make.role(stack, repo("clusters").branch("main"))
    make.image(stack, role)
    make.ecs(stack, role, cluster="blue", one_off_tasks=["migrate"])
    more = {"services": ["web"], "one_off_tasks": ["migrate"], "id": "More"}
    make.ecs(stack, role, cluster="green", **more)


def _elsewhere(make: Kinds) -> None:
    stack = make.stack("called")
    caller = repo("called", include_claim_keys=("repo", "context", "job_workflow_ref"))
    subject = caller.environment("production").requiring(job_workflow_ref=CALLED_REF)
    role = make.role(stack, subject)
    make.image(stack, role)
    make.ecs(stack, role)
    stack = make.stack("china", "777788889999", "cn-north-1")
    github = OidcProvider(stack, "Made", audiences=["sts.amazonaws.com.cn"])
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="china-deploy",
        oidc_provider=github,
        subjects=[repo("china").branch("main")],
    )
    make.image(stack, role)
    own = "https://deploys.acme.com"
    for name, account, audience in (
        ("audience", "888899990000", own),
        ("usual", "999900001111", "sts.amazonaws.com"),
    ):
        stack = make.stack(name, account)
        github = OidcProvider(stack, "Made", audiences=["sts.amazonaws.com", own])
        role = GithubDeployRole(
            stack,
            "Deploy",
            name=f"{name}-deploy",
            oidc_provider=github,
            subjects=[repo(name).branch("main")],
            audience=audience,
        )
        make.image(stack, role)
    stack = make.stack("cross-images", "012345678901")
    image = EcrRepo(stack, "Image", name="cross")
    stack = make.stack("cross")
    image.grant_push(make.role(stack, repo("cross").branch("main")))
    stack = make.stack("ghes")
    github = OidcProvider(stack, "Made", issuer=Issuer.ghes("git.acme.com"))
    on_server = GithubRepo("acme/ghes").branch("main"), GithubRepo("acme/ghes").pull_request()
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="ghes-deploy",
        oidc_provider=github,
        subjects=on_server,
        accept={"pull-request-write": "tries deploys"},
    )
    make.image(stack, role)
    make.ecs(stack, role)
    for name, subjects in {
        "pulls": [repo("pulls").pull_request()],
        "pulls-too": [repo("pulls-too").pull_request(), repo("pulls-too").branch("main")],
    }.items():
        stack = make.stack(name)
        accepted = {"pull-request-write": "tries images"}
        make.image(stack, make.role(stack, *subjects, accept=accepted))
    stack = make.stack("reads")
    make.role(stack, repo("reads").pull_request())
    _registries(make)
    stack = make.stack("everybody", "012345678901")
    everybody = GithubOwner("everybody", owner_id=234567).any_repo()
    make.role(stack, everybody, accept={"org-wide": "may do nothing"})
    _unknown(make)


def _registries(make: Kinds) -> None:
    """Make a role that pushes to its own registry and to one elsewhere, and issuers of GitHub's."""
    stack = make.stack("registries-mirror", OTHER_ACCOUNT, "us-east-1")
    mirror = EcrRepo(stack, "Image", name="mirror")
    stack = make.stack("registries")
    role = make.role(stack, repo("registries").branch("main"))
    make.image(stack, role)
    mirror.grant_push(role)
    for name, issuer in {
        "enterprise": Issuer.github("acme"),
        "server": Issuer.ghes("github.acme.com"),
    }.items():
        stack = make.stack(name)
        role = GithubDeployRole(
            stack,
            "Deploy",
            name=f"{name}-deploy",
            oidc_provider=OidcProvider(stack, "Made", issuer=issuer),
            subjects=[(OLD if issuer.is_server else repo(name)).branch("main")],
        )
        make.image(stack, role)


def _unknown(make: Kinds) -> None:
    """Make a stack that says neither its account nor its region nor its cluster."""
    for name in ("stg", "prod"):
        stack = TerraformStack(make.app, f"unknown-{name}")
        region = TerraformVariable(stack, "region", type="string")
        cluster = TerraformVariable(stack, "ecs_cluster", type="string")
        AwsProvider(stack, "Aws", region=region.string_value)
        role = make.role(stack, repo("unknown").environment(name))
        make.image(stack, role)
        make.ecs(stack, role, cluster=cluster.string_value)
        TerraformOutput(stack, "role_arn", value=role.arn)
        TerraformOutput(stack, "cluster", value=cluster.string_value)
        TerraformOutput(stack, "services", value=["web"])
