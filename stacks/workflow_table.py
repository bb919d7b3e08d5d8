"""`workflow` of a service: settings that `deploy-access workflow` cannot read off its roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, create_model

from deploy_access.errors import reject
from deploy_access.workflow.setting_checks import check_hints
from deploy_access.workflow.settings import HINTS, SERVICE_HINTS
from stacks.field_types import Name, Names, Text
from stacks.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.workflow.settings import Kind, Setting


def _checked_number(key: str) -> Any:
    def check(number: int) -> int:
        reject(check_hints({key: number}))
        return number

    return Annotated[int, AfterValidator(check)]


# A command keeps its braces: they are no placeholders.
_TYPES: Mapping[Kind, Any] = {"command": Text, "flag": bool, "text": Name, "texts": Names}


def _field(setting: Setting) -> Any:
    if setting.kind == "table":
        return dict[Name, WorkflowServiceTable], Field(default_factory=dict)
    kind = _TYPES.get(setting.kind) or _checked_number(setting.key)
    return kind | None, None


def _model(settings: Mapping[str, Setting]) -> type[Table]:
    """Make a table that has a field for each setting that the stacks can say."""
    fields = {key: _field(setting) for key, setting in settings.items()}
    return create_model("WorkflowModel", __base__=Table, **fields)


class WorkflowServiceTable(_model(SERVICE_HINTS)):
    """`workflow.services.Z`: settings of one ECS service, or of a family that is run once."""


class WorkflowTable(_model(HINTS)):
    """`[services.X.workflow]`, or the keys that one environment overrides."""
