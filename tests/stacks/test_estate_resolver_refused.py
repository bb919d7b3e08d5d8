"""What is said about a file that cannot be read, and about tables that do not fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, environment, mistakes, service, write

from deploy_access.errors import InvalidEnvironments
from stacks.environments_file import load_estate

if TYPE_CHECKING:
    from pathlib import Path


BETWEEN_TABLES = [
    pytest.param(
        HEAD.replace('owner = "acme"\n', "") + WEB + DEV,
        (
            "github.owner: The repository is named without its owner. Got 'web'. GitHub's "
            'tokens name both, and `[github]` names no owner. Add `owner = "..."` to '
            '`[github]`, or write "OWNER/web".'
        ),
        id="no owner",
    ),
    pytest.param(
        HEAD.replace("owner_id = 1\n", "") + WEB + DEV,
        (
            "github.owner_id: The key is missing, and subjects of repositories hold ids. "
            "Got ['web']. GitHub puts both ids into `sub` or neither, so no subject of them could "
            "match. Add what `gh api users/acme --jq .id` prints, or remove each `repo_id` and "
            "`subject_format`."
        ),
        id="one id",
    ),
    pytest.param(
        HEAD + '[services.web]\nrepository = "other/web"\nrepo_id = 2\n' + DEV,
        (
            "services.web: Repository 'other/web' has only one of `owner_id` and "
            "`repo_id`. Got {'owner_id': None, 'repo_id': 2}. GitHub puts both into `sub` "
            "or neither, so this subject could never match. Pass both (gh api "
            "repos/other/web --jq '.owner.id, .id'), or none."
        ),
        id="other owner's id",
    ),
    pytest.param(
        HEAD.replace('subjects = [{ branch = "main" }]', "") + WEB + DEV,
        (
            "environments.dev.subjects: No list says who may assume the role. "
            "Got []. Trust is never guessed, and a role without it could not be assumed. "
            'Add a list, for example `subjects = [{ branch = "main" }]`.'
        ),
        id="nobody",
    ),
    pytest.param(
        HEAD + WEB + DEV + "subjects = []",
        (
            "services.web.environments.dev.subjects: No list says who may assume the role. "
            "Got []. Trust is never guessed, and a role without it could not be assumed. "
            'Add a list, for example `subjects = [{ branch = "main" }]`.'
        ),
        id="empty list",
    ),
    pytest.param(
        HEAD.replace(
            '{ branch = "main" }', '{ branch = "main", repository = "other/ci", repo_id = 3 }'
        )
        + WEB
        + DEV
        + WEB.replace("web", "api").replace("= 2", "= 4")
        + DEV.replace("web", "api"),
        (
            "environments.dev.subjects: Repository 'other/ci' has only one of `owner_id` "
            "and `repo_id`. Got {'owner_id': None, 'repo_id': 3}. GitHub puts both into "
            "`sub` or neither, so this subject could never match. Pass both (gh api "
            "repos/other/ci --jq '.owner.id, .id'), or none."
        ),
        id="inherited subject without owner id",
    ),
    pytest.param(
        HEAD + WEB + 'include_claim_keys = ["repo"]\n' + DEV,
        (
            "environments.dev.subjects: The subject template of 'acme/web' does not say "
            "'context'. Got ('repo',). Every run of the repository has the same `sub`, so "
            "nothing narrower can be trusted. Add 'context' to the template on GitHub and "
            "here, or say `anything = true`."
        ),
        id="template",
    ),
    pytest.param(
        HEAD + WEB + 'ecs.cluster = "x"\n' + DEV,
        (
            "services.web.ecs: `services` and `task_roles` and `execution_role` are missing. "
            "Got ['cluster']. Without it the first deploy would be denied. Add it to the "
            "service's `ecs`, or to that of one environment."
        ),
        id="ecs key",
    ),
    pytest.param(
        HEAD + WEB + ECS.replace('execution_role = "ecsTaskExecutionRole"\n', "") + DEV,
        (
            "services.web.ecs: `execution_role` is missing. Got ['cluster', 'services', "
            "'task_roles']. Without it the first deploy would be denied. Add it to the "
            "service's `ecs`, or to that of one environment."
        ),
        id="one ecs key",
    ),
    pytest.param(
        HEAD + WEB + 'ecr.account = "prod"\n' + DEV,
        (
            "services.web.ecr.subjects: No list says who may assume the role. Got []. "
            "Trust is never guessed, and a role without it could not be assumed. Add a "
            'list, for example `subjects = [{ branch = "main" }]`.'
        ),
        id="no push subjects",
    ),
    pytest.param(
        HEAD + WEB + 'ecr.subjects = [{ branch = "main" }]\n' + DEV,
        (
            "services.web.ecr: `ecr.subjects` is about a shared repository. Got "
            "'subjects'. Without `ecr.account` each environment's own role pushes to its "
            "repository. Add `account`, or move `subjects` to an environment."
        ),
        id="push subjects without account",
    ),
    pytest.param(
        HEAD + WEB + 'ecr.accept = { repo-wide = "x" }\n' + DEV,
        (
            "services.web.ecr: `ecr.accept` is about a shared repository. Got 'accept'. "
            "Without `ecr.account` each environment's own role pushes to its repository. "
            "Add `account`, or move `accept` to an environment."
        ),
        id="accept without account",
    ),
    pytest.param(
        HEAD + WEB + SHARED + DEV + 'ecr.name = "x"',
        (
            "services.web.ecr: The repository is shared, and environments change its "
            "settings. Got ['dev']. It is made once, in `ecr.account`, before any of them. "
            "Move the settings to the service's own `ecr`, or remove `ecr.account`."
        ),
        id="shared overridden",
    ),
    pytest.param(
        HEAD + WEB + SHARED + 'ecr.name = "web-{environment}"\n' + DEV,
        (
            "services.web.ecr: The name of a shared repository holds `{environment}`. Got "
            "'web-{environment}'. It is made once, for all environments. Leave it out of "
            "the name, or remove `ecr.account`."
        ),
        id="shared name",
    ),
    pytest.param(
        HEAD.replace("owner_id = 1\n", 'owner_id = 1\nissuer = "http://example.com"\n'),
        (
            "github.issuer: The issuer is an `https://` URL of at most 255 characters, "
            "without port, query and a slash at the end. Got 'http://example.com'. IAM "
            "refuses it, or compares it with `iss` letter by letter and never matches. "
            "Copy `issuer` from its `/.well-known/openid-configuration`."
        ),
        id="issuer",
    ),
]

SAME_STACK = [
    pytest.param(
        HEAD + environment("nonprod") + service("account", "nonprod"),
        (
            "services.account.environments.nonprod: The stack of this entry has the same "
            "name as that of `accounts.nonprod`. Got 'account-nonprod'. Both would share "
            "one state, and each apply would undo the other. Rename one of the two."
        ),
        id="account collision",
    ),
    pytest.param(
        HEAD + environment("eu-dev") + service("web", "eu-dev") + service("web-eu", "dev"),
        (
            "services.web-eu.environments.dev: The stack of this entry has the same name "
            "as that of `services.web.environments.eu-dev`. Got 'web-eu-dev'. Both would "
            "share one state, and each apply would undo the other. Rename one of the two."
        ),
        id="service collision",
    ),
    pytest.param(
        HEAD + environment("images") + WEB + SHARED + "[services.web.environments.images]",
        (
            "services.web.environments.images: The stack of this entry has the same name "
            "as that of `services.web.ecr`. Got 'web-images'. Both would share one state, "
            "and each apply would undo the other. Rename one of the two."
        ),
        id="images collision",
    ),
    pytest.param(
        HEAD + service("web", "dev") + service("Web", "dev") + 'ecr.name = "other"\n',
        (
            "services.Web.environments.dev: The stack of this entry has the same name as "
            "that of `services.web.environments.dev`. Got 'Web-dev'. Both would share one "
            "state, and each apply would undo the other. Rename one of the two."
        ),
        id="case collision",
    ),
]

IMAGES = [
    pytest.param(
        HEAD.replace("[environments.dev]\n", "[environments.dev]\nproduction = true\n")
        + WEB
        + "ecr.force_delete = true\n"
        + DEV
        + "[services.web.environments.prod]",
        (
            "services.web.ecr: `ecr.force_delete` is set where `production` protects the images. "
            "Got ['dev']. One deletes the images with the repository, the other forbids that it "
            "goes. Remove `force_delete`, or set it in the environments that may lose their images."
        ),
        id="deletion in production",
    ),
    pytest.param(
        HEAD.replace("[environments.dev]\n", "[environments.dev]\nproduction = true\n")
        + WEB
        + SHARED
        + "ecr.force_delete = true\n"
        + DEV
        + "[services.web.environments.prod]",
        (
            "services.web.ecr: `ecr.force_delete` is set where `production` protects the images. "
            "Got ['dev']. One deletes the images with the repository, the other forbids that it "
            "goes. Remove `force_delete`, or set it in the environments that may lose their images."
        ),
        id="deletion of what production shares",
    ),
    pytest.param(
        HEAD
        + WEB
        + 'ecr.tag_exclusions = ["buildcache*"]\n'
        + DEV
        + 'ecr.tag_mutability = "mutable"',
        (
            "services.web.ecr: An environment turns `ecr.tag_mutability` round and inherits "
            "`tag_exclusions`. Got ['buildcache*']. Tags that could move elsewhere would be the "
            "only ones that cannot, or the other way round. Write `tag_exclusions` beside that "
            "`tag_mutability`; `[]` excludes none."
        ),
        id="exclusions of the opposite",
    ),
]

SCHEMA = [
    pytest.param(
        "schema = 2\nnew = true",
        (
            "schema: The file is written for a later release. Got 2. This release reads "
            "schema 1 and would misread what came after it. Update it: `pip install "
            "--upgrade deploy-access`, or in a clone `git pull` and `make setup`."
        ),
        id="later schema",
    ),
    pytest.param(
        HEAD.replace("schema = 1", ""),
        (
            "schema: The key is missing. It says how to read this file. Add it, for "
            "example `schema = 1`."
        ),
        id="no schema",
    ),
    pytest.param(
        HEAD.replace("schema = 1", 'schema = "1"'),
        "schema: `schema` is `1`. Got '1'. Nothing else has a meaning here. Write `1`.",
        id="text schema",
    ),
    pytest.param(
        HEAD.replace("schema = 1", "schema = 0"),
        "schema: `schema` is `1`. Got 0. Nothing else has a meaning here. Write `1`.",
        id="old schema",
    ),
]


@pytest.mark.parametrize(("text", "mistake"), BETWEEN_TABLES)
def test_tables_that_do_not_fit(tmp_path: Path, text: str, mistake: str) -> None:
    """Tables that are right by themselves are refused with one line when they do not fit."""
    assert mistakes(tmp_path, text) == (mistake,)


@pytest.mark.parametrize(("text", "mistake"), SAME_STACK)
def test_two_entries_of_one_stack(tmp_path: Path, text: str, mistake: str) -> None:
    """Entries whose stacks would have one name are refused, and both are named."""
    assert mistakes(tmp_path, text) == (mistake,)


@pytest.mark.parametrize(("text", "mistake"), IMAGES)
def test_images_that_contradict(tmp_path: Path, text: str, mistake: str) -> None:
    """Settings of a repository that contradict each other are refused with one line."""
    assert mistakes(tmp_path, text) == (mistake,)


@pytest.mark.parametrize(("text", "mistake"), SCHEMA)
def test_schema(tmp_path: Path, text: str, mistake: str) -> None:
    """A file of another schema is refused before anything else in it is judged."""
    assert mistakes(tmp_path, text) == (mistake,)


def test_nothing_to_choose_from(tmp_path: Path) -> None:
    """A name that points into an empty table says so."""
    text = HEAD.replace('[states.main]\ntype = "local"\n', "")

    assert mistakes(tmp_path, text)[0] == (
        "states.main: The table is missing, and several entries name it. Got "
        "['accounts.nonprod.state', 'accounts.prod.state']. What is meant would be a guess. "
        "There is none yet: add it."
    )


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """One run shows every mistake, each in a line that begins with its entry."""
    text = (
        HEAD.replace('account = "prod"', 'account = "prd"')
        + "[servces]\n"
        + WEB
        + "[services.web.environments.stg]"
    )
    entries = [line.partition(": ")[0] for line in mistakes(tmp_path, text)]

    assert entries == ["environments.prod.account", "services.web.environments.stg", "servces"]


def test_all_misfits_at_once(tmp_path: Path) -> None:
    """Mistakes between tables come together as well."""
    text = HEAD + WEB + 'ecs.cluster = "x"\n' + DEV + "subjects = []\n"
    entries = [line.partition(": ")[0] for line in mistakes(tmp_path, text)]

    assert entries == [
        "services.web.ecs",
        "services.web.environments.dev.subjects",
    ]


def test_message_names_the_file(tmp_path: Path) -> None:
    """The whole message begins with the file, and has a line for each mistake."""
    with pytest.raises(InvalidEnvironments) as caught:
        load_estate(write(tmp_path, HEAD + "[nonsense]"))

    assert str(caught.value) == (
        "environments.toml cannot be used:\n"
        "  nonsense: There is no such key. Got {}. What nobody reads would look as if it worked. "
        "Known here: accounts, environments, github, infra, schema, services, states, workflow."
    )


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is one line, without a traceback."""
    path = tmp_path / "environments.toml"
    with pytest.raises(InvalidEnvironments) as caught:
        load_estate(path)

    assert caught.value.problems[0] == (
        "It cannot be read: No such file or directory. Every stack is described in it. "
        f"Create {path}."
    )


def test_no_toml(tmp_path: Path) -> None:
    """A mistake in TOML's grammar says where it is."""
    assert mistakes(tmp_path, "schema = 1\n[github\n")[0] == (
        "It is not TOML: Expected ']' at the end of a table declaration (at line 2, column 8). "
        "Nothing in it can be read until that is corrected."
    )


def test_no_utf8(tmp_path: Path) -> None:
    """A file in another encoding says where that shows."""
    path = write(tmp_path, HEAD)
    path.write_bytes("# für".encode("latin-1"))
    with pytest.raises(InvalidEnvironments) as caught:
        load_estate(path)

    assert caught.value.problems[0] == (
        "It is not UTF-8, as TOML has to be: invalid start byte at byte 3. Save it as UTF-8."
    )
