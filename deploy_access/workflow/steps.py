"""The steps of a job as values: the inputs of each, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.deployer import CodeDeployGroup, EcsTarget, ImageRepository
    from deploy_access.workflow.step_value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOut:
    """
    Get the repository's files.

    Attributes:
        ref: The commit; nothing for that of the run.
        path: The folder that they go to; nothing for the working folder.
        when: The condition of the step; nothing where it is always done.
    """

    ref: str = ""
    path: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumeRole:
    """
    Get a session of the role.

    Attributes:
        role: Its ARN.
        region: The region of the calls that follow.
        account: The account that the session has to be of.
        session: The session's name, which CloudTrail shows.
        seconds: How long it lasts.
        audience: What the token is for; None for the action's default.
    """

    role: Value
    region: Value
    account: Value
    session: str
    seconds: int
    audience: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """
    Log in to a registry.

    Attributes:
        id: The step's id.
        account: The registry's account; None for that of the role.
        region: The registry's region; None for that of the session.
    """

    id: str
    account: Value | None
    region: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpEmulation:
    """
    Run programs of other architectures.

    Attributes:
        platforms: Which.
    """

    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpBuilder:
    """Start BuildKit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """
    Build an image and push it.

    Attributes:
        id: The step's id.
        images: The repository.
        image: `REGISTRY/REPOSITORY`.
        tag: The image's tag, which no other push has: tags may be immutable.
        context: The folder that is built.
        dockerfile: The Dockerfile; nothing for the one of the folder.
        platforms: For which platforms; none for that of the runner.
        cache: Whether layers are kept in the registry.
    """

    id: str
    images: ImageRepository
    image: Value
    tag: Value
    context: str
    dockerfile: str
    platforms: tuple[str, ...]
    cache: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """
    Copy an image that an earlier job has pushed, with its digest.

    Attributes:
        id: The step's id.
        images: The repository that it goes to.
        image: `REGISTRY/REPOSITORY` of that.
        tag: The image's tag there, which no other push has.
        source_images: The repository that it comes from.
        source: The image there, by its digest.
    """

    id: str
    images: ImageRepository
    image: Value
    tag: Value
    source_images: ImageRepository
    source: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """
    Put the image into a task definition.

    Attributes:
        id: The step's id.
        name: What is rendered, for the step's name; nothing where that is not known.
        container: The container that gets the image.
        image: The image, by its digest.
        file: The file of the definition, or None.
        family: The family that is read from AWS when there is no file.
        target: The cluster.
    """

    id: str
    name: str
    container: Value
    image: Value
    file: Value | None
    family: Value | None
    target: EcsTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    A task that runs once, before anything is deployed.

    Attributes:
        family: The family of its definition.
        subnets: Where it runs, separated by commas.
        security_groups: What it may reach, separated by commas.
        overrides: JSON for its command, or None for the definition's own.
        tags: Whether it gets a tag that names the run.
        launch_type: On what it runs; nothing for the action's default, Fargate.
        capacity_provider: Whose capacity it takes instead; nothing for that of the launch type.
        has_public_ip: Whether it has a public address.
    """

    family: str
    subnets: Value
    security_groups: Value
    overrides: str | None
    tags: bool
    launch_type: str
    capacity_provider: str
    has_public_ip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTask:
    """
    Register a definition, run it once, and wait for its end.

    Attributes:
        rendered: The id of the step that has rendered it.
        cluster: The cluster.
        task: The task.
        target: The cluster, with what the role may do there.
        minutes: How long to wait.
    """

    rendered: str
    cluster: Value
    task: Task
    target: EcsTarget
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appspec:
    """
    CodeDeploy's file.

    Attributes:
        file: Where it is in the repository.
        container: The container that takes the traffic.
        port: Its port, for a file that is written beside the workflow; None for one that is there.
    """

    file: str
    container: str
    port: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """
    Register a definition, point the service at it, and wait until the service is stable.

    Attributes:
        rendered: The id of the step that has rendered it.
        cluster: The cluster.
        service: The service.
        family: The definition's family.
        target: The cluster, with what the role may do there.
        minutes: How long to wait.
        codedeploy: Its CodeDeploy group; None where ECS itself deploys.
        application: The group's application.
        group: The group's name.
        appspec: CodeDeploy's file.
        first: A task that runs once before, of the same definition.
    """

    rendered: str
    cluster: Value
    service: Value
    family: str
    target: EcsTarget
    minutes: int
    codedeploy: CodeDeployGroup | None = None
    application: Value | None = None
    group: Value | None = None
    appspec: Appspec | None = None
    first: Task | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """
    The step that uses a composite action.

    Attributes:
        name: The name of the step.
        root: What `uses:` has before a path of the same repository.
        path: The action's folder, from the repository's.
        inputs: The inputs of the action, with their values.
        steps: The steps inside, with inputs for their values.
    """

    name: str
    root: str
    path: str
    inputs: tuple[tuple[str, Value], ...]
    steps: tuple[Render | Deploy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseAction:
    """
    Use an action that asks AWS for nothing.

    Attributes:
        name: The name of the step.
        action: `owner/name`, which is pinned.
        inputs: Its inputs.
    """

    name: str
    action: str
    inputs: tuple[tuple[str, str | bool | int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScript:
    """
    Run a script of bash.

    Attributes:
        name: The name of the step.
        script: The script; every value in it comes from the environment.
        env: Its environment: name to text.
        id: The step's id, where its outputs are used.
        when: The condition of the step; nothing where it is run after steps that succeeded.
        folder: The folder that it runs in; nothing for the working folder.
        calls: The calls to AWS that it makes.
    """

    name: str
    script: str
    env: tuple[tuple[str, str], ...] = ()
    id: str = ""
    when: str = ""
    folder: str = ""
    calls: tuple[AwsCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWho:
    """Ask AWS whose session it is."""


Step: TypeAlias = (
    CheckOut
    | AssumeRole
    | LogIn
    | SetUpEmulation
    | SetUpBuilder
    | Build
    | Copy
    | Render
    | RunTask
    | Deploy
    | Together
    | UseAction
    | RunScript
    | SayWho
)
