"""All systems on their way: made by hand, described, taken over, and narrowed by their owners."""

from __future__ import annotations

from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from account_exports import read_account, write_answers
from adopted_estate import changes_of, plan_all, synthesize_estates
from click.testing import CliRunner
from edits import EDITS, edited
from hand_made import SYSTEMS, Account
from job_runs import JobRuns
from large_account import LARGE
from one_stack import join_stacks

from deploy_access.adopt.changes import find_changes
from deploy_access.adopt.read_files import read_inventory
from deploy_access.cli import main
from sandbox import Sandbox
from sandbox.attempts.generated_job import read_generated
from sandbox.attempts.job_prerequisite import furnish_jobs
from sandbox.server.aws_session import sign_in

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from account_exports import Answers
    from adopted_estate import Change
    from hand_made import HandMade

    from deploy_access.adopt.changes import Changes
    from sandbox.server.aws_session import AwsSession
    from sandbox.verify.verification import Verification

ALL = (*SYSTEMS, LARGE)
# What the files do not say: no repository of images says the region of the last one.
ASKED: Mapping[str, tuple[str, ...]] = {
    "004": ("--region", "us-east-1", "--repository", "github-who-am-i=hogehoge/any"),
}
# The one that docs/adopt.md shows: its stacks are planned and applied one by one.
DOCUMENTED = "000"
EXPORTS = "account"
Place = tuple[str, str]
"""A stack, and the address of a resource in it."""


@dataclass(kw_only=True)
class Walk:
    """
    What was seen on the way.

    Attributes:
        moto: The address of the server.
        folder: Where everything is written.
        box: The folder of the sandbox.
        before: What each account held.
        texts: The entries that the command wrote.
        said: What it said of them.
        said_of_changes: What it said would change, of the one that the docs show.
        listed: What the command said that would change, of the entries as they were written.
        planned: What Terraform planned for them: by system, then by stack and address.
        taken: What was made of them, read back and compared; every stack was planned again.
        narrowed: The same of the entries as their owners leave them.
        ended: For each role where its job ended, or nothing when it did all its calls.
    """

    moto: str
    folder: Path
    box: Path
    before: dict[str, Answers] = field(default_factory=dict[str, "Answers"])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    said: dict[str, str] = field(default_factory=dict[str, str])
    said_of_changes: str = ""
    listed: dict[str, Changes] = field(default_factory=dict[str, "Changes"])
    planned: dict[str, dict[Place, Change]] = field(
        default_factory=dict[str, "dict[Place, Change]"]
    )
    taken: Verification = field(init=False)
    narrowed: Verification = field(init=False)
    ended: dict[str, dict[str, str]] = field(default_factory=dict[str, "dict[str, str]"])

    def session(self, account: str) -> AwsSession:
        """Return the administrator's session in an account."""
        (region,) = [one.region for one in ALL if one.account == account]
        return sign_in(self.moto, account, region)

    def go(self) -> None:
        """Go all the way."""
        self.texts = {str(one): self._describe(one) for one in ALL}
        outs = synthesize_estates(self.texts, self.folder)
        self.said_of_changes = self._run(DOCUMENTED, "--synthesized", "cdktf.out")
        self.listed = {name: self._list(name, out) for name, out in outs.items()}
        self.planned = {name: {} for name in outs}
        with self._joined(outs, "taken") as sandbox:
            for stack, plan in plan_all(sandbox).items():
                system = stack if stack in outs else DOCUMENTED
                for address, change in changes_of(plan).items():
                    self.planned[system][stack, address] = change
            sandbox.apply()
            self.taken = sandbox.verify()
        later = {name: edited(name, self.texts[name]) for name, edits in EDITS.items() if edits}
        outs |= synthesize_estates(later, self.folder / "edited")
        with self._joined({name: outs[name] for name in later}, "narrowed") as sandbox:
            sandbox.apply()
            self.narrowed = sandbox.verify()
        self.ended = {str(one): self._run_jobs(outs[str(one)]) for one in SYSTEMS}

    def _describe(self, system: HandMade) -> str:
        """Make a system, and have the command write the entries of what its account holds."""
        name, session = str(system), self.session(system.account)
        system.make(Account(session, system.account))
        self.before[name] = read_account(session)
        write_answers(self.before[name], self.folder / name / EXPORTS)
        self.said[name] = self._run(name, "--write", ".", *ASKED.get(name, ()))
        return (self.folder / name / "environments.toml").read_text("utf-8")

    def _run(self, name: str, *options: str) -> str:
        """Run the command in the folder of a system, and return what it says."""
        with chdir(self.folder / name):
            run = CliRunner().invoke(main, ["adopt", EXPORTS, *options])
        assert run.exit_code == 0, run.output
        return run.output

    def _list(self, name: str, out: Path) -> Changes:
        """Have the changes listed, of the stacks that Terraform plans."""
        place = self.folder / name
        alone = join_stacks({name: out}, place / "alone", apart=DOCUMENTED)
        return find_changes(read_inventory([place / EXPORTS]), alone)

    @contextmanager
    def _joined(self, outs: Mapping[str, Path], name: str) -> Generator[Sandbox]:
        """Give a sandbox for one stack a system."""
        sandbox = Sandbox(join_stacks(outs, self.folder / name, apart=DOCUMENTED), folder=self.box)
        try:
            sandbox.join()
            yield sandbox
        finally:
            sandbox.close()

    def _run_jobs(self, out: Path) -> dict[str, str]:
        """Run the jobs of the workflows that the command writes, and return how each ended."""
        generated = read_generated(out)
        furnish_jobs(generated.jobs, self.session)
        runs = JobRuns(moto=self.moto, session=self.session)
        ended = runs.run(*generated.jobs)
        return {
            **dict(zip((one.role for one in generated.jobs), ended, strict=True)),
            **generated.left_out,
        }
