"""The jobs of workflows that sign in to AWS, and what the roles answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """
    A run of a job, and whether the role lets it in.

    Attributes:
        label: What starts it, for example `push to main`.
        answer: `allowed`, `denied` or `unknown`.
        cause: The id of the cause, as `deploy-access explain` has it; empty where it is let in.
    """

    label: str
    answer: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSignIn:
    """
    A job that signs in.

    Attributes:
        where: The step.
        job: The job.
        environment: Its environment, or empty.
        role: The role that it asks for, as far as it is known.
        found: The role that was read and is it, or the few that may be, by their names.
        is_known: Whether nothing of the role's name is left open.
        runs: The runs; empty where the repository is not known.
        may: What the role may do, as text; empty where it is not known.
    """

    where: Where
    job: str
    environment: str
    role: str
    found: tuple[str, ...]
    is_known: bool
    runs: tuple[RunLine, ...]
    may: str
