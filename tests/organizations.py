"""
The shapes of companies, as their apps and their `environments.toml` have them, in one app.

What constructs make is in one stack of an account of its own, so that it deploys in one go.
"""

from __future__ import annotations

from pathlib import Path

from constructs_lib.provider import AwsProvider  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App, TerraformStack

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    Encryption,
    GithubDeployRole,
    GithubRepo,
    Issuer,
    OidcProvider,
    Subject,
    constrain_aws_provider,
)
from stacks.environments_file import load_estate
from stacks.stack_builder import build_stacks

PROGRAMS = "programs"
ACCOUNT = "555566667777"
REGION = "eu-central-1"
GUEST = "222233334444"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
NORTHWIND = Path(__file__).with_name("northwind.toml")


def synthesize_organizations(out: Path) -> Path:
    """Write the stacks of every company into a folder, and return it."""
    app = App(outdir=str(out))
    build_stacks(app, load_estate(NORTHWIND))
    stack = TerraformStack(app, PROGRAMS)
    AwsProvider(stack, "Aws", region=REGION, allowed_account_ids=[ACCOUNT])
    constrain_aws_provider(stack)
    github = _Company(stack, OidcProvider(stack, "Github"))
    _monorepo(github)
    _pull_requests(github)
    _reading(github)
    issuer = Issuer.ghes("git.example.com")
    _server(_Company(stack, OidcProvider(stack, "Server", issuer=issuer)))
    app.synth()
    return out


class _Company:
    """Makes the roles of one GitHub."""

    def __init__(self, stack: TerraformStack, oidc_provider: OidcProvider) -> None:
        self.stack = stack
        self.oidc_provider = oidc_provider

    def role(self, name: str, subject: Subject) -> GithubDeployRole:
        """Make a role."""
        return GithubDeployRole(
            self.stack,
            f"Deploy-{name}",
            name=f"{name}-deploy",
            oidc_provider=self.oidc_provider,
            subjects=[subject],
        )

    def image(self, name: str, encryption: Encryption | None = None) -> EcrRepo:
        """Make a repository of images."""
        return EcrRepo(self.stack, f"Image-{name}", name=name, encryption=encryption)

    def pushing(self, name: str, subject: Subject) -> GithubDeployRole:
        """Make a role that pushes to a repository of its name."""
        role = self.role(name, subject)
        self.image(name).grant_push(role)
        return role

    def whole(self, name: str, subject: Subject, service: str, cluster: str = "main") -> None:
        """Make a role that pushes and deploys."""
        EcsDeployPolicy(
            self.stack,
            f"Ecs-{name}",
            role=self.pushing(name, subject),
            cluster=cluster,
            services=[service],
            task_roles=["web-task"],
            execution_role="ecsTaskExecutionRole",
        )


def _monorepo(github: _Company) -> None:
    """Make two services of one repository, each with a role an environment."""
    mono = GithubRepo("acme/mono", owner_id=1, repo_id=2)
    for name in ("a", "b"):
        github.whole(f"{name}-dev", mono.branch("main"), f"svc-{name}", "dev")
        github.whole(f"{name}-prod", mono.environment("prod"), f"svc-{name}", "prod")


def _pull_requests(github: _Company) -> None:
    """Make a role for pull requests, which pulls."""
    pulls = GithubRepo("acme/pulls", owner_id=1, repo_id=3)
    github.image("pulls").grant_pull(github.role("pulls", pulls.pull_request()))


def _reading(github: _Company) -> None:
    """Make a role that reads a definition with its tags, and one that may not write them."""
    for name, repo_id, tags in (("tags", 4, None), ("no-tags", 5, False)):
        repo = GithubRepo(f"acme/{name}", owner_id=1, repo_id=repo_id)
        role = github.role(name, repo.environment("prod"))
        image = github.image(name, Encryption.kms(KEY))
        image.grant_push(role)
        image.allow_pull_from(GUEST, lambda_functions=True)
        EcsDeployPolicy(
            github.stack,
            f"Ecs-{name}",
            role=role,
            cluster="prod",
            services=[name],
            task_roles=["web-task"],
            execution_role="ecsTaskExecutionRole",
            read_task_definition=True,
            tag_on_create=tags,
        )


def _server(server: _Company) -> None:
    """Make the roles of a GitHub Enterprise Server: one repository has two services, by branch."""
    mono = GithubRepo("corp/mono")
    server.whole("web", GithubRepo("corp/web").branch("main"), "web")
    server.whole("mono-a", mono.branch("main"), "svc-a")
    server.whole("mono-b", mono.branch("release"), "svc-b")
    server.pushing("pushonly", GithubRepo("corp/pushonly").branch("main"))
