"""A folder of Terraform's files is read as one module, with the modules that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.review.compare import review
from deploy_access.terraform.changed_stacks import is_changed
from deploy_access.terraform.reader import read_estate
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.terraform.estate import Estate

TRUST = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = var.subjects
    }
  }
}
"""
ROLE = (
    """
variable "name" { type = string }
variable "subjects" { type = list(string) }
resource "aws_iam_role" "this" {
  name               = "gh-${var.name}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
output "name" { value = aws_iam_role.this.name }
output "role" { value = aws_iam_role.this }
"""
    + TRUST
)
SUBJECT = 'subjects = ["repo:acme/web:ref:refs/heads/main"]'


def write(folder: Path, **files: str) -> Path:
    """Write files, each by its path with `__` for a slash and `.tf` behind it where it has none."""
    for key, text in files.items():
        path = folder / key.replace("__", "/")
        path = path if "." in path.name else path.with_suffix(".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def roles(folder: Path) -> list[str]:
    """Name the roles of a folder."""
    return [role.name for role in read_estate(folder).roles]


def said(estate: Estate) -> list[tuple[str, str]]:
    """List what could not be read: where, and what is given."""
    return [(str(problem.where), problem.given) for problem in estate.problems]


def call(label: str, /, **more: str) -> str:
    """Call the module beside the root."""
    arguments = {"source": '"./role"', "name": f'"{label}"', **more}
    lines = "\n".join(f"  {key} = {value}" for key, value in arguments.items())
    return f'module "{label}" {{\n{lines}\n  {SUBJECT}\n}}\n'


def test_files_of_both_kinds_are_one_module(tmp_path: Path) -> None:
    """HCL, JSON, overrides and values come together, and each place is in its own file."""
    write(
        tmp_path,
        **{
            "a": 'resource "aws_iam_role" "a" {\n  name = "${local.p}-a"\n}\nvariable "e" {}',
            "b.tf.json": '{\n  "locals": {"p": "${var.e}"},\n  "resource": {\n'
            '    "aws_iam_role": {\n      "b": {\n        "name": "x"\n      }\n    }\n  }\n}',
            "c_override": 'resource "aws_iam_role" "b" {\n\n  name = "other"\n}',
            "terraform.tfvars": 'e = "dev"',
            "x.auto.tfvars": 'e = "prod"',
            "prod.tfvars": 'e = "no"',
        },
    )

    estate = read_estate(tmp_path)

    assert [(role.name, role.where.file, role.where.line) for role in estate.roles] == [
        ("other", str(tmp_path / "c_override.tf"), 1),
        ("prod-a", str(tmp_path / "a.tf"), 1),
    ]
    assert [given for where, given in said(estate) if "prod.tfvars" in where] == ["prod.tfvars"]


def test_a_folder_of_json_alone(tmp_path: Path) -> None:
    """It needs no manifest."""
    write(
        tmp_path,
        **{
            "a.tf.json": '{"resource": {"aws_iam_role": {"a": {"name": "${local.a}"}}}}',
            "b.tf.json": '{"locals": {"a": "web"}}',
        },
    )

    assert roles(tmp_path) == ["web"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.tf", 'resource "aws_iam_role" "a" {', "fatal: The file is no HCL."),
        ("a.tf", "resource aws_iam_role", "fatal: The file is no HCL."),
        ("a.tf", 'a = "\ud83d"', "fatal: The file is no HCL."),
        ("a.tf.json", '{"resource": ', "fatal: The file is no JSON."),
        ("a.tf.json", "[]", "fatal: The file is a JSON list."),
        ("a.tf.json", '{"resource": {"aws_iam_role": 1}}', ""),
        ("terraform.tfvars", "a = [", "fatal: The file is no HCL."),
        ("x.auto.tfvars.json", "{", "fatal: The file is no JSON."),
    ],
)
def test_a_damaged_folder(tmp_path: Path, name: str, text: str, said: str) -> None:
    """It is refused in one line that names the file, or the part is named that is none."""
    write(tmp_path, main="")
    (tmp_path / name).write_bytes(text.encode(errors="surrogatepass"))

    found = CliRunner().invoke(main, ["audit", str(tmp_path)])

    assert found.stderr.startswith(said)
    assert found.stderr.count("\n") == bool(said)
    assert name in found.stderr or "There is no block where one belongs" in found.stdout


def test_a_single_file_is_read_alone(tmp_path: Path) -> None:
    """One file that is named has no values of the others."""
    write(tmp_path, a='resource "aws_iam_role" "a" { name = local.a }', b='locals { a = "web" }')

    assert roles(tmp_path / "a.tf") == ["${local.a}"]


def test_a_module_has_its_inputs(tmp_path: Path) -> None:
    """What a call gives is the value of a variable, and its outputs come back."""
    write(
        tmp_path,
        main=call("web", depends_on="[aws_x.y]")
        + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = module.web.role.name\n'
        '  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}',
        role__main=ROLE,
    )

    [role] = read_estate(tmp_path).roles

    assert (role.name, role.where.address) == ("gh-web", "module.web.aws_iam_role.this")
    assert [policy.arn for policy in role.policies] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    assert role.trust is not None
    assert "repo:acme/web:ref:refs/heads/main" in str(role.trust.content)
    assert str(role.trust.where) == (
        f"{tmp_path}/role/main.tf:11: module.web.data.aws_iam_policy_document.trust"
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        pytest.param({"count": "2", "name": '"w${count.index}"'}, ["gh-w0", "gh-w1"], id="count"),
        pytest.param({"count": "0"}, [], id="none"),
        pytest.param(
            {"for_each": 'toset(["a", "b"])', "name": "each.key"}, ["gh-a", "gh-b"], id="for_each"
        ),
        pytest.param(
            {"for_each": "{ x = { n = local.n } }", "name": "each.value.n"}, ["gh-deep"], id="local"
        ),
        pytest.param({"for_each": "var.unknown"}, ["gh-web"], id="unknown"),
    ],
)
def test_several_modules(tmp_path: Path, arguments: dict[str, str], names: list[str]) -> None:
    """`count` and `for_each` make as many modules as they say; one where only Terraform knows."""
    locals_ = 'locals {\n  m = { n = "deep" }\n  n = local.m.n\n}\nvariable "unknown" {}\n'
    write(tmp_path, main=locals_ + call("web", **arguments), role__main=ROLE)

    assert roles(tmp_path) == names


def test_outputs_of_several_modules(tmp_path: Path) -> None:
    """They are a map by their keys, and a list by their numbers."""
    write(
        tmp_path,
        main=call("web", for_each='toset(["a", "b"])', name="each.key")
        + call("api", count="2", name='"api${count.index}"')
        + 'resource "aws_iam_role" "x" {\n  name = join("+", concat([for m in module.web : m.name],'
        ' module.api[*].name, [module.web["b"].name, module.api[1].name]))\n}',
        role__main=ROLE,
    )

    assert "gh-a+gh-b+gh-api0+gh-api1+gh-b+gh-api1" in roles(tmp_path)


def test_modules_in_modules(tmp_path: Path) -> None:
    """A module calls another one beside itself, and hands over what it was given."""
    inner = (
        'variable "name" {}\nvariable "subjects" {}\n'
        'module "role" {\n  source = "../role"\n  name = "${var.name}-x"\n'
        '  subjects = var.subjects\n}\noutput "name" { value = module.role.name }'
    )
    write(
        tmp_path,
        main=call("web", source='"./team"')
        + 'resource "aws_iam_role" "z" { name = module.web.name }',
        team__main=inner,
        role__main=ROLE,
    )

    estate = read_estate(tmp_path)

    assert [(role.name, role.where.address) for role in estate.roles] == [
        ("gh-web-x", "aws_iam_role.z"),
        ("gh-web-x", "module.web.module.role.aws_iam_role.this"),
    ]


def test_a_module_outside_of_the_folder(tmp_path: Path) -> None:
    """`../` leads to the folder beside the root, and files are called by their plain path."""
    write(tmp_path, prod__main=call("web", source='"../role"'), role__main=ROLE)

    [role] = read_estate(tmp_path / "prod").roles

    assert role.where.file == str(tmp_path / "role" / "main.tf")


def test_names_of_two_modules_are_apart(tmp_path: Path) -> None:
    """The same unknown name in two modules stands for two things."""
    module = 'variable "n" {}\nresource "aws_iam_role" "r" { name = "x-${random_id.a.hex}" }'
    calls = "".join(f'module "{n}" {{\n  source = "./m"\n  n = 1\n}}\n' for n in ("a", "b"))
    write(tmp_path, main=calls, m__main=module)

    assert roles(tmp_path) == ["x-${module.a.random_id.a.hex}", "x-${module.b.random_id.a.hex}"]


@pytest.mark.parametrize(
    ("declared", "given", "name"),
    [
        pytest.param("type = string", "7", "7", id="converted"),
        pytest.param('default = "d"', None, "d", id="default"),
        pytest.param('default = "d"', "null", "${module.m.aws_iam_role.r.name}", id="null"),
        pytest.param('default = "d"\n  nullable = false', "null", "d", id="not-nullable"),
        pytest.param("", "aws_x.y.id", "${aws_x.y.id}", id="unknown-above"),
    ],
)
def test_variables_of_a_module(tmp_path: Path, declared: str, given: str | None, name: str) -> None:
    """A value has its type; a default counts only where nothing is given, or null must not be."""
    argument = "" if given is None else f"  n = {given}\n"
    write(
        tmp_path,
        main=f'module "m" {{\n  source = "./m"\n{argument}}}',
        m__main=f'variable "n" {{\n  {declared}\n}}\n'
        'resource "aws_iam_role" "r" { name = var.n }',
    )

    assert roles(tmp_path) == [name]


def test_optional_attributes_have_their_defaults(tmp_path: Path) -> None:
    """An object has what its type gives it."""
    type_ = 'map(object({ n = optional(string, "d"), s = optional(list(string), ["x"]) }))'
    write(
        tmp_path,
        main='module "m" {\n  source = "./m"\n  all = { a = {}, b = { n = "e", other = 1 } }\n}',
        m__main=f'variable "all" {{\n  type = {type_}\n}}\nresource "aws_iam_role" "r" {{\n'
        '  for_each = var.all\n  name = "${each.value.n}-${each.value.s[0]}"\n}',
    )

    assert roles(tmp_path) == ["d-x", "e-x"]


def test_a_default_of_the_root_may_be_another(tmp_path: Path) -> None:
    """What a module does by a default of the root rests on it; by one of its own, it is firm."""
    conditional = (
        'variable "on" { default = true }\nresource "aws_iam_role_policy" "p" {\n'
        '  count = var.on ? 1 : 0\n  role = "web"\n  policy = jsonencode({ Statement = [] })\n}'
    )
    calls = (
        'module "own" { source = "./m" }\nvariable "on" { default = true }\n'
        'module "handed" {\n  source = "./m"\n  on = var.on\n}'
    )
    write(tmp_path, main=calls, m__main=conditional)

    [role] = read_estate(tmp_path).roles

    resting = {policy.where.address.split(".")[1]: policy.document for policy in role.policies}
    assert {name: bool(doc and doc.parts) for name, doc in resting.items()} == {
        "handed": True,
        "own": False,
    }


def test_providers_are_handed_over(tmp_path: Path) -> None:
    """A module has the account of the provider that its caller gives it."""
    providers = (
        'provider "aws" {\n  region = "eu-central-1"\n  allowed_account_ids = ["111122223333"]\n}\n'
        'provider "aws" {\n  alias = "b"\n  region = "eu-central-1"\n'
        '  allowed_account_ids = ["444455556666"]\n}\n'
    )
    write(
        tmp_path,
        main=providers + call("own") + call("other", providers="{ aws = aws.b }"),
        role__main=ROLE,
    )

    assert [(role.name, role.account) for role in read_estate(tmp_path).roles] == [
        ("gh-own", "111122223333"),
        ("gh-other", "444455556666"),
    ]


@pytest.mark.parametrize(
    "source",
    ['"terraform-aws-modules/iam/aws"', '"git::https://x/y.git"', '"./none"', '"./"', "local.s"],
)
def test_a_module_that_is_not_read_is_named(tmp_path: Path, source: str) -> None:
    """A remote module, a folder that is not there and a circle are no silence."""
    write(tmp_path, main=f'module "m" {{\n  source = {source}\n}}')

    estate = read_estate(tmp_path)

    assert [(p.kind, p.where.address, p.where.line) for p in estate.problems] == [
        ("module", "module.m", 1)
    ]


def test_two_modules_that_call_each_other(tmp_path: Path) -> None:
    """The circle ends where it closes, and is named."""
    write(
        tmp_path,
        main='module "a" { source = "./a" }',
        a__main='module "b" { source = "../b" }',
        b__main='module "a" { source = "../a" }',
    )

    assert [where for where, _ in said(read_estate(tmp_path))] == [
        f"{tmp_path}/b/main.tf:1: module.a.module.b.module.a"
    ]


def test_values_that_go_round(tmp_path: Path) -> None:
    """An input that is made of the output it makes is not resolved, and ends."""
    write(
        tmp_path,
        main='module "a" {\n  source = "./a"\n  x = module.a.y\n}\n'
        'resource "aws_iam_role" "r" { name = module.a.y }',
        a__main='variable "x" {}\noutput "y" { value = "${var.x}" }',
    )

    assert len(roles(tmp_path)) == 1


def test_many_modules_end(tmp_path: Path) -> None:
    """A thousand instances are read, and the others named."""
    write(
        tmp_path,
        main='module "a" {\n  source = "./a"\n  count = 100\n}',
        a__main='module "b" {\n  source = "./b"\n  count = 100\n}',
        a__b__main='resource "aws_iam_role" "r" { name = "x" }',
    )

    whats = {problem.what for problem in read_estate(tmp_path).problems}

    assert "There are more than 1000 modules, and this one is not read." in whats


def test_what_stands_twice_is_found_at_its_line(tmp_path: Path) -> None:
    """A condition that the next one replaces is a finding; Terraform says nothing."""
    write(
        tmp_path,
        main='resource "aws_iam_role" "r" {\n  name = "x"\n  assume_role_policy = jsonencode({\n'
        "    Statement = [{\n      Condition = {\n        StringEquals = { a = 1 }\n"
        "        StringEquals = { b = 2 }\n      }\n    }]\n  })\n}",
    )

    found = CliRunner().invoke(main, ["audit", str(tmp_path)])

    assert "error[dup-key]" in found.stdout
    assert (
        f"  --> {tmp_path}/main.tf:7: "
        "aws_iam_role.r.assume_role_policy.Statement[0].Condition.StringEquals"
    ) in found.stdout


def test_a_link_may_lead_to_another_folder_of_the_checkout(tmp_path: Path) -> None:
    """Terraform follows it, and people share files so; one out of the checkout is refused."""
    write(tmp_path, a__main="", common='resource "aws_iam_role" "r" { name = "web" }')
    (tmp_path / "a" / "common.tf").symlink_to("../common.tf")

    refused = CliRunner().invoke(main, ["audit", str(tmp_path / "a")])
    (tmp_path / ".git").mkdir()

    assert refused.stderr.startswith("fatal: A path leads out of its folder.")
    assert roles(tmp_path / "a") == ["web"]


def test_a_folder_without_files_names_those_with_some(tmp_path: Path) -> None:
    """The advice has the folder that is meant."""
    write(tmp_path, infra__main="")

    found = CliRunner().invoke(main, ["audit", str(tmp_path)])

    assert (found.exit_code, f"for example {tmp_path}/infra" in found.stderr) == (1, True)


def test_a_manifest_of_something_else_is_none(tmp_path: Path) -> None:
    """A web application has a file of that name, too."""
    write(tmp_path, **{"manifest.json": '{"name": "x"}', "a": 'resource "aws_iam_role" "a" {}'})

    assert len(roles(tmp_path)) == 1


def test_two_sides_have_equal_names(tmp_path: Path) -> None:
    """Files are called by their paths in the folder, so that an equal one is equal."""
    for name in ("base", "head"):
        write(tmp_path / name, main=call("web"), role__main=ROLE)
    reading = Reading()

    [base] = reading.sources(tmp_path / "base")
    [head] = reading.sources(tmp_path / "head")

    assert not is_changed(base, head)


def test_a_module_that_changes_is_a_change(tmp_path: Path) -> None:
    """What a folder calls is a part of it, whatever the root says."""
    for name, more in (("base", ""), ("head", "locals { a = 1 }")):
        write(tmp_path / name, main=call("web"), role__main=ROLE + more)
    reading = Reading()

    [base] = reading.sources(tmp_path / "base")
    [head] = reading.sources(tmp_path / "head")

    assert is_changed(base, head)


def test_a_review_looks_into_modules(tmp_path: Path) -> None:
    """A module that is read is no notice; code that it runs, and what it calls elsewhere, are."""
    more = (
        'data "external" "x" { program = ["sh"] }\n'
        'module "far" { source = "terraform-aws-modules/iam/aws" }\n'
    )
    write(tmp_path / "base", main=call("web"), role__main=ROLE)
    write(tmp_path / "head", main=call("web", name='"api"'), role__main=ROLE + more)

    notices = review(tmp_path / "base", tmp_path / "head").notices

    assert [notice.address for notice in notices] == [
        "module.web.data.external.x",
        "module.web.module.far",
    ]


def test_two_folders_are_reviewed(tmp_path: Path) -> None:
    """What a module lets in more is told, and that lines move is no change."""
    wide = call("web").replace("refs/heads/main", "refs/heads/*")
    write(tmp_path / "base", main=call("web"), role__main=ROLE)
    write(tmp_path / "head", main=f"# moved\n\n{wide}", role__main=f"\n\n{ROLE}")

    changed = CliRunner().invoke(main, ["review", *(str(tmp_path / n) for n in ("base", "head"))])
    same = CliRunner().invoke(main, ["review", *[str(tmp_path / "base")] * 2])

    assert "Wider access" in changed.stdout
    assert "Wider access" not in same.stdout
