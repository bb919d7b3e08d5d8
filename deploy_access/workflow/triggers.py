"""
The events that start a workflow, chosen so that its roles let its jobs in.

Sources: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax (filter
patterns), https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import texts
from deploy_access.workflow.settings import OPTIONS
from deploy_access.workflow.stages import Ref, is_builder, kind_of
from deploy_access.workflow.step_value import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage


_PULLS = "pull-request"
"""What tells the workflow for pull requests from the other one of its service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """
    The events under `on:`.

    Attributes:
        branches: Run on a push to these.
        tags: Run on a push of these.
        release: Run when a release is published.
        dispatch: Run when it is started by hand.
        pull_request: Run on pull requests.
        schedule: Run at these times, as cron has them; on the default branch.
        asks_for_image: Whether the image is an input of the run.
        paths: Run on a push to a branch or a pull request where these change; any where empty.
    """

    branches: tuple[Ref, ...] = ()
    tags: tuple[Ref, ...] = ()
    release: bool = False
    dispatch: bool = False
    pull_request: bool = False
    schedule: str = ""
    asks_for_image: bool = False
    paths: tuple[str, ...] = ()

    @property
    def takes_paths(self) -> bool:
        """Whether paths count: GitHub looks at them for branches and pull requests alone."""
        return bool(self.branches) or self.pull_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """
    The stages of one workflow.

    Attributes:
        stages: In their order.
        triggers: What starts it.
        service: The one service that it is for; nothing where it is for several, or for the only.
        name: What tells it from other workflows of the service; nothing when there is one.
    """

    stages: tuple[Stage, ...]
    triggers: Triggers
    service: str = ""
    name: str = ""


def bundles_of(stages: Sequence[Stage], options: Options) -> list[Bundle]:
    """
    Sort the stages of a repository into workflows: a service has its own, and refs have theirs.

    Services that one role builds for stay together. A stage in a GitHub environment goes with
    those that build for it.
    """
    found = [one for part in _by_service(stages) for one in _bundles(part, options)]
    return [
        replace(one, triggers=_with_paths(one, options), name=_distinct(one, found))
        for one in found
    ]


def _distinct(bundle: Bundle, bundles: Sequence[Bundle]) -> str:
    """Name a workflow, with a number where several of its service would have one name."""
    alike = [o for o in bundles if (o.service, o.name) == (bundle.service, bundle.name)]
    number = f" {alike.index(bundle) + 1}" if len(alike) > 1 else ""
    return f"{bundle.name}{number}".strip()


def _by_service(stages: Sequence[Stage]) -> list[list[Stage]]:
    if any(is_builder(one, stages) and not one.service for one in stages):
        return [list(stages)]
    services = dict.fromkeys(one.service for one in stages)
    return [[one for one in stages if one.service == service] for service in services]


def _bundles(stages: Sequence[Stage], options: Options) -> list[Bundle]:
    """
    Sort the stages of one service: those that trust the same refs go together.

    Pull requests have a workflow of their own, beside one that pushes start: their runs may be
    cancelled, and some of them get no token. So have tasks that run at times.
    """
    service = stages[0].service if len({one.service for one in stages}) == 1 else ""
    whole = Bundle(stages=tuple(stages), triggers=_asked(options), service=service)
    if options.has_triggers:
        return [whole]
    timed = [one for one in stages if schedule_of(one, options)]
    others = [one for one in stages if one not in timed]
    needed = [one for one in others if not is_builder(one, timed) or is_builder(one, others)]
    found = _by_event(needed, whole, options) if needed else []
    return [*found, *(replace(one, service=service) for one in _by_time(stages, timed, options))]


def schedule_of(stage: Stage, options: Options) -> str:
    """Return the times at which a stage runs its tasks; nothing where it deploys a service."""
    if kind_of(stage) != "run":
        return ""
    return next(options.texts(OPTIONS["schedule"]), "") or stage.hint("schedule")


def _by_time(stages: Sequence[Stage], timed: Sequence[Stage], options: Options) -> Iterator[Bundle]:
    """Sort the stages that run at times, each with those that build for it."""
    times = dict.fromkeys(schedule_of(one, options) for one in timed)
    for time in times:
        own = [one for one in timed if schedule_of(one, options) == time]
        every = tuple(one for one in stages if one in own or is_builder(one, own))
        rest = len(every) < len(stages)
        name = f"schedule {own[-1].label}" if len(times) > 1 else "schedule" if rest else ""
        yield Bundle(stages=every, triggers=Triggers(schedule=time), name=name)


def _by_event(stages: Sequence[Stage], whole: Bundle, options: Options) -> list[Bundle]:
    """Sort stages by what starts them; pull requests are apart from the rest."""
    whole = replace(whole, stages=tuple(stages))
    pulls = [one for one in stages if one.refs and _other_refs(one) != one.refs]
    others = [one for one in stages if one.refs is None or _other_refs(one)]
    if pulls and all(one.refs is None for one in others):
        return [replace(whole, triggers=Triggers(pull_request=True))]
    found = [replace(one, service=whole.service) for one in _by_refs(others, options)]
    if pulls:
        own = replace(whole, stages=tuple(pulls), triggers=Triggers(pull_request=True))
        found.append(replace(own, name=_PULLS))
    return found


def _other_refs(stage: Stage) -> frozenset[Ref]:
    """Return the refs that a stage trusts, beside those of pull requests."""
    return frozenset(ref for ref in stage.refs or () if ref.kind != "pull_request")


def _by_refs(stages: Sequence[Stage], options: Options) -> list[Bundle]:
    """Sort stages by what they trust on pushes; one ref that all of them trust is enough."""
    restricted = [_other_refs(one) for one in stages if one.refs is not None]
    common = frozenset[Ref].intersection(*restricted) if restricted else frozenset[Ref]()
    if common or not restricted:
        return [Bundle(stages=tuple(stages), triggers=_triggers(common, options))]
    return list(_apart(stages, options))


def _apart(stages: Sequence[Stage], options: Options) -> Iterator[Bundle]:
    refs = list(dict.fromkeys(_other_refs(one) for one in stages if one.refs is not None))
    building = next((_other_refs(s) for s in stages if is_builder(s, stages) and s.refs), refs[0])
    for one in refs:
        own = tuple(s for s in stages if (building if s.refs is None else _other_refs(s)) == one)
        yield Bundle(stages=own, triggers=_triggers(one, options), name=own[-1].label)


def _with_paths(bundle: Bundle, options: Options) -> Triggers:
    """Return the triggers with the paths of the option, or of all that its roles' hints say."""
    hints = (text for s in bundle.stages for text in texts(s.deployer.hints.get("paths")))
    paths = tuple(dict.fromkeys([*options.texts(OPTIONS["paths"])] or map(safe, hints)))
    return replace(bundle.triggers, paths=paths) if bundle.triggers.takes_paths else bundle.triggers


def _asked(options: Options) -> Triggers:
    return Triggers(
        branches=tuple(_ref("branch", name) for name in options.branches),
        tags=tuple(_ref("tag", name) for name in options.tags),
        release=options.release,
        dispatch=options.dispatch,
    )


def _ref(kind: str, name: str) -> Ref:
    found: Ref = Ref(
        kind="tag" if kind == "tag" else "branch",
        name=name,
        is_pattern=bool(re.search("[*?]", name)),
    )
    return found


def _triggers(refs: Iterable[Ref], options: Options) -> Triggers:
    """Return the triggers that fit *refs*; without any, the workflow is started by hand."""
    found = sorted(refs)
    return Triggers(
        branches=tuple(one for one in found if one.kind == "branch"),
        tags=tuple(one for one in found if one.kind == "tag"),
        dispatch=options.dispatch or not found,
    )


def filter_pattern(ref: Ref) -> str:
    r"""
    Write a ref as GitHub's filters take it.

    There `*` stops at `/` and `?` means something else, so IAM's `*` is `**` and its `?` one letter
    or digit, which is less than IAM takes; what is special there and not here gets a `\`.
    """
    special = r"([*?+!\[\]\\])"
    if not ref.is_pattern:
        return safe(re.sub(special, r"\\\1", ref.name))
    parts = re.split(r"([*?])", ref.name)
    written = {"*": "**", "?": "[0-9A-Za-z]"}
    return safe("".join(written.get(p) or re.sub(special, r"\\\1", p) for p in parts))


def sample(ref: Ref) -> str:
    """Return a ref that matches a pattern."""
    return ref.name.replace("*", "1").replace("?", "1") if ref.is_pattern else ref.name
