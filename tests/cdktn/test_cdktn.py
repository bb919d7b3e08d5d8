"""The same source under CDK Terrain: the tests of constructs and stacks, imports and types."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clean_places import ROOT

pytestmark = pytest.mark.slow

# What is about CDKTF itself, by the reason.
ABOUT_CDKTF = {
    "tests/constructs/test_ecr_repo.py::test_not_constrained": "the version of CDKTF's bindings",
    "tests/constructs/test_github_environment.py::test_all_settings": "a block as a list of one",
    "tests/stacks/test_stacks_github_stack.py::test_every_key": "a block as a list of one",
    "tests/constructs/test_provider.py": "how and when CDKTF's packages are loaded",
    "tests/constructs/test_schema.py": "the assembly of CDKTF's bindings",
}
PROGRAM = """
{first}
from constructs_lib import EcrRepo, GithubDeployRole, GithubRepo, OidcProvider, TagMutability
from {framework} import App, TerraformStack
from {provider}.provider import AwsProvider


class Web(TerraformStack):
    def __init__(self, scope: App, name: str) -> None:
        super().__init__(scope, name)
        AwsProvider(self, "Aws", region="eu-central-1", allowed_account_ids=["111122223333"])
        web = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
        github = OidcProvider(self, "Github")
        image = EcrRepo(self, "Image", name="web", tag_mutability=TagMutability.immutable())
        role = GithubDeployRole(
            self, "Deploy", name="web-prod-deploy", oidc_provider=github,
            subjects=[web.environment("prod")],
        )
        image.grant_push(role)
        print(role.arn, {asked})


app = App()
Web(app, "web-prod")
app.synth()
"""


def run(
    python: Path, *arguments: str, cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a Python on this clone's source."""
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return subprocess.run(
        [python, *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "CI": "true", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def program(framework: str, first: str = "", asked: str = "1") -> str:
    """Return a program for a framework."""
    provider = {"cdktf": "cdktf_cdktf_provider_aws", "cdktn": "cdktn_provider_aws"}[framework]
    return PROGRAM.format(first=first, framework=framework, provider=provider, asked=asked)


def test_constructs_and_stacks(cdktn_python: Path) -> None:
    """All tests of constructs and stacks pass, but those that are about CDKTF itself."""
    deselected = [f"--deselect={name}" for name in ABOUT_CDKTF]
    places = ("tests/constructs", "tests/stacks")
    done = run(
        cdktn_python,
        *("-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-m", "not terraform"),
        *deselected,
        *places,
    )

    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 2_000


@pytest.mark.parametrize("framework", ["cdktn", "cdktf"])
@pytest.mark.parametrize("first", ["import constructs_lib", "import cdktn"])
def test_where_only_cdktn_is(
    cdktn_python: Path, tmp_path: Path, framework: str, first: str
) -> None:
    """A program runs under either name, and with either import first."""
    done = run(cdktn_python, "-c", program(framework, first), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "arn:aws:iam::111122223333:role/web-prod-deploy 1\n"
    text = (tmp_path / "cdktf.out/stacks/web-prod/cdk.tf.json").read_text("utf-8")
    assert '"version": "0.24.0"' in text


def test_modules_are_loaded_one_by_one(cdktn_python: Path, tmp_path: Path) -> None:
    """Neither half of the bindings loads what is not used."""
    code = "import sys; print(sum(one.startswith('cdktn_provider_aws.') for one in sys.modules))"
    done = run(cdktn_python, "-c", f"{program('cdktn')}\n{code}", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 100


def test_one_class_of_each_name(cdktn_python: Path, tmp_path: Path) -> None:
    """What is imported under a name of CDKTF is CDK Terrain's own."""
    code = """
import constructs_lib, cdktf, cdktn, cdktf_cdktf_provider_aws.iam_role as one
import cdktn_provider_aws.iam_role as other
print(cdktf is cdktn, one is other, other.__spec__.name)
"""
    done = run(cdktn_python, "-c", code, cwd=tmp_path)

    assert done.stdout == "True True cdktn_provider_aws.iam_role\n", done.stderr


def test_types(cdktn_python: Path) -> None:
    """A strict program for CDK Terrain has no error but at `.resource`."""
    # Its own environment: that of this clone knows CDKTF.
    place = cdktn_python.parents[1] / "typed"
    place.mkdir(exist_ok=True)
    file = place / "main.py"
    file.write_text(program("cdktn", asked="role.resource"), "utf-8")
    (place / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', "utf-8")
    done = run(
        cdktn_python,
        *("-m", "basedpyright", "--level", "error", "--outputjson"),
        *("--pythonpath", str(cdktn_python), str(file)),
        cwd=place,
    )

    lines = file.read_text("utf-8").splitlines()
    places = set(map(int, re.findall(r'"start": \{\s+"line": (\d+)', done.stdout)))
    assert '"filesAnalyzed": 1' in done.stdout
    assert places, done.stdout
    assert [lines[one] for one in places if ".resource" not in lines[one]] == [], done.stdout


def test_beside_cdktf(tmp_path: Path) -> None:
    """Where a program has CDKTF, an import of the other is one clear error, before and after."""
    (tmp_path / "cdktn.py").write_text("App = object", "utf-8")
    fine = run(Path(sys.executable), "-c", program("cdktf", "import cdktf"), cwd=tmp_path)
    late = run(Path(sys.executable), "-c", "import constructs_lib, cdktn", cwd=tmp_path)
    early = run(Path(sys.executable), "-c", "import cdktf, cdktn, constructs_lib", cwd=tmp_path)

    assert fine.returncode == 0, fine.stderr
    page = (ROOT / "docs/cdktn.md").read_text("utf-8")
    for done in (late, early):
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("deploy_access.errors.InvalidValue: ")
    said = late.stderr.splitlines()[-1].partition(": ")[2]
    assert f"```text\n{said}\n```" in page
