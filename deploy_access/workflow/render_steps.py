"""Steps as YAML: the inputs of each action."""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING

from deploy_access.workflow.deployer_reader import CACHE_TAG
from deploy_access.workflow.pins import pin
from deploy_access.workflow.step_value import expression, safe
from deploy_access.workflow.steps import (
    AssumeRole,
    Build,
    CheckOut,
    Copy,
    Deploy,
    LogIn,
    Render,
    RunScript,
    RunTask,
    SayWho,
    SetUpBuilder,
    SetUpEmulation,
    Together,
    UseAction,
)
from deploy_access.workflow.yaml_text import Items, Script, YamlEntry, entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.workflow.steps import Step, Task

# A role that was just made may need some seconds. The action's own twelve attempts wait up to twice
# as long each time, 100 seconds in all, so that a run which is denied looks as if it hung.
# https://github.com/aws-actions/configure-aws-credentials/blob/main/src/helpers.ts
_ATTEMPTS = 8


def render_steps(steps: Iterable[Step]) -> Items:
    """Write the steps of a job or of an action."""
    return Items(tuple(tuple(render_step(step)) for step in steps), apart=True)


@singledispatch
def render_step(step: Step) -> Iterator[YamlEntry]:
    """Write one step."""
    raise TypeError(step)


def _uses(
    name: str, action: str, *inputs: YamlEntry, id_: str = "", when: str = ""
) -> Iterator[YamlEntry]:
    found = pin(action)
    yield entry("name", name)
    yield from _given("id", id_)
    yield from _given("if", when)
    yield entry("uses", found.uses, after=found.version)
    if inputs:
        yield entry("with", inputs)


def _given(name: str, text: str | None) -> Iterator[YamlEntry]:
    """Write an input that may be left out."""
    if text:
        yield entry(name, text)


@render_step.register(CheckOut)
def _(step: CheckOut) -> Iterator[YamlEntry]:
    name = f"Check out {step.path}".rstrip()
    given = [*_given("ref", step.ref), *_given("path", step.path)]
    no_key = entry("persist-credentials", value=False)
    yield from _uses(name, "actions/checkout", *given, no_key, when=step.when)


@render_step.register(UseAction)
def _(step: UseAction) -> Iterator[YamlEntry]:
    yield from _uses(step.name, step.action, *(entry(name, text) for name, text in step.inputs))


@render_step.register(RunScript)
def _(step: RunScript) -> Iterator[YamlEntry]:
    yield entry("name", step.name)
    yield from _given("id", step.id)
    yield from _given("if", step.when)
    yield from _given("working-directory", step.folder)
    if step.env:
        yield entry("env", tuple(entry(name, text) for name, text in step.env))
    yield entry("run", Script(step.script))


@render_step.register(AssumeRole)
def _(step: AssumeRole) -> Iterator[YamlEntry]:
    yield from _uses(
        "Get a session of the role",
        "aws-actions/configure-aws-credentials",
        entry("role-to-assume", step.role.shown),
        entry("aws-region", step.region.shown),
        entry("allowed-account-ids", step.account.shown),
        entry("role-session-name", step.session),
        entry("role-duration-seconds", step.seconds),
        entry("retry-max-attempts", _ATTEMPTS),
        *_given("audience", step.audience),
    )


@render_step.register(LogIn)
def _(step: LogIn) -> Iterator[YamlEntry]:
    registry = _given("registries", step.account.shown if step.account else None)
    yield from _uses("Log in to ECR", "aws-actions/amazon-ecr-login", *registry, id_=step.id)
    if step.region is not None:
        yield entry("env", (entry("AWS_REGION", step.region.shown),))


@render_step.register(SetUpEmulation)
def _(step: SetUpEmulation) -> Iterator[YamlEntry]:
    yield from _uses(
        "Set up emulation",
        "docker/setup-qemu-action",
        entry("platforms", ",".join(map(safe, step.platforms))),
        entry("cache-image", value=False),
    )


@render_step.register(SetUpBuilder)
def _(step: SetUpBuilder) -> Iterator[YamlEntry]:
    del step
    no_cache = entry("cache-binary", value=False)
    yield from _uses("Set up BuildKit", "docker/setup-buildx-action", no_cache)


@render_step.register(Build)
def _(step: Build) -> Iterator[YamlEntry]:
    unique = "Each attempt has a tag of its own; what is deployed is the digest."
    yield from _uses(
        "Build and push",
        "docker/build-push-action",
        entry("context", safe(step.context)),
        *_given("file", safe(step.dockerfile)),
        *_given("platforms", ",".join(map(safe, step.platforms))),
        entry("push", value=True),
        entry("tags", f"{step.image.shown}:{step.tag.shown}", unique),
        *_cache(step),
        id_=step.id,
    )


# A plain copy: by default a single manifest would be wrapped into an index, with another digest.
# https://docs.docker.com/reference/cli/docker/buildx/imagetools/create/#prefer-index
_COPY = """\
docker buildx imagetools create --prefer-index=false --tag "$TARGET" "$SOURCE"
digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$TARGET")
if [ "$digest" != "${SOURCE##*@}" ]; then
  echo "::error::$TARGET has the digest $digest, and is no copy of $SOURCE."
  exit 1
fi
echo "digest=$digest" >> "$GITHUB_OUTPUT"
"""


@render_step.register(Copy)
def _(step: Copy) -> Iterator[YamlEntry]:
    yield entry("name", "Copy the image of the environment before")
    yield entry("id", step.id)
    target = f"{step.image.shown}:{step.tag.shown}"
    yield entry("env", (entry("SOURCE", step.source.shown), entry("TARGET", target)))
    yield entry("run", Script(_COPY))


def _cache(step: Build) -> Iterator[YamlEntry]:
    """Keep layers in the registry; ECR takes them as an image manifest only."""
    if not step.cache:
        return
    place = f"type=registry,ref={step.image.shown}:{CACHE_TAG}"
    yield entry("cache-from", place)
    yield entry("cache-to", f"{place},mode=max,image-manifest=true,oci-mediatypes=true")


@render_step.register(Render)
def _(step: Render) -> Iterator[YamlEntry]:
    if step.file is not None:
        source = entry("task-definition", step.file.shown)
    else:
        source = entry("task-definition-family", step.family.shown if step.family else "")
    yield from _uses(
        " of ".join(["Put the image into the task definition", *filter(None, [safe(step.name)])]),
        "aws-actions/amazon-ecs-render-task-definition",
        source,
        entry("container-name", step.container.shown),
        entry("image", step.image.shown),
        id_=step.id,
    )


@render_step.register(RunTask)
def _(step: RunTask) -> Iterator[YamlEntry]:
    yield from _uses(
        f"Run {safe(step.task.family)} once",
        "aws-actions/amazon-ecs-deploy-task-definition",
        entry("task-definition", _rendered(step.rendered)),
        entry("cluster", step.cluster.shown),
        *_once(step.task, comes_first=bool(step.target.services)),
        entry("wait-for-minutes", step.minutes),
    )


def _once(task: Task | None, *, comes_first: bool = True) -> Iterator[YamlEntry]:
    if task is None:
        return
    yield entry("run-task", value=True)
    yield entry("run-task-subnets", task.subnets.shown)
    yield entry("run-task-security-groups", task.security_groups.shown)
    yield from _given("run-task-launch-type", task.launch_type)
    if task.capacity_provider:
        strategy = [{"capacityProvider": task.capacity_provider, "weight": 1}]
        yield entry("run-task-capacity-provider-strategy", safe(json.dumps(strategy)))
    if task.has_public_ip:
        yield entry("run-task-assign-public-IP", "ENABLED")
    if task.overrides is not None:
        yield entry("run-task-container-overrides", safe(task.overrides))
    if task.tags:
        run = f'[{{"key": "github-run", "value": "{expression("github.run_id")}"}}]'
        yield entry("run-task-tags", run)
    after = ", so nothing is deployed after it" if comes_first else ""
    failed = f"A task that fails ends the job{after}."
    yield entry("wait-for-task-stopped", True, failed)


@render_step.register(Deploy)
def _(step: Deploy) -> Iterator[YamlEntry]:
    yield from _uses(
        f"Deploy {_name(step)}",
        "aws-actions/amazon-ecs-deploy-task-definition",
        entry("task-definition", _rendered(step.rendered)),
        entry("cluster", step.cluster.shown),
        entry("service", step.service.shown),
        *_shifting(step),
        *_once(step.first),
        entry("wait-for-service-stability", value=True),
        entry("wait-for-minutes", step.minutes, *_added_by_group(step)),
    )


def _added_by_group(step: Deploy) -> Iterator[str]:
    # https://github.com/aws-actions/amazon-ecs-deploy-task-definition/blob/v2.6.3/index.js
    if step.codedeploy is not None:
        yield "The action adds the waiting times of the deployment group. Job and session end at"
        yield "their own time: a longer wait needs a longer `max_session_duration` of the role."


def _shifting(step: Deploy) -> Iterator[YamlEntry]:
    if step.appspec is not None and step.application and step.group:
        yield entry("codedeploy-application", step.application.shown)
        yield entry("codedeploy-deployment-group", step.group.shown)
        yield entry("codedeploy-appspec", safe(step.appspec.file))


@render_step.register(Together)
def _(step: Together) -> Iterator[YamlEntry]:
    yield entry("name", safe(step.name))
    yield entry("uses", f"{step.root}{step.path}")
    yield entry("with", tuple(entry(name, value.shown) for name, value in step.inputs))


@render_step.register(SayWho)
def _(step: SayWho) -> Iterator[YamlEntry]:
    del step
    yield entry("name", "Say whose session it is")
    yield entry("run", "aws sts get-caller-identity")


def _rendered(step: str) -> str:
    return expression(f"steps.{step}.outputs.task-definition")


def _name(step: Deploy) -> str:
    return "the service" if step.service.template else step.service.shown
