"""An environment that promotes may pull from the one before, and from no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estate_files import DEV, HEAD, SHARED, WEB, environment, load, mistakes

if TYPE_CHECKING:
    from pathlib import Path

    from stacks.estate_plan import EstatePlan, ServicePlan

PROMOTES = WEB + "workflow.promote = true\n"
PROD = "[services.web.environments.prod]\n"
STG = environment("stg") + "[services.web.environments.stg]\n"


def services(estate: EstatePlan) -> dict[str, ServicePlan]:
    """Return the plans by their stacks."""
    return {one.stack: one for one in estate.services}


def copied(estate: EstatePlan) -> dict[str, str | None]:
    """Say of each stack whose image it copies."""
    return {
        name: one.promoted.name if one.promoted else None for name, one in services(estate).items()
    }


def test_each_copies_from_the_one_before(tmp_path: Path) -> None:
    """The order is that of the workflow's jobs, and not that of the file."""
    estate = load(tmp_path, HEAD + PROMOTES + PROD + STG + DEV)

    assert copied(estate) == {"web-dev": None, "web-stg": "web-dev", "web-prod": "web-stg"}


def test_an_environment_may_build(tmp_path: Path) -> None:
    """One that says otherwise builds, and the next one copies from it."""
    builds = STG + "workflow.promote = false\n"
    estate = load(tmp_path, HEAD + PROMOTES + PROD + builds + DEV)

    assert copied(estate) == {"web-dev": None, "web-stg": None, "web-prod": "web-stg"}


def test_the_other_account_may_pull(tmp_path: Path) -> None:
    """A repository lets the account of the next environment pull, where that is another one."""
    estate = services(load(tmp_path, HEAD + PROMOTES + PROD + STG + DEV))

    pulling = {name: getattr(one.repository, "pull_accounts", None) for name, one in estate.items()}
    assert pulling == {"web-dev": (), "web-stg": ("444455556666",), "web-prod": ()}


def test_nothing_is_copied_unless_it_is_asked_for(tmp_path: Path) -> None:
    """By default each environment builds, and nobody may pull."""
    estate = services(load(tmp_path, HEAD + WEB + PROD + DEV))

    assert [one.promoted for one in estate.values()] == [None, None]
    assert [getattr(one.repository, "pull_accounts", None) for one in estate.values()] == [(), ()]


def test_one_repository_for_all(tmp_path: Path) -> None:
    """Where all environments have one repository there is nothing to copy."""
    (found,) = mistakes(tmp_path, HEAD + PROMOTES + SHARED + DEV + PROD)

    assert "`workflow.promote` is set, and all environments have one repository" in found
