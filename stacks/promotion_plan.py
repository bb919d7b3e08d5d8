"""The environments of a service whose images are copied from the one before, and not built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.stages import rank

from .table import merge
from .workflow_table import WorkflowTable

if TYPE_CHECKING:
    from . import environments_model as tables


def promoted_from(file: tables.EnvironmentsModel, service: str, environment: str) -> str | None:
    """Return the environment before, where an environment promotes; None where it builds."""
    before = _before(file, service, environment)
    return before if before and _promotes(file, service, environment) else None


def promoted_to(file: tables.EnvironmentsModel, service: str, environment: str) -> str | None:
    """Return the environment that copies the image of this one."""
    names = file.services[service].environments
    found = [name for name in names if promoted_from(file, service, name) == environment]
    return found[0] if found else None


def _before(file: tables.EnvironmentsModel, service: str, environment: str) -> str | None:
    """Return the environment before, in the order of the workflow's jobs."""
    names = sorted(file.services[service].environments, key=lambda name: (rank(name), name))
    index = names.index(environment)
    return names[index - 1] if index else None


def _promotes(file: tables.EnvironmentsModel, service: str, environment: str) -> bool:
    table = file.services[service]
    own = table.environments[environment].workflow
    return merge(WorkflowTable, table.workflow, own).model_dump().get("promote") is True
