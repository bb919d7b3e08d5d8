"""The steps that build images and push them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.workflow.step_value import Value, expression, is_known
from deploy_access.workflow.steps import Build, Copy, LogIn, SetUpBuilder, SetUpEmulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.deployer import ImageRepository
    from deploy_access.workflow.job_context import JobContext
    from deploy_access.workflow.steps import Step


TAG = "-".join(expression(f"github.{name}") for name in ("sha", "run_id", "run_attempt"))
"""The tag of what a run pushes: a run that is repeated pushes once more."""


def build_steps(context: JobContext) -> Iterator[Step]:
    """
    Make the steps that build and push everything that the role pushes.

    Raises:
        InvalidValue: A cache is wanted that the role or the repository does not allow.
    """
    yield from _log_ins(context)
    if context.promoted is not None:
        yield _copy(context, *context.promoted)
        return
    if context.emulated:
        yield SetUpEmulation(platforms=context.emulated)
    yield SetUpBuilder()
    for images in context.deployer.images:
        yield _build(context, images)


def built(context: JobContext, name: str = "") -> Value:
    """Name the image that this job builds: the one that is called *name*, or the first."""
    every = context.deployer.images
    images = next((one for one in every if one.name == name), every[0])
    image = _image(context, images)
    digest = expression(f"steps.{_id(context, images)}.outputs.digest")
    return Value(text=f"{image.text}@", template=f"{image.shown}@{digest}")


def _log_ins(context: JobContext) -> Iterator[LogIn]:
    """Log in to every registry: each account has one in each region."""
    own, (region, _) = context.deployer.role.account, context.deployer.place
    fill = context.source.fill
    for images in _registries(context).values():
        id_ = _login(context, images)
        mark = id_.removeprefix("login")
        account = elsewhere = None
        if own and images.account != own:
            variable = None if mark else "ECR_ACCOUNT_ID"
            account = fill(f"registry-account{mark}", images.account, variable)
        if images.region != region and is_known(images.region) and is_known(region):
            elsewhere = fill(f"registry-region{mark}", images.region, None)
        yield LogIn(id=id_, account=account, region=elsewhere)


def _registries(context: JobContext) -> dict[str, ImageRepository]:
    """List the registries, each with the first repository of it."""
    found: dict[str, ImageRepository] = {}
    pulled = [context.promoted[1]] if context.promoted else []
    for images in (*context.deployer.images, *pulled):
        found.setdefault(images.registry, images)
    return found


def _login(context: JobContext, images: ImageRepository) -> str:
    """Name the step that logs in to the registry of *images*."""
    every = list(_registries(context))
    return "login" if len(every) == 1 else f"login-{every.index(images.registry) + 1}"


def _copy(context: JobContext, source: Value, source_images: ImageRepository) -> Copy:
    images = context.deployer.images[0]
    return Copy(
        id=_id(context, images),
        images=images,
        image=_image(context, images),
        tag=_tag(context),
        source_images=source_images,
        source=source,
    )


def _build(context: JobContext, images: ImageRepository) -> Build:
    settings = context.settings
    if settings.flag("cache"):
        _check_cache(images)
    return Build(
        id=_id(context, images),
        images=images,
        image=_image(context, images),
        tag=_tag(context),
        context=settings.text("context"),
        dockerfile=settings.text("dockerfile"),
        platforms=context.platforms,
        cache=settings.flag("cache"),
    )


def _tag(context: JobContext) -> Value:
    """Name the image after the run, and after the job where others of the run push there too."""
    if not context.apart:
        return Value(text=TAG, template=TAG)
    suffix = context.source.fill("tag-suffix", context.apart, None)
    return Value(text=f"{TAG}-{suffix.text}", template=f"{TAG}-{suffix.shown}")


def _id(context: JobContext, images: ImageRepository) -> str:
    every = context.deployer.images
    return "build" if len(every) == 1 else f"build-{every.index(images) + 1}"


def _image(context: JobContext, images: ImageRepository) -> Value:
    """Name the repository with its registry, which the step that logs in knows as well."""
    name = context.source.fill("repository", images.name, "ECR_REPOSITORY")
    text = f"{images.registry}/{images.name}"
    literal = is_known(images.registry) and not context.settings.options.variables
    if literal and not context.is_called:
        return Value(text=text, template=f"{images.registry}/{name.shown}")
    registry = expression(f"steps.{_login(context, images)}.outputs.registry")
    return Value(text=text, template=f"{registry}/{name.shown}")


def _check_cache(images: ImageRepository) -> None:
    if not images.reads_layers:
        raise InvalidValue(
            Problem(
                what="The role may not read layers, so it cannot use a cache in the registry.",
                given=images.name,
                why="Reading a cache needs `ecr:GetDownloadUrlForLayer`.",
                fix="Grant it: `grant_push(role, cache=True)`, or leave `--cache` out.",
            )
        )
    if images.cache_tags is False:
        raise InvalidValue(
            Problem(
                what="The repository's tags are immutable, and a cache has always the same one.",
                given=images.name,
                why="The second run would fail with `ImageTagAlreadyExistsException`.",
                fix='Make the repository with `TagMutability.immutable_except("buildcache*")`.',
            )
        )
