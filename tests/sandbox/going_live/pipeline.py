"""
What GitHub's machines do for a pull request, and after its merge: the committed workflows.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from committed_job import read_jobs, run_job
from journey import IN_ENVIRONMENT, MAIN, PULL_REQUEST, variables

if TYPE_CHECKING:
    import subprocess

    from journey import Journey
    from machine import Machine

    from sandbox.gate.github_run import GithubRun


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """
    The runs for one change of the repository.

    Attributes:
        journey: Where it all happens.
        name: What the folders of its machines begin with.
        base: The commit before.
        head: The commit after.
    """

    journey: Journey
    name: str
    base: str
    head: str

    def review(self) -> subprocess.CompletedProcess[str]:
        """
        Synthesize both sides and review them; the review is in its summary.
        """
        self._run("infra-review", "synth", self._checked_out("synth"))
        machine = self._handed("review")
        return self._run("infra-review", "review", machine, fails=True)

    def plan(self) -> str:
        """
        Plan as the pull request, and return the summary.
        """
        machine = self._handed("review-plan")
        self._run("infra-review", "plan-dev", machine, PULL_REQUEST)
        return machine.text("summary.md")

    def deploy(self) -> list[str]:
        """
        Deploy after the merge, with the approval of a person, and name the stacks of its wave.
        """
        # The same script has synthesized the same commits for the review.
        ordering = self._handed("order")
        self._run("infra-deploy", "plan", ordering, done_before="Synthesize")
        outputs = dict(line.split("=", 1) for line in ordering.text("outputs").splitlines())
        rows = json.loads(outputs["wave_1"])["include"]
        for row in rows:
            planning = self._handed(f"plan-{row['stack']}")
            self._run("infra-deploy-wave", "plan", planning, MAIN, row)
            applying = self._handed(f"apply-{row['stack']}")
            shutil.copytree(planning.folder / "plans", applying.folder / "approved")
            self._run("infra-deploy-wave", "apply", applying, IN_ENVIRONMENT, row)
        return [f"{row['action']} {row['stack']}" for row in rows]

    def text(self, machine: str, file: str) -> str:
        """
        Read a file of one of its machines.
        """
        return (self.journey.root / f"{self.name}-{machine}" / file).read_text("utf-8")

    def _machine(self, name: str) -> Machine:
        return self.journey.machine(f"{self.name}-{name}")

    def _checked_out(self, name: str) -> Machine:
        machine = self._machine(name)
        for side, commit in (("base", self.base), ("head", self.head)):
            done = machine.run(
                f"git clone --quiet ../origin.git {side} && git -C {side} checkout --quiet {commit}"
            )
            assert done.returncode == 0, done.stderr
        return machine

    def _handed(self, name: str) -> Machine:
        """Return a machine that got what was synthesized."""
        machine = self._machine(name)
        source = self.journey.root / f"{self.name}-synth" / "synthesized"
        shutil.copytree(source, machine.folder / "synthesized")
        return machine

    def _run(
        self,
        workflow: str,
        job: str,
        machine: Machine,
        run: GithubRun = MAIN,
        matrix: dict[str, str] | None = None,
        *,
        fails: bool = False,
        done_before: str = "",
    ) -> subprocess.CompletedProcess[str]:
        jobs = read_jobs(self.journey.infra / f".github/workflows/{workflow}.yml")

        def enter(role: str) -> dict[str, str]:
            return variables(self.journey.enter(role, run).keys)

        done = run_job(
            machine, jobs[job], enter=enter, matrix=matrix or {}, done_before=done_before
        )
        assert fails or done.returncode == 0, done.stdout + done.stderr
        return done
