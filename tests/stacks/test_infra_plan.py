"""`[infra]`: the roles that it makes in each account, and every mistake in words of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from estate_files import load, mistakes, write
from synthesized import synth_file

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.bootstrap.terraform_state import TerraformState
from deploy_access.errors import InvalidEnvironments
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

    from stacks.estate_plan import InfraPlan

PROD = "444455556666"
ROLE = f"arn:aws:iam::{PROD}:role/ops/terraform"
KEY = f"arn:aws:kms:eu-central-1:{PROD}:key/1234abcd"
PREFIX = "repo:acme@1/infra@4"
ASSUMES = 'assume_role = "ops/terraform"'
SEVERAL = f'{ASSUMES}\naudiences = ["sts.amazonaws.com", "ours"]'
KEEPER = (
    "states.prod.role_arn: The states of `accounts.prod` are kept by the role that deploys there, "
    "for `[infra]`."
)
TAKEN = "infra: The role of this entry has the same name as that of `accounts.prod.assume_role`."
OTHER_ROLE = (
    "environments.prod.assume_role: This environment has another role of Terraform's than its "
    "account, which `[infra]` deploys."
)
OTHER_STATE = (
    "environments.prod.state: This environment has another state of Terraform's than its account, "
    "which `[infra]` deploys."
)
PROVIDER = f"arn:aws:iam::{PROD}:oidc-provider/token.actions.githubusercontent.com"


def estate(
    infra: str = "", *, account: str = ASSUMES, state: str = "", more: str = "", names: str = "prod"
) -> str:
    """Write a file with accounts, each with its state, and `[infra]`."""
    parts = ['schema = 1\n[github]\nowner = "acme"\nowner_id = 1\n']
    for name in names.split():
        number = PROD if name == "prod" else "111122223333"
        role = f"arn:aws:iam::{number}:role/ops/terraform"
        own = state or f'key_prefix = "team/"\nrole_arn = "{role}"'
        parts.append(
            f'[states.{name}]\ntype = "s3"\nbucket = "acme-{name}"\nregion = "eu-west-1"\n{own}\n'
            f'[accounts.{name}]\nid = "{number}"\nregion = "eu-central-1"\nstate = "{name}"\n'
            f"{account}\n"
        )
    table = infra or 'repository = "infra"\nrepo_id = 4'
    return "".join([*parts, f"[infra]\n{table}\n", more])


OURS = 'repository = "infra"\nrepo_id = 4\n'


def infra_of(folder: Path, text: str) -> dict[str, InfraPlan]:
    """Load a file, and return the plan of the roles of each account that has them."""
    plans = {plan.stack: plan.infra for plan in load(folder, text).accounts}
    return {stack: infra for stack, infra in plans.items() if infra}


def subjects(plan: InfraPlan) -> tuple[list[str], list[str]]:
    """List the values of `sub` that may plan and that may apply."""
    return (
        [value for one in plan.plan_subjects for value in (*one.exact, *one.patterns)],
        [value for one in plan.apply_subjects for value in (*one.exact, *one.patterns)],
    )


def test_defaults(tmp_path: Path) -> None:
    """Pull requests and the branch `main` plan, and the environment of the account applies."""
    found = infra_of(tmp_path, estate(names="dev prod"))

    assert [*found] == ["account-dev", "account-prod"]
    assert subjects(found["account-prod"]) == (
        [f"{PREFIX}:pull_request", f"{PREFIX}:ref:refs/heads/main"],
        [f"{PREFIX}:environment:prod"],
    )
    assert subjects(found["account-dev"])[1] == [f"{PREFIX}:environment:dev"]
    prod = found["account-prod"]
    assert (prod.name, prod.terraform_role) == ("infra", ROLE)
    assert prod.state == TerraformState(bucket="acme-prod", key_prefix="team/")


@pytest.mark.parametrize(
    ("written", "hints"),
    [
        pytest.param("", {}, id="none"),
        pytest.param('[workflow]\nruns_on = "own"\n', {"runs_on": "own"}, id="of the estate"),
        pytest.param(
            '[infra.workflow]\nsetup = "make setup"\ndrift = "1 2 * * *"\n',
            {"drift": "1 2 * * *", "setup": "make setup"},
            id="its own",
        ),
    ],
)
def test_what_its_workflows_are_told(
    tmp_path: Path, written: str, hints: dict[str, object]
) -> None:
    """The settings of `[infra.workflow]` come with the role that plans."""
    (plan,) = infra_of(tmp_path, estate(more=written)).values()

    assert plan.workflow == hints


def test_none_without_the_table(tmp_path: Path) -> None:
    """Without `[infra]` no account has the roles."""
    assert infra_of(tmp_path, estate().partition("[infra]")[0]) == {}


def test_own_lists(tmp_path: Path) -> None:
    """Accounts, subjects and names are as the table says, with the account filled in."""
    table = (
        f'{OURS}accounts = ["prod"]\nname = "{{account}}-tf"\n'
        'plan = [{ branch = "next" }]\n'
        'apply = [{ environment = "deploy-{account}" }, { tag = "{account}-1" }]\n'
    )
    found = infra_of(tmp_path, estate(table, names="dev prod"))

    assert [*found] == ["account-prod"]
    assert found["account-prod"].name == "prod-tf"
    assert subjects(found["account-prod"]) == (
        [f"{PREFIX}:ref:refs/heads/next"],
        [f"{PREFIX}:environment:deploy-prod", f"{PREFIX}:ref:refs/tags/prod-1"],
    )


def test_a_key_of_the_states(tmp_path: Path) -> None:
    """The key that encrypts the states is the one that a plan may use."""
    state = f'key_prefix = "team/"\nkms_key = "{KEY}"\nrole_arn = "{ROLE}"'
    found = infra_of(tmp_path, estate(state=state))["account-prod"]

    assert found.state == TerraformState(bucket="acme-prod", key_prefix="team/", kms_key=KEY)


def test_the_roles_in_the_stack(tmp_path: Path) -> None:
    """The stack of the account has both roles, and gives out their ARNs."""
    account = (
        'assume_role = "ops/terraform"\n'
        f'permissions_boundary = "arn:aws:iam::{PROD}:policy/boundary"\ntags = {{ team = "ops" }}'
    )
    path = write(tmp_path, estate(account=account))
    stack = synth_file(path, tmp_path / "cdktf.out")["account-prod"]

    assert stack.policy("Infra/Apply/Policy")["Statement"] == [
        {
            "Sid": "AssumeTerraformRole",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": ROLE,
        }
    ]
    assert {one["permissions_boundary"] for one in stack.resources("aws_iam_role").values()} == {
        f"arn:aws:iam::{PROD}:policy/boundary"
    }
    assert stack.outputs == {
        "oidc_provider_arn": PROVIDER,
        "account_id": PROD,
        "plan_role_arn": f"arn:aws:iam::{PROD}:role/infra-plan",
        "apply_role_arn": f"arn:aws:iam::{PROD}:role/infra-apply",
        "region": "eu-central-1",
    }


def test_one_of_several_audiences(tmp_path: Path) -> None:
    """Both roles take tokens of the audience that the table names."""
    text = estate(f'{OURS}audience = "ours"\n', account=SEVERAL)
    stack = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")["account-prod"]

    for role in ("Plan", "Apply"):
        (trust,) = stack.trust_policy(f"Infra/{role}")["Statement"]
        assert "ours" in trust["Condition"]["StringEquals"].values()


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        pytest.param("", "infra: The OIDC provider takes several audiences", id="none"),
        pytest.param(
            'audience = "theirs"', "infra.audience: `audience` is one of those", id="another"
        ),
    ],
)
def test_no_audience_of_the_provider(tmp_path: Path, audience: str, said: str) -> None:
    """A role for every audience, or for one that the provider does not take, is refused."""
    text = estate(f"{OURS}{audience}\n", account=SEVERAL)
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(tmp_path, text), tmp_path / "cdktf.out")

    (line,) = caught.value.problems
    assert line.startswith(said)


def test_nothing_to_accept(tmp_path: Path) -> None:
    """The audit of the stacks has notes on both roles, and nothing to accept."""
    synth_file(write(tmp_path, estate(names="dev prod")), tmp_path / "cdktf.out")
    found = audit_estate(read_estate(tmp_path / "cdktf.out")).findings

    assert {(one.finding.rule, one.finding.severity) for one in found} == {
        ("assume-onwards", "note"),
        ("env-unprotected", "note"),
    }


def test_an_existing_provider(tmp_path: Path) -> None:
    """With a provider that is there, the roles trust it."""
    account = 'assume_role = "ops/terraform"\noidc_provider = "existing"'
    stacks = synth_file(write(tmp_path, estate(account=account)), tmp_path / "cdktf.out")

    (trust,) = stacks["account-prod"].trust_policy("Infra/Plan")["Statement"]
    assert trust["Principal"]["Federated"].startswith(f"arn:aws:iam::{PROD}:oidc-provider/")


def test_a_local_state(tmp_path: Path) -> None:
    """A state in a file, to try things out, asks for no permission."""
    text = estate().replace('type = "s3"\nbucket = "acme-prod"\nregion = "eu-west-1"\n', "")
    local = text.replace(f'key_prefix = "team/"\nrole_arn = "{ROLE}"', 'type = "local"')

    assert infra_of(tmp_path, local)["account-prod"].state is None


ENVIRONMENT = '[environments.prod]\naccount = "prod"\n'
MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no role": (
        {"account": "oidc_provider = 'create'"},
        ["accounts.prod.assume_role: The key `assume_role` is missing, which `[infra]` needs."],
    ),
    "a state of the caller": (
        {"state": 'key_prefix = "team/"'},
        [KEEPER],
    ),
    "a state of another role": (
        {"state": f'role_arn = "arn:aws:iam::{PROD}:role/state"'},
        [KEEPER],
    ),
    "all of the bucket": (
        {"state": f'key_prefix = ""\nrole_arn = "{ROLE}"'},
        ["states.prod.key_prefix: `key_prefix` says which of the bucket's states are meant."],
    ),
    "pull requests apply": (
        {"infra": f"{OURS}apply = [{{ pull_request = true }}]"},
        ["infra.apply: `apply` lets no pull request in."],
    ),
    "anything applies": (
        {"infra": f"{OURS}apply = [{{ anything = true }}]"},
        ["infra.apply: `apply` lets no pull request in."],
    ),
    "nobody plans": ({"infra": f"{OURS}plan = []"}, ["infra.plan: This list says nobody."]),
    "nobody applies": ({"infra": f"{OURS}apply = []"}, ["infra.apply: This list says nobody."]),
    "another placeholder": (
        {"infra": f'{OURS}apply = [{{ environment = "{{environment}}" }}]'},
        ["infra: In `[infra]`, a name holds `{account}` in braces, and nothing else."],
    ),
    "an open brace": (
        {"infra": f'{OURS}name = "infra-{{"'},
        ["infra.name: In `[infra]`, a name holds `{account}` in braces, and nothing else."],
    ),
    "an unknown account": (
        {"infra": f'{OURS}accounts = ["prd"]'},
        ["infra.accounts[0]: `[accounts]` has no table of this name."],
    ),
    "an id that a service has otherwise": (
        {"more": '[services.web]\nrepository = "infra"\nrepo_id = 5\n'},
        ["infra: "],
    ),
    "a repository of a subject with another id": (
        {"infra": f'{OURS}apply = [{{ tag = "v1", repository = "infra", repo_id = 5 }}]'},
        ["infra.apply[0]: "],
    ),
    "no account": ({"infra": f"{OURS}accounts = []"}, ["infra: `accounts` names at least one."]),
    "no repository": ({"infra": "repo_id = 4"}, ["infra.repository: The key is missing."]),
    "an unknown key": ({"infra": f"{OURS}acounts = []"}, ["infra.acounts: There is no such key."]),
    "one of two ids": (
        {"infra": 'repository = "other/infra"\nrepo_id = 4'},
        ["infra: Repository 'other/infra' has only one of `owner_id` and `repo_id`."],
    ),
    "a name that is too long": (
        {"infra": f'{OURS}name = "{"x" * 60}"'},
        ["infra.name: The name of a role has 1 to 64 letters, digits or `_+=,.@-`."],
    ),
    "the name of Terraform's role": (
        {"infra": f'{OURS}name = "tf"', "account": 'assume_role = "tf-apply"'},
        [
            KEEPER,
            TAKEN,
        ],
    ),
    "an environment with a role of its own": (
        {"more": f'{ENVIRONMENT}assume_role = "other"\n'},
        [OTHER_ROLE],
    ),
    "an environment with a state of its own": (
        {"more": f'{ENVIRONMENT}state = "other"\n[states.other]\ntype = "local"\n'},
        [OTHER_STATE],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(tmp_path: Path, name: str) -> None:
    """Each is said once, with the entry that it is about."""
    given, expected = MISTAKES[name]
    found = mistakes(tmp_path, estate(**given))

    assert len(found) == len(expected), found
    assert all(any(one.startswith(start) for one in found) for start in expected), found


def test_all_in_one_round(tmp_path: Path) -> None:
    """Mistakes in several tables are shown together, those of two accounts once."""
    table = f'{OURS}apply = [{{ pull_request = true }}]\nnam = "x"\n'
    text = estate(table, account="oidc_provider = 'create'", names="dev prod")
    found = mistakes(tmp_path, text)

    assert [line.partition(": ")[0] for line in found] == [
        "infra.nam",
        "accounts.dev.assume_role",
        "infra.apply",
        "accounts.prod.assume_role",
    ]


def test_wide_access(tmp_path: Path) -> None:
    """What the roles trust is refused by the rules of the audit, at this table."""
    table = f"{OURS}plan = [{{ anything = true }}]\n"
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(tmp_path, estate(table)), tmp_path / "cdktf.out")

    (line,) = caught.value.problems
    assert line.startswith("infra: Role 'infra-plan' is refused")
    assert 'accept = { "repo-wide" = "<reason>" }' in line
    accepted = f'{table}accept = {{ "repo-wide" = "for a week" }}\n'
    assert synth_file(write(tmp_path, estate(accepted)), tmp_path / "cdktf.out")
