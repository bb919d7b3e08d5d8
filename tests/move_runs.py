"""Who gets in at each state of the moves on the page: runs of before and after, and strangers."""

from __future__ import annotations

from dataclasses import dataclass

MAIN = ":ref:refs/heads/main"
WEB, SHOP, API = "acme@123456/web@456789", "acme@123456/shop@456789", "acme@123456/api@456790"
DEPLOY = "web-dev-deploy"


@dataclass(frozen=True, slots=True)
class Run:
    """
    A run of a workflow, and the role that it asks for.

    Attributes:
        sub: What its token begins with, or all of it.
        let_in: Whether it gets in, at each state of the move.
        role: The role.
    """

    sub: str
    let_in: tuple[bool, ...]
    role: str = DEPLOY

    @property
    def subject(self) -> str:
        """The `sub` of its token: without more it is on the main branch."""
        return f"repo:{self.sub}" + ("" if ":" in self.sub else MAIN)


BEFORE, AFTER, MEANWHILE = (True, True, False), (False, True, True), (False, True, False)
NEVER, ALWAYS = (False, False, False), (True, True, True)

RENAMED = "A repository is renamed"
TRANSFERRED = "A repository is transferred"
OWNER_RENAMED = "An organization is renamed"
TO_IMMUTABLE = "From legacy to immutable subjects"
TO_ENVIRONMENT = "From a branch to an environment"
IMAGES_ELSEWHERE = "A repository of images goes to a stack of its own"
IMAGES_RENAMED = "A repository of images is renamed"
KEY_RENAMED = "A key of the file gets another name"

RUNS: dict[str, list[Run]] = {
    RENAMED: [
        Run("acme/web", BEFORE),
        Run(SHOP, AFTER),
        # A new repository under the name that has become free, and a pull request of the renamed.
        Run("acme@123456/web@999", NEVER),
        Run("acme/shop", NEVER),
        Run(f"{SHOP}:pull_request", NEVER),
    ],
    TRANSFERRED: [
        Run(WEB, BEFORE),
        Run("newco@777/web@456789", AFTER),
        Run("newco@777/web@999", NEVER),
        Run("acme@123456/web@999", NEVER),
        Run("acme/web", NEVER),
        Run("newco/web", NEVER),
    ],
    OWNER_RENAMED: [
        Run(WEB, BEFORE),
        Run("newco@123456/web@456789", AFTER),
        Run("acme/web", NEVER),
        Run("acme/api", BEFORE, "api-dev-deploy"),
        Run("newco/api", MEANWHILE, "api-dev-deploy"),
        Run("newco@123456/api@456790", AFTER, "api-dev-deploy"),
        # An organization that takes the name that has become free.
        Run("acme@999/web@888", NEVER),
        Run("acme@999/api@888", NEVER, "api-dev-deploy"),
    ],
    TO_IMMUTABLE: [
        Run("acme/web", BEFORE),
        Run(WEB, AFTER),
        Run("acme@123456/web@999", NEVER),
        Run("acme@999/web@456789", NEVER),
    ],
    TO_ENVIRONMENT: [
        Run(WEB, BEFORE),
        Run(f"{WEB}:environment:dev", AFTER),
        Run(f"{WEB}:environment:Dev", NEVER),
        Run(f"{WEB}:ref:refs/heads/feature", NEVER),
        Run(f"{WEB}:pull_request", NEVER),
    ],
    IMAGES_ELSEWHERE: [
        Run(WEB, ALWAYS),
        Run(WEB, AFTER, "web-images-push"),
        Run(f"{WEB}:pull_request", NEVER, "web-images-push"),
    ],
    IMAGES_RENAMED: [
        Run(WEB, (*ALWAYS, True)),
        Run(f"{WEB}:pull_request", (*NEVER, False)),
    ],
    KEY_RENAMED: [Run(WEB, (True, True)), Run("acme@123456/web@999", (False, False))],
}
"""By the title of the move."""
