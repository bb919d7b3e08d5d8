"""
An estate that is changed and applied step by step, and what can be seen after each step.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox_estates import NONPROD

from deploy_access.github.repository import GithubRepo
from sandbox.attempts.image_push import MANIFEST, Image
from sandbox.attempts.job import DeployJob
from sandbox.attempts.web_session import sign_in_with
from sandbox.gate.github_run import GithubRun
from sandbox.server.aws_session import AwsError
from sandbox.terraform.guard import check_estate
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_copy import copy_stacks

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sandbox import Sandbox
    from sandbox.gate.token_issuer import TokenIssuer
    from sandbox.server.aws_session import AwsSession
    from sandbox.terraform.sandbox_stack import SandboxStack

REGION = "eu-central-1"
# What a run's token says beside its `sub`, which no policy of these tests asks for.
SOME_REPO = GithubRepo("acme/web", owner_id=1, repo_id=2)
DENIED = {"AccessDenied", "AccessDeniedException"}


@contextmanager
def _unless_denied() -> Generator[None]:
    """
    Go on behind the block when AWS denies what is in it; every other error is a fault.
    """
    try:
        yield
    except AwsError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise


@dataclass(kw_only=True)
class Walk:
    """
    A sandbox, and the stacks that were applied in it.

    Attributes:
        applied: The file of each stack as it was applied last.
    """

    box: Sandbox
    issuer: TokenIssuer
    account: str = NONPROD
    applied: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def apply(self, out: Path) -> dict[str, str]:
        """
        Apply what has changed, each account first, and return Terraform's count for each stack.

        Nothing is furnished: what a step has destroyed is not made again.
        """
        box = self.box
        box.estate = read_sandbox_estate(out)
        check_estate(box.estate)
        copy_stacks(box.estate, box.folder)
        keys = {stack.account: box.session(stack.account).keys for stack in box.estate}
        box.terraform = replace(box.terraform, keys=keys)
        changed = [s for s in box.estate if s.path.read_bytes() != self.applied.get(s.name)]
        first = [s for s in changed if s.name.startswith("account-")]
        done = self._apply(first) | self._apply([s for s in changed if s not in first])
        self.applied |= {stack.name: stack.path.read_bytes() for stack in changed}
        return done

    def _apply(self, stacks: list[SandboxStack]) -> dict[str, str]:
        with ThreadPoolExecutor(self.box.terraform.lanes.count) as pool:
            counts = pool.map(self.box.terraform.apply, stacks)
            return {stack.name: count for stack, count in zip(stacks, counts, strict=True)}

    def client(self, service: str) -> Any:
        """
        Look into the account past everything.
        """
        return self.box.session(self.account).client(service)

    def enter(self, role: str, subject: str) -> AwsSession | None:
        """
        Sign in with a token of this `sub`; None when the gate refuses it.
        """
        run = GithubRun(repo=SOME_REPO, claims={"sub": subject})
        job = DeployJob(run=run, role_arn=f"arn:aws:iam::{self.account}:role/{role}", region=REGION)
        token = self.issuer.token(run, audience=job.audience)
        with _unless_denied():
            return sign_in_with(token, job, self.box.gate.endpoint)
        return None

    def push(self, role: str, subject: str, repository: str, tag: str) -> bool:
        """
        Push an image as a role; False when it may not, or is not let in.
        """
        session = self.enter(role, subject)
        image = Image(name=f"registry/{repository}", tag=tag)
        if session is None:
            return False
        with _unless_denied():
            session.client("ecr").put_image(
                repositoryName=repository,
                imageManifest=image.manifest,
                imageManifestMediaType=MANIFEST,
                imageTag=tag,
            )
            return True
        return False

    def ids(self) -> dict[str, object]:
        """
        Return what AWS gave to each thing when it was made: another one has another.
        """
        iam, ecr = self.client("iam"), self.client("ecr")
        found: dict[str, object] = {
            role["RoleName"]: role["RoleId"] for role in iam.list_roles()["Roles"]
        }
        for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            arn = each["Arn"]
            made = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
            found[arn] = made["CreateDate"]
        for each in ecr.describe_repositories()["repositories"]:
            name = each["repositoryName"]
            policy = ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
            found[name] = (each["createdAt"], policy)
        return found

    def images(self, repository: str) -> list[str]:
        """
        Name the images of a repository.
        """
        found = self.client("ecr").describe_images(repositoryName=repository)["imageDetails"]
        return sorted(tag for image in found for tag in image.get("imageTags", []))
