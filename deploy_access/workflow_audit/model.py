"""A job of a workflow with all that it runs, wherever that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.estate import Unread, Where


@dataclass(frozen=True, slots=True)
class Written:
    """
    A value as it is known.

    Attributes:
        text: The value; `${{ … }}` in it is what is not known.
        line: Its line in the file of its step.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """
    An event that starts a workflow, with its filters.

    Attributes:
        event: The event, for example `push`.
        line: Its line.
        branches: The patterns of branches; None where there are none.
        branches_ignore: Those that are left out.
        tags: The patterns of tags; None where there are none.
        tags_ignore: Those that are left out.
        types: The activities; empty for GitHub's own choice.
    """

    event: str
    line: int
    branches: tuple[str, ...] | None = None
    branches_ignore: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    tags_ignore: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    A step of a job, or of an action of the same repository that the job uses.

    Attributes:
        where: The place.
        uses: The action with its version, or empty.
        run: The script, or empty.
        inputs: What the action is given.
        env: The variables that it sees, those of the job and the workflow too.
        condition: Each `if:` on the way to it.
    """

    where: Where
    uses: str
    run: Written
    inputs: Mapping[str, Written]
    env: Mapping[str, Written]
    condition: str

    @property
    def action(self) -> str:
        """The action without its version, in small letters."""
        return self.uses.partition("@")[0].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubJob:
    """
    A job, for one row of its matrix.

    Attributes:
        name: Its id; `caller / job` in a workflow that is called.
        where: The place.
        workflow: The file that the event starts.
        written_in: The file that it is written in, seen from the repository.
        triggers: What starts it; empty where callers in other repositories do.
        condition: Its `if:`, and that of its callers.
        environment: Its environment; empty for none, with `${{ … }}` where it is not known.
        id_token: Whether it may ask for a token; None where callers elsewhere decide.
        steps: What it runs.
    """

    name: str
    where: Where
    workflow: str
    written_in: str
    triggers: tuple[Trigger, ...]
    condition: str
    environment: Written
    id_token: bool | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflows:
    """
    All that was read.

    Attributes:
        files: The number of workflows.
        jobs: Their jobs.
        problems: What could not be read.
    """

    files: int
    jobs: tuple[GithubJob, ...]
    problems: tuple[Unread, ...]
