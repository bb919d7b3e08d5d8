"""`deploy-access workflow --infra`: its jobs, what it refuses, what it leaves to other calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from infra_estate import ACCOUNTS, INFRA, WEB, synthesize_infra
from judges.workflow_judges import check_schema, languageservice, zizmor
from ruamel.yaml import YAML

from deploy_access.cli import main
from deploy_access.workflow.waiting import IS_OURS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

Json = dict[str, Any]
NAMES = ["infra-deploy-wave.yml", "infra-deploy.yml", "infra-drift.yml", "infra-review.yml"]
PAGE = (Path(__file__).parents[2] / "docs/infra.md").read_text("utf-8")
OIDC = {"id-token": "write"}


@pytest.fixture(name="out", scope="module")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthesize the estate."""
    return synthesize_infra(tmp_path_factory.mktemp("infra") / "out")


def run(out: Path, *words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["workflow", "--out", str(out), *words])


@pytest.fixture(name="made", scope="module")
def _made(out: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """Read the workflows that are written."""
    folder = tmp_path_factory.mktemp("made")
    done = run(out, "--infra", "--write", str(folder))
    assert done.exit_code == 0, done.stderr
    files = sorted((folder / "workflows").iterdir())
    yaml: Any = YAML(typ="safe")
    return {one.name: yaml.load(one.read_text("utf-8")) for one in files}


def jobs_of(made: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """List every job with its file and id."""
    for name, workflow in made.items():
        for id_, job in workflow["jobs"].items():
            yield f"{name} {id_}", job


def refs_of(job: Json) -> set[str | None]:
    """List the commits that a job checks out; None for that of the run."""
    steps = [one for one in job.get("steps", []) if "checkout" in one.get("uses", "")]
    return {one["with"].get("ref") for one in steps}


def rewritten(out: Path, folder: Path, change: Callable[[Json], None]) -> Path:
    """Copy the stacks of one account, with a change of its own stack."""
    stacks = {}
    for name in ("account-dev", "web-dev"):
        document = json.loads((out / f"stacks/{name}/cdk.tf.json").read_text("utf-8"))
        if name == "account-dev":
            change(document)
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(json.dumps(document), "utf-8")
        stacks[name] = {"name": name, "synthesizedStackPath": path, "dependencies": []}
    (folder / "manifest.json").write_text(json.dumps({"stacks": stacks}), "utf-8")
    return folder


def test_four_files(made: dict[str, Json]) -> None:
    """A review, a deploy with its waves, and a look for drift."""
    assert list(made) == NAMES


def test_the_page_shows_what_is_said(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command prints is on the page."""
    monkeypatch.chdir(tmp_path)

    said = run(out, "--infra", "--write", ".github").stderr

    assert f"$ deploy-access workflow --infra --write .github\n{said}```" in PAGE


@pytest.mark.slow
def test_judges_find_nothing(out: Path, tmp_path: Path) -> None:
    """Judges that are not ours find nothing in any of them."""
    run(out, "--infra", "--write", str(tmp_path / ".github"))
    files = sorted((tmp_path / ".github/workflows").iterdir())
    texts = {f".github/workflows/{one.name}": one.read_text("utf-8") for one in files}

    assert len(files) == len(NAMES)
    assert [*zizmor(*files), *languageservice(texts), *check_schema(*files)] == []


def test_no_job_that_runs_the_pull_request_has_a_token(made: dict[str, Json]) -> None:
    """On pull requests a job with `id-token` checks out the base, and nothing else."""
    jobs = made["infra-review.yml"]["jobs"]
    with_token = {id_ for id_, job in jobs.items() if "id-token" in job["permissions"]}

    assert with_token == {"plan-dev", "plan-prod"}
    for id_ in with_token:
        assert refs_of(jobs[id_]) == {"${{ github.event.pull_request.base.sha }}"}
        assert jobs[id_]["if"] == IS_OURS
    assert refs_of(jobs["synth"]) == {"${{ matrix.ref }}"}
    assert refs_of(jobs["review"]) == {"${{ github.event.pull_request.base.sha }}"}
    assert "if" not in jobs["review"]


def test_a_job_of_terraform_checks_first(made: dict[str, Json]) -> None:
    """Whatever has a session runs only what was checked before, from copies."""
    with_session = [job for _, job in jobs_of(made) if "id-token" in job["permissions"]]
    planning = [job for job in with_session if "steps" in job]

    assert len(planning) == 6
    for job in planning:
        names = [step["name"] for step in job["steps"]]
        order = ["Check what would be run", "Set up Terraform", "Get a session of the role"]
        places = [names.index(name) for name in order]
        assert places == sorted(places)
        runs = "".join(step.get("run", "") for step in job["steps"])
        assert "terraform init -lockfile=readonly" in runs
        assert 'cd "checked/' in runs


def test_a_plan_reads_and_an_apply_waits(made: dict[str, Json]) -> None:
    """Only a job in an environment gets the role that applies, and becomes Terraform's."""
    jobs = made["infra-deploy-wave.yml"]["jobs"]
    plan, apply = (json.dumps(jobs[one]) for one in ("plan", "apply"))

    assert jobs["apply"]["environment"] == "${{ matrix.environment }}"
    assert jobs["apply"]["needs"] == "plan"
    assert "environment" not in jobs["plan"]
    assert "matrix.plan_role" in plan
    assert "--no-assume-role" in plan
    assert "matrix.apply_role" in apply
    assert "--no-assume-role" not in apply
    others = [job for name, job in jobs_of(made) if not name.endswith("wave.yml apply")]
    assert not any("environment" in job for job in others)


def test_the_order_knows_each_account(made: dict[str, Json]) -> None:
    """Each stack gets the roles and the environment of its account, as literals."""
    steps = made["infra-deploy.yml"]["jobs"]["plan"]["steps"]
    (step,) = (one for one in steps if "ROLES" in one.get("env", {}))

    assert json.loads(step["env"]["ROLES"]) == {
        account: {
            "environment": name,
            "plan_role": f"arn:aws:iam::{account}:role/infra-plan",
            "apply_role": f"arn:aws:iam::{account}:role/infra-apply",
        }
        for name, account in ACCOUNTS.items()
    }


def test_the_least_that_a_job_may(made: dict[str, Json]) -> None:
    """Only the job of the issue may write to the repository, and it does nothing but that."""
    writing = {
        name: job["permissions"]
        for name, job in jobs_of(made)
        if "write" in {level for _, level in job["permissions"].items() - OIDC.items()}
    }

    assert writing == {"infra-drift.yml issue": {"issues": "write"}}
    assert all(workflow["permissions"] == {} for workflow in made.values())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param(["--drift", "0 3 * * *"], "cron: 0 3 * * *", id="drift"),
        pytest.param(["--synth", "make synth"], "SYNTH: make synth", id="synth"),
        pytest.param(["--setup", "make setup"], "SETUP: make setup", id="setup"),
        pytest.param(["--runs-on", "group=aws"], "group: aws", id="runner"),
    ],
)
def test_options(out: Path, words: list[str], found: str) -> None:
    """What an option says stands in the workflows."""
    done = run(out, "--infra", *words)

    assert done.exit_code == 0, done.stderr
    assert found in done.stdout


@pytest.mark.parametrize("words", [["--role", "x"], ["--cache"], ["--composite"]])
def test_options_of_services_do_nothing(out: Path, words: list[str]) -> None:
    """An option that no job of these has a use for is wrong usage."""
    done = run(out, "--infra", *words)

    assert done.exit_code == 2
    assert f"`{words[0]}` does nothing with `--infra`" in done.stderr


@pytest.mark.parametrize("words", [["--drift", "0 3 * * *"], ["--synth", "x"], ["--setup", "x"]])
def test_options_of_infra_need_it(out: Path, words: list[str]) -> None:
    """Beside workflows of services, an option of these does nothing."""
    done = run(out, *words)

    assert done.exit_code == 2
    assert f"`{words[0]}` does nothing here: only `--infra`" in done.stderr


def test_hints_of_the_roles(out: Path, tmp_path: Path) -> None:
    """A hint at the role that plans is taken, and an option wins over it."""

    def hint(document: Json) -> None:
        for role in document["resource"]["aws_iam_role"].values():
            hints = {"drift": "1 2 * * *", "runs_on": "own", "synth": "make synth"}
            role["//"]["deploy_access"]["workflow"] = hints

    hinted = rewritten(out, tmp_path / "hinted", hint)

    text = run(hinted, "--infra", "--synth", "make other").stdout

    assert "cron: 1 2 * * *" in text
    assert "runs-on: own" in text
    assert "SYNTH: make other" in text


def test_services_are_left_to_other_calls(out: Path) -> None:
    """Without the option the two roles get no workflow, and it is said who writes theirs."""
    done = run(out)

    assert done.exit_code == 0
    assert "infra" not in done.stdout
    assert "No workflow here for infra-apply, infra-plan: `--infra` writes theirs." in done.stderr


def test_a_call_knows_its_own_files(out: Path, tmp_path: Path) -> None:
    """`--check` of services says nothing about these files, and the other way round."""
    folder = str(tmp_path)
    run(out, "--infra", "--write", folder)
    run(out, "--write", folder)

    assert [run(out, *words, "--check", folder).stdout for words in (["--infra"], [])] == ["", ""]


def _second_apply(document: Json) -> None:
    roles = document["resource"]["aws_iam_role"]
    policies = document["resource"]["aws_iam_role_policy"]
    for found, kind in ((roles, "name"), (policies, "role")):
        key = next(key for key in found if "Apply" in key)
        copy = json.loads(json.dumps(found[key]).replace("infra-apply", "other-apply"))
        copy[kind] = "other-apply"
        found[f"{key}2"] = copy


def _writing_plan(document: Json) -> None:
    policies = document["resource"]["aws_iam_role_policy"]
    key = next(key for key in policies if "Plan" in key)
    content = json.loads(policies[key]["policy"])
    content["Statement"].append({"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*"})
    policies[key]["policy"] = json.dumps(content)


def _another_role(document: Json) -> None:
    document["provider"]["aws"][0]["assume_role"] = [
        {"role_arn": f"arn:aws:iam::{ACCOUNTS['dev']}:role/other"}
    ]


def _local_state(document: Json) -> None:
    document["terraform"]["backend"] = {"local": {"path": "x.tfstate"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(_second_apply, "Several roles of account 111122223333", id="two appliers"),
        pytest.param(_writing_plan, "no role of its account plans", id="a plan that writes"),
        pytest.param(_local_state, "keep their state in a local file", id="local state"),
    ],
)
def test_what_is_no_pair(
    out: Path, tmp_path: Path, change: Callable[[Json], None], said: str
) -> None:
    """What could be meant in several ways, or could not work, is refused in four parts."""
    done = run(rewritten(out, tmp_path / "changed", change), "--infra")

    assert done.exit_code == 1
    assert said in done.stderr
    assert " Got " in done.stderr


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        pytest.param(
            {"apply_subjects": [INFRA.environment("a"), INFRA.environment("b")]},
            "trusts 2 GitHub environments",
            id="two environments",
        ),
        pytest.param(
            {"apply_subjects": [INFRA.branch("main")]},
            "trusts 0 GitHub environments",
            id="branch",
        ),
        pytest.param(
            {"apply_subjects": [INFRA.environment("live")]},
            "Two accounts are applied in one GitHub environment",
            id="one environment",
        ),
        pytest.param(
            {"plan_subjects": [INFRA.pull_request()]},
            "The default branch is not known",
            id="no branch",
        ),
        pytest.param(
            {"plan_subjects": [INFRA.branch("main"), INFRA.branch("next")]},
            "Name one: `--branch main`",
            id="two branches",
        ),
        pytest.param(
            {"audiences": ("sts.amazonaws.com", "https://deploys.acme.com")},
            "take tokens for different audiences",
            id="two audiences",
        ),
        pytest.param(
            {"plan_subjects": [WEB.branch("main")]}, "no role of its account plans", id="repo"
        ),
        pytest.param(
            {
                "plan_subjects": [one.branch("main") for one in (INFRA, WEB)],
                "apply_subjects": [one.environment("e") for one in (INFRA, WEB)],
            },
            "Several repositories plan and apply these stacks",
            id="two repositories",
        ),
    ],
)
def test_who_is_trusted_decides(tmp_path: Path, roles: Json, said: str) -> None:
    """What nobody could approve, start or tell apart is refused with what to write instead."""
    done = run(synthesize_infra(tmp_path / "out", **roles), "--infra")

    assert done.exit_code == 1
    assert said in done.stderr


def test_an_audience_of_its_own_is_asked_for(tmp_path: Path) -> None:
    """Jobs whose roles take tokens for another audience than the usual one name it."""
    own = "https://deploys.acme.com"

    done = run(synthesize_infra(tmp_path / "out", audiences=(own, own)), "--infra")

    assert done.exit_code == 0, done.stderr
    sessions = done.stdout.count("uses: aws-actions/configure-aws-credentials")
    assert done.stdout.count(f"audience: {own}\n") == sessions > 0


def test_a_branch_is_named(tmp_path: Path) -> None:
    """Of several branches the option says which one is the default branch."""
    both = [INFRA.branch("main"), INFRA.branch("next")]
    out = synthesize_infra(tmp_path / "out", plan_subjects=both)

    done = run(out, "--infra", "--branch", "next")

    assert done.exit_code == 0
    assert "- next" in done.stdout
    assert "pull_request" not in done.stdout
    assert "No review of pull requests" in done.stderr


def test_a_plan_that_may_not_read_is_refused(tmp_path: Path) -> None:
    """A type that the stacks have and the role may not read stops the job, so it is not written."""
    out = synthesize_infra(tmp_path / "out", manages=["aws_iam_openid_connect_provider"])

    done = run(out, "--infra", "--write", str(tmp_path / "made"))

    assert done.exit_code == 10
    assert "Job `plan-dev` of infra-review.yml could not make all of its calls." in done.stderr
    assert "infra-plan may not call iam:GetRole" in done.stderr
    assert not (tmp_path / "made").exists()


def test_a_role_that_may_not_apply_is_no_pair(out: Path, tmp_path: Path) -> None:
    """A stack that assumes another role than the one that apply may assume is refused."""
    done = run(rewritten(out, tmp_path / "changed", _another_role), "--infra")

    assert done.exit_code == 10
    assert "infra-apply may not call sts:AssumeRole" in done.stderr


def test_stacks_of_nobody(out: Path, tmp_path: Path) -> None:
    """Without such roles the command says how to make them."""

    def remove(document: Json) -> None:
        for kind in ("aws_iam_role", "aws_iam_role_policy"):
            document["resource"].pop(kind)

    done = run(rewritten(out, tmp_path / "changed", remove), "--infra")

    assert done.exit_code == 1
    assert "No role that trusts GitHub may become the role that Terraform assumes" in done.stderr
