"""
A company whose stacks are planned and applied by a repository of its own, from `main.py` on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from judges.workflow_judges import check_schema, languageservice, zizmor
from organizations import NORTHWIND

from deploy_access.cli import main

PROJECT = Path(__file__).parents[2]
INFRA = '\n[infra]\nrepository = "infra"\nrepo_id = 1004\n'
SERVICES = ("shop-api", "shop-web", "data-jobs", "nightly")
PLANNED = "terraform plan account-{}: 1 to change"
APPLIED = "terraform apply account-{}: 1 changed"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the project of the company: its own file, and the program of this one."""
    folder = tmp_path_factory.mktemp("northwind")
    for name in ("main.py", "cdktf.json"):
        shutil.copyfile(PROJECT / name, folder / name)
    text = NORTHWIND.read_text("utf-8") + INFRA
    (folder / "environments.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def demo(project: Path) -> subprocess.CompletedProcess[str]:
    """Run what `make demo` runs."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def rows(text: str) -> dict[str, str]:
    """Return the table of jobs that were let through: from each job to what it did."""
    table = text.partition("Generated jobs")[2].partition("Refused at")[0]
    found: dict[str, str] = {}
    name = ""
    for line in map(str.rstrip, table.splitlines()):
        job = re.match(r"(\S+\.yml / \S+) +\d+ *(.*)", line)
        if job:
            name = job[1]
            found[name] = job[2].strip()
        elif name and (more := re.match(r"\S+ {2,}(.+)", line)):
            found[name] += f" {more[1].strip()}"
    return found


@pytest.mark.terraform
def test_every_step_ends_well(demo: subprocess.CompletedProcess[str]) -> None:
    """It is synthesized, applied, verified, attempted and destroyed, and nothing is unexpected."""
    assert (demo.returncode, demo.stderr) == (0, ""), demo.stdout + demo.stderr
    assert "AWS holds what was synthesized, and no second plan changes anything." in demo.stdout
    for step in ("apply", "verify", "attempt", "destroy"):
        assert f"  ok    {step}" in demo.stdout
    assert "UNEXPECTED" not in demo.stdout
    assert "Not tried" not in demo.stdout


@pytest.mark.terraform
def test_every_job_of_infra_is_let_in(demo: subprocess.CompletedProcess[str]) -> None:
    """Its jobs stand among the others; in each account one plans and one applies for real."""
    found = {name: did for name, did in rows(demo.stdout).items() if name.startswith("infra-")}

    assert found == {
        "infra-review.yml / plan-dev": PLANNED.format("dev"),
        "infra-review.yml / plan-prod": PLANNED.format("prod"),
        "infra-deploy.yml / plan-dev": "",
        "infra-deploy.yml / apply-dev": APPLIED.format("dev"),
        "infra-deploy.yml / plan-prod": "",
        "infra-deploy.yml / apply-prod": APPLIED.format("prod"),
        "infra-drift.yml / plan-dev": "",
        "infra-drift.yml / plan-prod": "",
    }


@pytest.mark.terraform
@pytest.mark.parametrize(
    "who",
    [
        "a pull request",
        "a fork",
        "another repository of the owner",
        "another environment",
        "its own job, as another role",
    ],
)
def test_who_does_not_apply(demo: subprocess.CompletedProcess[str], who: str) -> None:
    """Those who are kept from applying are shown at the role that applies."""
    shown = demo.stdout.partition("Refused at infra-apply in account 111122223333:")[2]
    at = "AssumeRole" if who.startswith("its own") else "AssumeRoleWithWebIdentity"

    assert re.search(rf"^{who} +{at} ", shown.partition("Refused alike")[0], re.MULTILINE)


@pytest.mark.slow
def test_judges_find_nothing(project: Path, tmp_path: Path) -> None:
    """Judges that are not ours find nothing in its workflows, of services and of the stacks."""
    out = project / "judged"
    program = [sys.executable, "main.py"]
    env = {**os.environ, "PYTHONPATH": str(PROJECT), "CDKTF_OUTDIR": str(out)}
    subprocess.run(program, cwd=project, env=env, check=True, capture_output=True)
    written: list[str] = []
    for words in (["--infra"], *(["--repo", f"northwind/{name}"] for name in SERVICES)):
        given = ["workflow", "--out", str(out), *words, "--write", str(tmp_path / ".github")]
        run = CliRunner().invoke(main, given)
        assert run.exit_code == 0, run.output
        written.append(run.output)
    files = sorted((tmp_path / ".github/workflows").iterdir())
    texts = {f".github/workflows/{one.name}": one.read_text("utf-8") for one in files}

    assert sum("infra-" in one.name for one in files) == len(re.findall("Wrote", written[0]))
    assert len(files) > len(SERVICES)
    assert [*zizmor(*files), *languageservice(texts), *check_schema(*files)] == []
