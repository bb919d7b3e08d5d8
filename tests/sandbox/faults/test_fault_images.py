"""
A repository with an image survives every change, unless `force_delete` was applied before.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from operations_page import is_part_shown
from sandbox_estates import NONPROD, stack, write_out
from synthesized import synth_file

from sandbox import Sandbox, StepFailed
from sandbox.attempts.image_push import MANIFEST, Image
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_copy import copy_stacks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.terraform.sandbox_stack import SandboxStack

pytestmark = pytest.mark.terraform

HEAD = f"""
schema = 1
[github]
owner = "acme"
owner_id = 1
[states.main]
type = "local"
[accounts.nonprod]
id = "{NONPROD}"
region = "eu-central-1"
state = "main"
[environments.dev]
account = "nonprod"
subjects = [{{ branch = "main" }}]
[environments.prod]
account = "nonprod"
production = true
subjects = [{{ environment = "prod" }}]
"""
KEY = f'kms_key = "arn:aws:kms:eu-central-1:{NONPROD}:key/11112222-3333-4444-5555-666677778888"'
SHARED = 'account = "nonprod"\nsubjects = [{ branch = "main" }]'
IN_USE = "RepositoryNotEmptyException"
PROTECTED = "Instance cannot be destroyed"


@dataclass(frozen=True, kw_only=True)
class Change:
    """
    A change of the keys of `[services.X.ecr]`.

    Attributes:
        before: What was applied when the image was pushed.
        after: What is applied then; None where the service is removed, and its stack destroyed.
        refused: What AWS or Terraform says; None where the change is made.
        environment: Where the service is.
        kept: Whether the image is there afterwards.
    """

    before: str = ""
    after: str | None
    refused: str | None = IN_USE
    environment: str = "dev"
    kept: bool = True

    def stack_after(self, service: str) -> str:
        """
        Name the stack that is applied.
        """
        is_shared = self.after is not None and self.after.startswith("account")
        return f"{service}-{'images' if is_shared else self.environment}"


CHANGES = {
    "renamed": Change(after='name = "another"'),
    "encrypted": Change(after=KEY),
    # Terraform deletes by what was applied before, not by what is written now.
    "forced-too-late": Change(after=f"{KEY}\nforce_delete = true"),
    "existing": Change(after='repository = "existing"'),
    "none": Change(after='repository = "none"'),
    "gone": Change(after=None),
    "settings": Change(
        after='tag_mutability = "mutable"\nscan_on_push = false\nlifecycle = []', refused=None
    ),
    "elsewhere": Change(
        after=f'{SHARED}\nname = "elsewhere-dev"', refused="RepositoryAlreadyExistsException"
    ),
    "protected": Change(after=KEY, refused=PROTECTED, environment="prod"),
    "forced-before": Change(before="force_delete = true", after=None, refused=None, kept=False),
}


def estate(keys: dict[str, str]) -> str:
    """
    Write the file of services, each with these keys of `ecr`.
    """
    services = [
        f"[services.{name}]\nrepository = 'web'\nrepo_id = 2\n[services.{name}.ecr]\n{text}\n"
        f"[services.{name}.environments.{CHANGES[name].environment}]\n"
        for name, text in keys.items()
    ]
    return HEAD + "".join(services)


@dataclass(frozen=True, kw_only=True)
class Images:
    """
    A sandbox with an image in the repository of each service.
    """

    sandbox: Sandbox
    folder: Path

    def use(self, name: str, keys: dict[str, str]) -> dict[str, SandboxStack]:
        """
        Synthesize an estate and make it the one of the sandbox.
        """
        file = self.folder / f"{name}.toml"
        file.write_text(estate(keys), "utf-8")
        synth_file(file, self.folder / name)
        box = self.sandbox
        box.estate = read_sandbox_estate(self.folder / name)
        copy_stacks(box.estate, box.folder)
        found = {NONPROD: box.session(NONPROD).keys}
        box.terraform = replace(box.terraform, keys=found)
        return dict(box.estate.stacks)

    def run(
        self, work: Callable[[SandboxStack], str], stacks: dict[str, SandboxStack]
    ) -> dict[str, str]:
        """
        Run Terraform for each stack, and return what it said.
        """

        def said(one: SandboxStack) -> str:
            try:
                return work(one)
            except StepFailed as error:
                return error.failures[0].text

        with ThreadPoolExecutor(self.sandbox.terraform.lanes.count) as pool:
            return dict(zip(stacks, pool.map(said, stacks.values()), strict=True))

    def push(self, repository: str) -> None:
        """
        Push an image.
        """
        image = Image(name=f"registry/{repository}", tag="v1")
        self.sandbox.session(NONPROD).client("ecr").put_image(
            repositoryName=repository,
            imageManifest=image.manifest,
            imageManifestMediaType=MANIFEST,
            imageTag=image.tag,
        )

    def tags(self) -> dict[str, list[str]]:
        """
        Name the images of each repository.
        """
        ecr = self.sandbox.session(NONPROD).client("ecr")
        names = [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]
        return {
            name: [one["imageTag"] for one in ecr.list_images(repositoryName=name)["imageIds"]]
            for name in names
        }


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What is seen after the changes.

    Attributes:
        said: By service, what Terraform said of its stack.
        images: By repository, its images.
        again: By service whose change was refused, what Terraform said of its old configuration.
        images_again: By repository, its images then.
    """

    said: dict[str, str]
    images: dict[str, list[str]]
    again: dict[str, str]
    images_again: dict[str, list[str]]


@pytest.fixture(name="seen", scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("images")
    start = {name: stack(name) for name in ("one", "two")}
    with Sandbox(write_out(folder / "start", start)) as sandbox:
        images = Images(sandbox=sandbox, folder=folder)
        before = {name: change.before for name, change in CHANGES.items()}
        stacks = images.use("before", before)
        old = {name: stacks[f"{name}-{one.environment}"] for name, one in CHANGES.items()}
        assert [*images.run(sandbox.terraform.apply, old).values()]
        for name, change in CHANGES.items():
            images.push(f"{name}-{change.environment}")

        after = {name: one.after for name, one in CHANGES.items() if one.after is not None}
        removed = {name: old[name] for name in CHANGES if name not in after}
        new = images.use("after", after)
        changed = {name: new[CHANGES[name].stack_after(name)] for name in after}
        said = images.run(sandbox.terraform.apply, changed)
        said |= images.run(sandbox.terraform.destroy, removed)
        found = images.tags()

        refused = {name: old[name] for name, one in CHANGES.items() if one.refused}
        images.use("before", before)
        again = images.run(sandbox.terraform.apply, refused)
        yield Seen(said=said, images=found, again=again, images_again=images.tags())


@pytest.mark.parametrize("name", CHANGES)
def test_change(seen: Seen, name: str) -> None:
    """
    Each change either leaves the repository or fails and says why; the image is there.
    """
    change = CHANGES[name]

    if change.refused:
        assert change.refused in seen.said[name]
    else:
        assert "Error" not in seen.said[name]
    kept = {f"{name}-{change.environment}": ["v1"]} if change.kept else {}
    assert {one: tags for one, tags in seen.images.items() if one.startswith(f"{name}-")} == kept


@pytest.mark.parametrize("name", [name for name, change in CHANGES.items() if change.refused])
def test_taken_back(seen: Seen, name: str) -> None:
    """
    A change that was refused and is taken back leaves all as it was.
    """
    assert "Error" not in seen.again[name]
    assert seen.images_again[f"{name}-{CHANGES[name].environment}"] == ["v1"]


def test_page(seen: Seen) -> None:
    """
    The page shows what is said.
    """
    assert is_part_shown(seen.said["encrypted"])
    assert is_part_shown(seen.said["protected"])
