"""What `environments.toml` means: each default and each override, as the stacks will see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from estate_files import ECS, HEAD, WEB, load

from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from stacks.environments_file import load_estate
from stacks.environments_model import EnvironmentsModel
from stacks.part_plans import (
    CodeDeployPlan,
    EcsPlan,
    RepositoryPlan,
    RolePlan,
    S3State,
    SharedRepository,
    Target,
)

if TYPE_CHECKING:
    from deploy_access.github.subject import Subject
    from stacks.estate_plan import ServicePlan

ROOT = Path(__file__).parents[2]
WEB_REPO = GithubRepo("acme/web", owner_id=1, repo_id=2)
BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def service(folder: Path, text: str, *, stack: str = "web-dev") -> ServicePlan:
    """Load a file that begins with the common head, and return one of its services' stacks."""
    estate = load(folder, HEAD + text)
    return next(settings for settings in estate.services if settings.stack == stack)


def test_example_is_valid() -> None:
    """The file in this repository loads, with the stacks that its comments describe."""
    estate = load_estate(ROOT / "environments.toml")

    assert [
        settings.stack for settings in (*estate.accounts, *estate.images, *estate.services)
    ] == [
        "account-nonprod",
        "account-prod",
        "web-images",
        "web-dev",
        "web-stg",
        "web-prod",
        "billing-dev",
        "billing-stg",
        "billing-prod",
        "orders-dev",
        "orders-prod",
        "basket-dev",
        "basket-prod",
        "reports-dev",
    ]


def test_least_service(tmp_path: Path) -> None:
    """A repository and the table of an environment are enough: all else has a default."""
    settings = service(tmp_path, WEB + "[services.web.environments.dev]")

    assert settings.target == Target(
        account_stack="account-nonprod",
        account="111122223333",
        region="eu-central-1",
        assume_role=None,
        state=None,
        tags={},
    )
    assert settings.role == RolePlan(
        name="web-dev-deploy",
        subjects=(WEB_REPO.branch("main"),),
        trusted_roles=(),
        trusted_users=(),
        audience=None,
        audiences=None,
        accept={},
        max_session_duration=3600,
        permissions_boundary=None,
        managed_policies=(),
        trust_policy_quota=2048,
        managed_policies_quota=20,
    )
    assert settings.repository == RepositoryPlan(
        name="web-dev",
        mutable_tags=False,
        tag_exclusions=(),
        kms_key=None,
        pull_accounts=(),
        scan_on_push=True,
        force_delete=False,
        prevent_destroy=False,
        push_cache=False,
        push_policy_name=None,
    )
    assert settings.ecs is None
    assert settings.issuer.url == "https://token.actions.githubusercontent.com"


def test_environment_overrides_its_account(tmp_path: Path) -> None:
    """An environment has its own region, state and role where it says so, and adds tags."""
    text = """
[states.elsewhere]
type = "s3"
bucket = "acme-state"
region = "eu-west-1"
kms_key = "arn:aws:kms:eu-west-1:999900001111:key/state"
role_arn = "arn:aws:iam::999900001111:role/state"

[accounts.other]
id = "777788889999"
region = "eu-central-1"
assume_role = "terraform"
state = "main"
tags = { owner = "platform", tier = "none" }

[environments.eu]
account = "other"
subjects = [{ branch = "main" }]
region = "eu-west-1"
state = "elsewhere"
assume_role = "arn:aws:iam::777788889999:role/other"
tags = { tier = "low" }
"""
    settings = service(tmp_path, text + WEB + "[services.web.environments.eu]", stack="web-eu")

    assert settings.target == Target(
        account_stack="account-other",
        account="777788889999",
        region="eu-west-1",
        assume_role="arn:aws:iam::777788889999:role/other",
        state=S3State(
            bucket="acme-state",
            region="eu-west-1",
            key_prefix="deploy-access/",
            kms_key="arn:aws:kms:eu-west-1:999900001111:key/state",
            role_arn="arn:aws:iam::999900001111:role/state",
        ),
        tags={"owner": "platform", "tier": "low"},
    )


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        pytest.param("eu-west-1", "arn:aws:iam::777788889999:role/ops/terraform", id="aws"),
        pytest.param("cn-north-1", "arn:aws-cn:iam::777788889999:role/ops/terraform", id="china"),
    ],
)
def test_role_of_terraform_by_name(tmp_path: Path, region: str, arn: str) -> None:
    """A role without an ARN is one of the account, in the partition of the region."""
    text = f"""
[accounts.other]
id = "777788889999"
region = "{region}"
assume_role = "ops/terraform"
state = "main"
"""
    estate = load(tmp_path, HEAD + text)

    assert estate.accounts[2].target.assume_role == arn


def test_quotas_of_an_account(tmp_path: Path) -> None:
    """Quotas that AWS raised for an account are those of every role there, and of no other."""
    quotas = "trust_policy_quota = 4096\nmanaged_policies_quota = 25\n"
    head = HEAD.replace("[accounts.nonprod]\n", f"[accounts.nonprod]\n{quotas}")
    push = 'ecr = { account = "nonprod", subjects = [{ branch = "main" }] }\n'
    deployed = "[services.web.environments.dev]\n[services.web.environments.prod]"
    estate = load(tmp_path, head + WEB + push + deployed)
    roles = [settings.role for settings in (*estate.images, *estate.services)]

    assert {
        role.name: (role.trust_policy_quota, role.managed_policies_quota) for role in roles
    } == {
        "web-images-push": (4096, 25),
        "web-dev-deploy": (4096, 25),
        "web-prod-deploy": (2048, 20),
    }


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("a/b/", "a/b/", id="two folders"),
    ],
)
def test_key_prefix(tmp_path: Path, written: str, prefix: str) -> None:
    """A state's key begins with any prefix that ends in a slash, or with none."""
    s3 = f'type = "s3"\nbucket = "acme.state-1"\nregion = "eu-west-1"\nkey_prefix = "{written}"'
    state = load(tmp_path, HEAD.replace('type = "local"', s3)).accounts[0].target.state

    assert state is not None
    assert state.key_prefix == prefix


@pytest.mark.parametrize(
    ("entry", "subject"),
    [
        ('{ branch = "main" }', WEB_REPO.branch("main")),
        ('{ branch_pattern = "release/*" }', WEB_REPO.branch_pattern("release/*")),
        ('{ tag = "v1" }', WEB_REPO.tag("v1")),
        ('{ tag_pattern = "v*" }', WEB_REPO.tag_pattern("v*")),
        ('{ environment = "dev" }', WEB_REPO.environment("dev")),
        ("{ pull_request = true }", WEB_REPO.pull_request()),
        ("{ any_branch = true }", WEB_REPO.any_branch()),
        ("{ any_tag = true }", WEB_REPO.any_tag()),
        ("{ any_environment = true }", WEB_REPO.any_environment()),
        ("{ any_ref = true }", WEB_REPO.any_ref()),
        ("{ any_repository = true }", GithubOwner("acme", owner_id=1).any_repo()),
        ("{ anything = true }", WEB_REPO.anything()),
        (
            '{ environment = "dev", requiring = { ref = "refs/heads/main" } }',
            WEB_REPO.environment("dev").requiring(ref="refs/heads/main"),
        ),
        (
            '{ branch = "main", repository = "shared", repo_id = 3 }',
            GithubRepo("acme/shared", owner_id=1, repo_id=3).branch("main"),
        ),
        (
            '{ branch = "main", repository = "other/ci", owner_id = 8, repo_id = 9 }',
            GithubRepo("other/ci", owner_id=8, repo_id=9).branch("main"),
        ),
        (
            '{ branch = "main", repository = "old", subject_format = "legacy" }',
            GithubRepo("acme/old", subject_format="legacy").branch("main"),
        ),
    ],
)
def test_subject(tmp_path: Path, entry: str, subject: Subject) -> None:
    """Each key of an entry is the method of `GithubRepo` with that name."""
    settings = service(tmp_path, f"{WEB}[services.web.environments.dev]\nsubjects = [{entry}]")

    assert settings.role.subjects == (subject,)


@pytest.mark.parametrize(
    ("service_keys", "repository"),
    [
        pytest.param(
            'repository = "acme/web"\nrepo_id = 2', WEB_REPO, id="owner written out, ids from there"
        ),
        pytest.param(
            'repository = "other/web"\nowner_id = 8\nrepo_id = 2',
            GithubRepo("other/web", owner_id=8, repo_id=2),
            id="another owner",
        ),
        pytest.param(
            'repository = "web"\nsubject_format = "legacy"',
            GithubRepo("acme/web", subject_format="legacy"),
            id="no ids",
        ),
        pytest.param(
            'repository = "web"\nrepo_id = 2\nsubject_format = "both"',
            GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="both"),
            id="migrating",
        ),
        pytest.param(
            'repository = "web"\nrepo_id = 2\nformer_names = ["acme/old"]',
            GithubRepo("acme/web", owner_id=1, repo_id=2, former_names=("acme/old",)),
            id="renamed",
        ),
        pytest.param(
            'repository = "web"\nrepo_id = 2\ninclude_claim_keys = ["repository", "context"]',
            GithubRepo(
                "acme/web", owner_id=1, repo_id=2, include_claim_keys=("repository", "context")
            ),
            id="a template of its own",
        ),
    ],
)
def test_repository_on_github(tmp_path: Path, service_keys: str, repository: GithubRepo) -> None:
    """What a service leaves out about its repository comes from `[github]`."""
    settings = service(tmp_path, f"[services.web]\n{service_keys}\n[services.web.environments.dev]")

    assert settings.role.subjects == (repository.branch("main"),)


def test_subject_format_of_the_estate(tmp_path: Path) -> None:
    """A format in `[github]` is that of every repository that does not say its own."""
    head = HEAD.replace("owner_id = 1\n", 'owner_id = 1\nsubject_format = "both"\n')
    settings = load(tmp_path, head + WEB + "[services.web.environments.dev]").services[0]

    both = GithubRepo("acme/web", owner_id=1, repo_id=2, subject_format="both")
    assert settings.role.subjects == (both.branch("main"),)


def test_issuer_of_the_estate(tmp_path: Path) -> None:
    """An enterprise's own issuer is that of every account and role."""
    url = "https://token.actions.githubusercontent.com/acme"
    head = HEAD.replace("owner_id = 1\n", f'owner_id = 1\nissuer = "{url}"\n')
    estate = load(tmp_path, head + WEB + "[services.web.environments.dev]")

    assert {settings.issuer.url for settings in (*estate.accounts, *estate.services)} == {url}


def test_subjects_replace(tmp_path: Path) -> None:
    """A service's own list is the whole list: nothing of the environment's stays."""
    text = '[services.web.environments.dev]\nsubjects = [{ tag = "v1" }, { tag = "v2" }]'
    settings = service(tmp_path, WEB + text)

    assert settings.role.subjects == (WEB_REPO.tag("v1"), WEB_REPO.tag("v2"))


def test_acceptance_belongs_to_its_list(tmp_path: Path) -> None:
    """What was accepted for a list that is replaced is not accepted for the new one."""
    head = HEAD.replace(
        'account = "nonprod"\n', 'account = "nonprod"\naccept = { repo-wide = "a" }\n'
    )
    text = """
[services.web.environments.dev]
accept = { branch-glob = "b" }

[services.api]
repository = "api"
repo_id = 3
[services.api.environments.dev]
accept = { branch-glob = "b" }
subjects = [{ branch = "main" }]
"""
    web, api = load(tmp_path, head + WEB + text).services

    assert web.role.accept == {"repo-wide": "a", "branch-glob": "b"}
    assert api.role.accept == {"branch-glob": "b"}


def test_acceptance_of_policies_belongs_to_their_list(tmp_path: Path) -> None:
    """What was accepted of policies goes with them, and what was accepted of subjects does not."""
    head = HEAD.replace(
        'account = "nonprod"\n',
        'account = "nonprod"\n'
        f'managed_policies = ["{READ_ONLY}"]\n'
        'accept = { repo-wide = "environment", full-access-policy = "environment" }\n',
    )
    text = f"""
managed_policies = ["{READ_ONLY}"]
accept = {{ repo-wide = "service", full-access-policy = "service" }}
[services.web.environments.dev]

[services.api]
repository = "api"
repo_id = 3
[services.api.environments.dev]
subjects = [{{ branch = "main" }}]
"""
    web, api = load(tmp_path, head + WEB + text).services

    assert web.role.accept == {"repo-wide": "environment", "full-access-policy": "service"}
    assert api.role.accept == {"full-access-policy": "environment"}


@pytest.mark.parametrize(
    ("account", "environment", "of_service", "here", "expected"),
    [
        pytest.param("a", "", "", "", "a", id="account"),
        pytest.param("a", "e", "", "", "e", id="environment"),
        pytest.param("a", "e", "s", "", "s", id="service"),
        pytest.param("a", "e", "s", "h", "h", id="service and environment"),
    ],
)
def test_nearest_boundary(  # noqa: PLR0917
    tmp_path: Path, account: str, environment: str, of_service: str, here: str, expected: str
) -> None:
    """A role's permissions boundary is what the nearest table says."""
    arn = "arn:aws:iam::111122223333:policy/"
    account, environment, of_service, here = (
        f'permissions_boundary = "{arn}{name}"' if name else ""
        for name in (account, environment, of_service, here)
    )
    text = f"""
[accounts.other]
id = "777788889999"
region = "eu-central-1"
state = "main"
{account}
[environments.eu]
account = "other"
subjects = [{{ branch = "main" }}]
{environment}
[services.web]
repository = "web"
repo_id = 2
{of_service}
[services.web.environments.eu]
{here}
"""
    assert service(tmp_path, text, stack="web-eu").role.permissions_boundary == arn + expected


def test_role_settings(tmp_path: Path) -> None:
    """A service's roles get the duration and the policies that it asks for."""
    text = f"""{WEB}
max_session_duration = 7200
managed_policies = ["{READ_ONLY}"]
[services.web.environments.dev]
[services.web.environments.prod]
max_session_duration = 3600
managed_policies = []
"""
    dev, prod = load(tmp_path, HEAD + text).services

    assert (dev.role.max_session_duration, dev.role.managed_policies) == (7200, (READ_ONLY,))
    assert (prod.role.max_session_duration, prod.role.managed_policies) == (3600, ())


def test_repository_for_each_environment(tmp_path: Path) -> None:
    """Settings of repositories merge key by key, and names are filled in."""
    text = f"""{WEB}
[services.web.ecr]
name = "team/{{service}}-{{environment}}"
kms_key = "arn:aws:kms:eu-central-1:111122223333:key/1"
pull_accounts = ["prod", "999900001111", "nonprod"]
tag_exclusions = ["buildcache*"]
scan_on_push = false
push_cache = true
[services.web.environments.dev]
ecr = {{ tag_mutability = "mutable", tag_exclusions = ["v*"], force_delete = true }}
"""
    assert service(tmp_path, text).repository == RepositoryPlan(
        name="team/web-dev",
        mutable_tags=True,
        tag_exclusions=("v*",),
        kms_key="arn:aws:kms:eu-central-1:111122223333:key/1",
        pull_accounts=("444455556666", "999900001111"),
        scan_on_push=False,
        force_delete=True,
        prevent_destroy=False,
        push_cache=True,
        push_policy_name=None,
    )


def test_production_protects_its_repository(tmp_path: Path) -> None:
    """The repository of a production environment is protected, and no other."""
    head = HEAD.replace('account = "prod"\n', 'account = "prod"\nproduction = true\n')
    text = f"{WEB}[services.web.environments.dev]\n[services.web.environments.prod]"
    dev, prod = (settings.repository for settings in load(tmp_path, head + text).services)

    assert isinstance(dev, RepositoryPlan)
    assert isinstance(prod, RepositoryPlan)
    assert (dev.prevent_destroy, prod.prevent_destroy) == (False, True)


SHARED = f"""{WEB}
[services.web.ecr]
account = "tools"
subjects = [{{ branch = "main" }}]
accept = {{ repo-wide = "pilot" }}
[services.web.environments.dev]
[services.web.environments.prod]

[accounts.tools]
id = "777788889999"
region = "eu-west-1"
state = "main"
permissions_boundary = "{BOUNDARY}"
"""


def test_shared_repository_is_made_once(tmp_path: Path) -> None:
    """With an account, the repository has a stack there, which all environments may pull from."""
    head = HEAD.replace('account = "prod"\n', 'account = "prod"\nproduction = true\n')
    (settings,) = load(tmp_path, head + SHARED).images

    assert settings.stack == "web-images"
    assert (settings.target.account, settings.target.region) == ("777788889999", "eu-west-1")
    assert settings.repository == RepositoryPlan(
        name="web",
        mutable_tags=False,
        tag_exclusions=(),
        kms_key=None,
        pull_accounts=("111122223333", "444455556666"),
        scan_on_push=True,
        force_delete=False,
        prevent_destroy=True,
        push_cache=False,
        push_policy_name=None,
    )


def test_shared_repository_has_a_push_role(tmp_path: Path) -> None:
    """Only that role pushes; it gets the account's boundary, and nothing of the deploy roles."""
    text = SHARED.replace(
        "[services.web.ecr]", f'managed_policies = ["{READ_ONLY}"]\n[services.web.ecr]'
    )
    (settings,) = load(tmp_path, HEAD + text).images

    assert settings.role == RolePlan(
        name="web-images-push",
        subjects=(WEB_REPO.branch("main"),),
        trusted_roles=(),
        trusted_users=(),
        audience=None,
        audiences=None,
        accept={"repo-wide": "pilot"},
        max_session_duration=3600,
        permissions_boundary=BOUNDARY,
        managed_policies=(),
        trust_policy_quota=2048,
        managed_policies_quota=20,
    )


def test_shared_repository_is_seen_from_services(tmp_path: Path) -> None:
    """A service's stacks know where the images are, and which stack makes the repository."""
    assert service(tmp_path, SHARED).repository == SharedRepository(
        name="web", account="777788889999", region="eu-west-1"
    )


def test_ecs_merges(tmp_path: Path) -> None:
    """An environment changes single keys of `ecs`, and every name is filled in."""
    text = f"""{WEB}{ECS}
[services.web.environments.dev]
[services.web.environments.dev.ecs]
cluster = "blue"
families = ["{{service}}-{{environment}}"]
read_task_definition = true
one_off_tasks = ["{{service}}-migrate"]
codedeploy = {{ application = "{{service}}", deployment_group = "{{environment}}" }}
tag_on_create = true
also = ["list-tasks"]
"""
    assert service(tmp_path, text).ecs == EcsPlan(
        cluster="blue",
        services=("web",),
        families=("web-dev",),
        task_roles=("web-dev-task",),
        execution_role="ecsTaskExecutionRole",
        read_task_definition=True,
        one_off_tasks=("web-migrate",),
        codedeploy=CodeDeployPlan(
            application="web", deployment_group="dev", deployment_config=None
        ),
        tag_on_create=True,
        also=("list-tasks",),
        policy_name=None,
    )


def test_ecs_of_one_environment(tmp_path: Path) -> None:
    """A service without `ecs` may have it in one environment alone."""
    text = (
        f"{WEB}[services.web.environments.dev]\n[services.web.environments.prod]\n"
        + ECS.replace("web.ecs", "web.environments.prod.ecs")
    )
    dev, prod = load(tmp_path, HEAD + text).services

    assert dev.ecs is None
    assert prod.ecs == EcsPlan(
        cluster="prod",
        services=("web",),
        families=None,
        task_roles=("web-prod-task",),
        execution_role="ecsTaskExecutionRole",
        read_task_definition=False,
        one_off_tasks=(),
        codedeploy=None,
        tag_on_create=None,
        also=(),
        policy_name=None,
    )


def test_model_is_strict_and_frozen() -> None:
    """No table converts values, takes unknown keys, or changes later."""
    assert EnvironmentsModel.model_config == {"strict": True, "frozen": True, "extra": "forbid"}
