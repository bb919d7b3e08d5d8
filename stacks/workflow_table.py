"""`workflow` of a service: settings that `deploy-access workflow` cannot read off its roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, create_model

from deploy_access.errors import reject
from deploy_access.workflow.server import check_version
from deploy_access.workflow.setting_checks import check_hints
from deploy_access.workflow.settings import HINTS, INFRA_HINTS, SERVICE_HINTS

from .field_types import Name, Names, Text
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.workflow.settings import Kind, Setting


# A command keeps its braces: they are no placeholders.
_TYPES: Mapping[Kind, Any] = {"command": Text, "flag": bool, "text": Name, "texts": Names}
# What has bounds or forms of its own, which the table of settings checks.
_CHECKED: Mapping[Kind, Any] = {
    "choice": str,
    "cron": str,
    "number": int,
    "port": int,
    "runner": Any,
    "version": str,
}


def _check(key: str) -> AfterValidator:
    """Check a key as the hint of a construct is checked."""

    def check(value: object) -> object:
        reject(check_hints({key: value}))
        return value

    return AfterValidator(check)


def _check_version(version: str) -> str:
    reject(check_version("server_version", version))
    return version


LaunchType = Annotated[str, _check("launch_type")]
Schedule = Annotated[str, _check("schedule")]
RunsOn = Annotated[Any, _check("runs_on")]
ServerVersion = Annotated[str, AfterValidator(_check_version)]


def _field(setting: Setting) -> Any:
    if setting.kind == "table":
        return dict[Name, WorkflowServiceTable], Field(default_factory=dict)
    kind: Any = _TYPES.get(setting.kind)
    kind = kind or Annotated[_CHECKED[setting.kind], _check(setting.key)]
    return kind | None, None


def _model(settings: Mapping[str, Setting]) -> type[Table]:
    """Make a table that has a field for each setting that the stacks can say."""
    fields = {key: _field(setting) for key, setting in settings.items()}
    return create_model("WorkflowModel", __base__=Table, **fields)


class EstateWorkflowTable(Table):
    """`[workflow]`: what holds for the workflows of all services."""

    runs_on: RunsOn | None = None


class WorkflowServiceTable(_model(SERVICE_HINTS)):
    """`workflow.services.Z`: settings of one ECS service, or of a family that is run once."""


class InfraWorkflowTable(_model(INFRA_HINTS)):
    """`[infra].workflow`: settings of the workflows that plan and apply the stacks."""


class WorkflowTable(_model({k: s for k, s in HINTS.items() if s.applies_to != "infra"})):
    """`[services.X.workflow]`, or the keys that one environment overrides."""
