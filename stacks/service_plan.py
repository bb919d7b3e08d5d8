"""The stacks of a service: of its shared repository, and of each of its deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.setting_checks import check_hints

from .ecs_plan import ecs_plan
from .estate_plan import ImagesPlan, ServicePlan
from .existing_parts import (
    check_forgotten_repository,
    check_service_parts,
    check_shared_parts,
)
from .repository_plan import (
    image_repository,
    promoted_repository,
    shared_repository,
    stand_in_repository,
)
from .role_plan import (
    deploy_role,
    push_role,
    stand_in_deploy_role,
    stand_in_push_role,
    trust_entry,
)
from .stack_names import images_stack, service_stack
from .stack_target import account_target, environment_target, issuer_of
from .workflow_hints import build_hints, deploy_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.repository import GithubRepo

    from . import environments_model as tables
    from .error_collector import ErrorCollector
    from .part_plans import ImagesSource, RolePlan

# Each part by itself: a mistake in the trust does not hide one in the repository. What is refused
# has a stand-in, so that the constructs check the rest.


def images_plan(
    file: tables.EnvironmentsModel, errors: ErrorCollector, service: str, source: GithubRepo
) -> ImagesPlan | None:
    """Return the stack of a service's shared repository; None when it has none."""
    ecr = file.services[service].ecr
    if ecr is None or ecr.account is None:
        return None
    entry = f"services.{service}.ecr"
    repository = errors.attempt(entry, lambda: shared_repository(file, service))
    if repository is not None:
        wrong = check_shared_parts(ecr.import_existing, repository)
        errors.add(f"{entry}.import_existing", *wrong)
    errors.add(f"{entry}.forget", *check_forgotten_repository(ecr.forget, ecr.import_existing))
    role = errors.attempt(f"{entry}.subjects", lambda: push_role(file, service, source))
    hints = errors.attempt(f"services.{service}.workflow", lambda: build_hints(file, service))
    return ImagesPlan(
        entry=entry,
        stack=images_stack(service),
        target=account_target(file, ecr.account),
        issuer=issuer_of(file),
        repository=repository or stand_in_repository(file, service),
        import_existing=ecr.import_existing,
        forget=ecr.forget,
        role=role or stand_in_push_role(file, service),
        workflow=hints or {},
    )


def service_plan(
    file: tables.EnvironmentsModel,
    errors: ErrorCollector,
    service: str,
    environment: str,
    source: GithubRepo,
) -> ServicePlan:
    """Return the stack of a deployment."""
    entry = f"services.{service}.environments.{environment}"
    promoted = errors.attempt(
        f"services.{service}.workflow", lambda: promoted_repository(file, service, environment)
    )
    return ServicePlan(
        entry=entry,
        stack=service_stack(service, environment),
        target=environment_target(file, environment),
        issuer=issuer_of(file),
        repository=_repository(file, errors, service, environment),
        promoted=promoted,
        import_existing=file.services[service].environments[environment].import_existing,
        forget=file.services[service].environments[environment].forget,
        role=_role(file, errors, service, environment, source),
        ecs=ecs_plan(file, service, environment),
        workflow=_hints(file, errors, service, environment),
    )


def _hints(
    file: tables.EnvironmentsModel, errors: ErrorCollector, service: str, environment: str
) -> Mapping[str, object]:
    """Return the hints of the role; none of wrong ones where the tables have said it already."""
    hints = deploy_hints(file, service, environment)
    return {} if errors.lines and any(check_hints(hints)) else hints


def _role(
    file: tables.EnvironmentsModel,
    errors: ErrorCollector,
    service: str,
    environment: str,
    source: GithubRepo,
) -> RolePlan:
    role = errors.attempt(
        trust_entry(file, service, environment),
        lambda: deploy_role(file, service, environment, source),
    )
    return role or stand_in_deploy_role(file, service, environment)


def _repository(
    file: tables.EnvironmentsModel, errors: ErrorCollector, service: str, environment: str
) -> ImagesSource:
    repository = errors.attempt(
        f"services.{service}.ecr", lambda: image_repository(file, service, environment)
    )
    if repository is None:
        return stand_in_repository(file, service, environment)
    table = file.services[service]
    here = table.environments[environment]
    wrong = check_service_parts(
        here.import_existing, repository, has_ecs=bool(here.ecs or table.ecs)
    )
    entry = f"services.{service}.environments.{environment}"
    errors.add(f"{entry}.import_existing", *wrong)
    errors.add(f"{entry}.forget", *check_forgotten_repository(here.forget, here.import_existing))
    return repository
