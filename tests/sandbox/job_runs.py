"""Jobs run through the gate, one after the other: what was judged of each, and where it ended."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.attempts.job_run import run_job
from sandbox.gate import Gate
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.attempts.generated_job import GeneratedJob
    from sandbox.gate.judge import Judgement
    from sandbox.server.aws_session import AwsSession


@dataclass(kw_only=True)
class JobRuns:
    """The jobs that were run against a moto, each by its name."""

    moto: str
    session: Callable[[str], AwsSession]
    judgements: dict[str, list[Judgement]] = field(default_factory=dict[str, "list[Judgement]"])
    refused: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, *jobs: GeneratedJob) -> list[str]:
        """Run jobs in their order; return the call and the code of each refusal, or nothing."""
        ended: list[str] = []
        with ExitStack() as stack:
            urls = {one.issuer for one in jobs}
            issuers = {url: stack.enter_context(TokenIssuer(url)) for url in urls}
            addresses = {url: issuer.address for url, issuer in issuers.items()}
            gate = stack.enter_context(Gate(self.moto, session=self.session, issuers=addresses))
            for one in jobs:
                before = len(gate.judgements)
                outcome = run_job(one.job, issuers[one.issuer], gate.endpoint)
                ended.append(f"{outcome.refused}: {outcome.code}" if outcome.refused else "")
                self.judgements[key(one)] = gate.judgements[before:]
                if outcome.refused:
                    self.refused[key(one)] = ended[-1]
        return ended


def key(one: GeneratedJob) -> str:
    """Name a job."""
    return f"{one.planned.stage.repository} {one.name}"
