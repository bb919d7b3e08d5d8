"""
Promotion: each environment has a repository of images, and a later one copies what was tested.

The first environment of a service builds. Each later one that promotes copies the image of the
one before, with its digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.workflow.option_checks import AsGiven
from deploy_access.workflow.options import Options
from deploy_access.workflow.settings import HINTS
from deploy_access.workflow.stages import chosen
from deploy_access.workflow.step_value import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.stages import Stage


def promotes(stage: Stage, options: Options) -> bool:
    """Whether a stage copies the image of the one before."""
    return bool(options.value(HINTS["promote"])) or stage.deployer.hints.get("promote") is True


def source_of(
    stage: Stage, stages: Sequence[Stage], every: Sequence[Stage], options: Options
) -> Stage | None:
    """
    Return the stage whose image is copied; None for one that builds.

    Args:
        stage: The stage.
        stages: Those of its workflow, in their order.
        every: Those of its repository.
        options: The options of the command.

    Raises:
        InvalidValue: Nothing in the workflow has an image to copy.
    """
    if not stage.deployer.images or stage.builds or not promotes(stage, options):
        return None
    before = _pushing(stage, stages)
    found = before[: before.index(stage)]
    if found:
        _check_one(found[-1], stage, options)
        return found[-1]
    if _pushing(stage, chosen(every, Options()))[0] is not stage:
        raise InvalidValue(_nothing_before(stage))
    return None


def _pushing(stage: Stage, stages: Sequence[Stage]) -> list[Stage]:
    """List the stages of its service that have images of their own, in their order."""
    own = [one for one in stages if one.service == stage.service and not one.builds]
    return [one for one in own if one.deployer.images]


def _check_one(source: Stage, stage: Stage, options: Options) -> None:
    if options.reusable is not None:
        raise InvalidValue(_called(stage, options))
    registries = [images.registry for images in source.deployer.images]
    if len(source.deployer.images) != 1 or len(stage.deployer.images) != 1:
        raise InvalidValue(_several(source, stage))
    if not all(map(is_known, registries)):
        raise InvalidValue(_unknown(source, registries[0]))


def _nothing_before(stage: Stage) -> Problem:
    return Problem(
        what=f"Role {stage.deployer.name!r} promotes an image, and its workflow has none before.",
        given=stage.label,
        why="It would have to build what was tested elsewhere.",
        fix="Have the environment before in the same workflow: trust the same refs, or a GitHub "
        "environment, and leave `--environment` out.",
    )


def _called(stage: Stage, options: Options) -> Problem:
    return Problem(
        what=f"Role {stage.deployer.name!r} promotes an image, which no called workflow does.",
        given=AsGiven(f"--reusable {options.reusable}"),
        why="The first environment builds and the others copy: one file cannot do both.",
        fix="Leave `--reusable` out, or let the environments share one repository of images: then "
        "one job builds for all, and there is nothing to copy.",
    )


def _several(source: Stage, stage: Stage) -> Problem:
    names = [[images.name for images in one.deployer.images] for one in (source, stage)]
    return Problem(
        what=f"Role {stage.deployer.name!r} promotes an image, and which one is not clear.",
        given=AsGiven(" and ".join(", ".join(found) for found in names)),
        why="One repository of images each is copied from and to.",
        fix="Give each service a role of its own, or leave `promote` out.",
    )


def _unknown(source: Stage, registry: str) -> Problem:
    return Problem(
        what=f"The registry of role {source.deployer.name!r} is not known before an apply.",
        given=registry,
        why="The workflow names it, to log in there and to copy from it.",
        fix="Give account and region of the stack's provider as text.",
    )
