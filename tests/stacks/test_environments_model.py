"""What is said about a mistake in one table: the entry, the value, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, WEB, mistakes
from pydantic import BaseModel, Field, ValidationError

from stacks.validation_message import describe

if TYPE_CHECKING:
    from pathlib import Path


IN_A_TABLE = [
    pytest.param(
        """
[services.web]
repositry = "web"
repository = "web"
""",
        (
            "services.web.repositry: There is no such key. Got 'web'. What nobody reads "
            "would look as if it worked. Did you mean 'repository'?"
        ),
        id="unknown key with a near one",
    ),
    pytest.param(
        "[nonsense]",
        (
            "nonsense: There is no such key. Got {}. What nobody reads would look as if it worked. "
            "Known here: accounts, environments, github, infra, schema, services, states, workflow."
        ),
        id="unknown key with none near",
    ),
    pytest.param(
        """
[states.x]
type = "local"
bucket = "b"
""",
        (
            "states.x.bucket: There is no such key. Got 'b'. What nobody reads would look "
            "as if it worked. Known here: type."
        ),
        id="unknown key in a state",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "eu-west-1"
""",
        (
            "accounts.x.state: The key is missing. It names the `[states]` table that says "
            'where Terraform keeps its state. Add it, for example `state = "main"`.'
        ),
        id="missing key",
    ),
    pytest.param(
        """
[services.web]
repository = "web"
repo_id = "2"
""",
        (
            "services.web.repo_id: This takes a whole number. Got '2'. What was meant "
            "instead would be a guess. Write it like `42`."
        ),
        id="text for a number",
    ),
    pytest.param(
        """
[services.web]
repository = 2
""",
        (
            "services.web.repository: This takes text in quotes. Got 2. What was meant "
            'instead would be a guess. Write it like `"text"`.'
        ),
        id="number for a text",
    ),
    pytest.param(
        """
[accounts.x]
id = 12345678901
region = "eu-west-1"
state = "main"
""",
        (
            "accounts.x.id: An account id is text. Got 12345678901. A number would lose "
            'its leading zeros. Write "012345678901", in quotes.'
        ),
        id="number for an id",
    ),
    pytest.param(
        """
[accounts.x]
id = "1234"
region = "eu-west-1"
state = "main"
""",
        (
            "accounts.x.id: An AWS account id has twelve digits. Got '1234'. An ARN with "
            "any other text names nothing. Write it as text, leading zeros included, for "
            "example '012345678901'."
        ),
        id="short id",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "eu-west"
state = "main"
""",
        (
            "accounts.x.region: A region lies in one of AWS's partitions. Got 'eu-west'. "
            "ARNs begin with the partition (aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, "
            "aws-iso-e, aws-iso-f, aws-us-gov). Use the region's code, for example "
            "'eu-central-1'."
        ),
        id="no region",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "eu-west-1"
state = "main"
oidc_provider = "exists"
""",
        (
            "accounts.x.oidc_provider: `oidc_provider` is `create` or `existing`. Got "
            "'exists'. Nothing else has a meaning here. Did you mean 'existing'?"
        ),
        id="no choice",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "eu-west-1"
state = "main"
oidc_provider = 1
""",
        (
            "accounts.x.oidc_provider: `oidc_provider` is `create` or `existing`. Got 1. "
            "Nothing else has a meaning here. Write `create` or `existing`."
        ),
        id="a number for a choice",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "eu-west-1"
state = "mian"
""",
        (
            "accounts.x.state: `[states]` has no table of this name. Got 'mian'. What is "
            "meant would be a guess. Did you mean 'main'?"
        ),
        id="unknown state",
    ),
    pytest.param(
        """
[states.x]
type = "S3"
""",
        (
            "states.x.type: `type` is `s3` or `local`. Got 'S3'. Nothing else has a "
            "meaning here. Did you mean 's3'?"
        ),
        id="type of state",
    ),
    pytest.param(
        """
[states.x]
bucket = "b"
""",
        (
            "states.x.type: The key `type` is missing. It says where Terraform keeps its "
            'state. Add `type = "s3"` or `type = "local"`.'
        ),
        id="no type of state",
    ),
    pytest.param(
        """
[states.x]
type = "s3"
region = "eu-west-1"
""",
        (
            "states.x.bucket: The key is missing. It is the bucket that holds Terraform's "
            'state. Add it, for example `bucket = "acme-terraform-state"`.'
        ),
        id="state without bucket",
    ),
    pytest.param(
        """
[environments.x]
account = "nonprd"
""",
        (
            "environments.x.account: `[accounts]` has no table of this name. Got 'nonprd'. "
            "What is meant would be a guess. Did you mean 'nonprod'?"
        ),
        id="unknown account",
    ),
    pytest.param(
        """
[environments.x]
account = "prod"
production = "yes"
""",
        (
            "environments.x.production: This takes `true` or `false`, without quotes. Got "
            "'yes'. What was meant instead would be a guess. Write it like `true`."
        ),
        id="text for a switch",
    ),
    pytest.param(
        """
[environments.x]
account = "prod"
tags = { "aws:x" = "y" }
""",
        (
            "environments.x.tags: A tag has a key of 1 to 128 and a value of up to 256 "
            "characters: letters, digits, spaces and `_ . : / = + - @`; the key does not "
            "begin with `aws:`. Got {'aws:x': 'y'}. AWS refuses any other at apply. Rename "
            "the tag."
        ),
        id="tag",
    ),
    pytest.param(
        """
[environments.x]
account = "prod"
max_session_duration = 60
""",
        (
            "environments.x.max_session_duration: `max_session_duration` is 3600 to 43200 "
            "seconds. Got 60. IAM takes one hour to twelve; a session may be shorter than "
            "the role's maximum. Leave it out for one hour; ask for less in the workflow."
        ),
        id="duration",
    ),
    pytest.param(
        """
[environments.x]
account = "prod"
permissions_boundary = "boundary"
""",
        (
            "environments.x.permissions_boundary: `permissions_boundary` takes the ARN of "
            "a managed policy. Got 'boundary'. IAM refuses any other text at apply, and any "
            "other ARN attaches nothing. For example "
            "'arn:aws:iam::aws:policy/ReadOnlyAccess'."
        ),
        id="boundary",
    ),
    pytest.param(
        WEB + 'managed_policies = ["Read only"]',
        (
            "services.web.managed_policies[0]: `managed_policies` takes the ARN of a "
            "managed policy. Got 'Read only'. IAM refuses any other text at apply, and "
            "any other ARN attaches nothing. For example "
            "'arn:aws:iam::aws:policy/ReadOnlyAccess'."
        ),
        id="managed policy",
    ),
    pytest.param(
        WEB + "[services.web.environments.prd]",
        (
            "services.web.environments.prd: `[environments]` has no table of this name. "
            "Got 'prd'. What is meant would be a guess. Did you mean 'prod'?"
        ),
        id="unknown environment",
    ),
    pytest.param(
        """
[services."my app"]
repository = "web"
""",
        (
            'services."my app": This key becomes part of stack, role and file names. Got '
            "'my app'. Terraform and IAM refuse many other characters there. Use letters, "
            "digits, `-` and `_`, and begin with a letter or digit."
        ),
        id="key that is no name",
    ),
    pytest.param(
        """
[services.web]
repository = "web"
repo_id = 0
""",
        (
            "services.web.repo_id: This is GitHub's number, 1 or more. Got 0. It becomes "
            "part of `sub`, so a wrong one never matches. Read it with `gh api "
            "repos/OWNER/NAME --jq '.owner.id, .id'`."
        ),
        id="zero id",
    ),
    pytest.param(
        WEB + 'ecr.pull_accounts = ["nonprodd"]',
        (
            "services.web.ecr.pull_accounts[0]: `[accounts]` has no table of this name. "
            "Got 'nonprodd'. What is meant would be a guess. Did you mean 'nonprod'?"
        ),
        id="unknown pull account",
    ),
    pytest.param(
        WEB + 'ecr.pull_accounts = ["${var.id}"]',
        (
            "services.web.ecr.pull_accounts[0]: `[accounts]` has no table of this name. "
            "Got '${var.id}'. What is meant would be a guess. Known here: nonprod, prod."
        ),
        id="expression for a pull account",
    ),
    pytest.param(
        WEB + 'ecs.services = "web"',
        (
            "services.web.ecs.services: This takes a list. Got 'web'. What was meant "
            'instead would be a guess. Write it like `["one", "two"]`.'
        ),
        id="text for a list",
    ),
    pytest.param(
        WEB + 'ecs = "web"',
        (
            "services.web.ecs: This takes a table. Got 'web'. What was meant instead would "
            "be a guess. Write it like `{ key = ... }`."
        ),
        id="text for a table",
    ),
    pytest.param(
        WEB + 'ecs.cluster = "{enviroment}"',
        (
            "services.web.ecs.cluster: A name holds `{service}` and `{environment}` in "
            "braces, and nothing else. Got '{enviroment}'. Left as it is, the braces would "
            "end up in the name on AWS. Did you mean 'environment'?"
        ),
        id="placeholder",
    ),
    pytest.param(
        WEB + 'ecs.cluster = "${environment}"',
        (
            "services.web.ecs.cluster: A name holds `{service}` and `{environment}` in "
            "braces, and nothing else. Got '${environment}'. Left as it is, the braces "
            "would end up in the name on AWS. Write `{environment}` without the `$`."
        ),
        id="Terraform's placeholder",
    ),
    pytest.param(
        WEB + 'ecs.cluster = "{environment"',
        (
            "services.web.ecs.cluster: A name holds `{service}` and `{environment}` in "
            "braces, and nothing else. Got '{environment'. Left as it is, the braces would "
            "end up in the name on AWS. Close every brace, or remove it."
        ),
        id="open brace",
    ),
    pytest.param(
        """
[states.x]
type = "s3"
bucket = "${var.bucket}"
region = "eu-west-1"
""",
        (
            "states.x.bucket: This takes plain text. Got '${var.bucket}'. Terraform would "
            "read `${` and `%{` as an expression. Write the value itself."
        ),
        id="expression",
    ),
    pytest.param(
        """
[accounts.x]
id = "${var.id}"
region = "eu-west-1"
state = "main"
""",
        (
            "accounts.x.id: This takes plain text. Got '${var.id}'. Terraform would read "
            "`${` and `%{` as an expression. Write the value itself."
        ),
        id="expression for an id",
    ),
    pytest.param(
        """
[accounts.x]
id = "777788889999"
region = "${var.region}"
state = "main"
""",
        (
            "accounts.x.region: This takes plain text. Got '${var.region}'. Terraform would "
            "read `${` and `%{` as an expression. Write the value itself."
        ),
        id="expression for a region",
    ),
    pytest.param(
        WEB + 'ecs.cluster = " "',
        (
            "services.web.ecs.cluster: The text is empty. Got ' '. Nothing on AWS or "
            "GitHub has an empty name. Write the value, or remove the key."
        ),
        id="empty text",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "a", tag = "b" }]',
        (
            "services.web.environments.dev.subjects[0]: An entry of `subjects` says one "
            "thing that is trusted. Got ['branch', 'tag']. Two kinds in one entry could "
            "mean either or both, and none means nothing. Write one entry for each: "
            "any_branch, any_environment, any_ref, any_repository, any_tag, anything, branch, "
            "branch_pattern, environment, pull_request, tag, tag_pattern."
        ),
        id="two kinds in a subject",
    ),
    pytest.param(
        WEB + DEV + "subjects = [{ }]",
        (
            "services.web.environments.dev.subjects[0]: An entry of `subjects` says one "
            "thing that is trusted. Got []. Two kinds in one entry could mean either or "
            "both, and none means nothing. Write one entry for each: any_branch, "
            "any_environment, any_ref, any_repository, any_tag, anything, branch, branch_pattern, "
            "environment, pull_request, tag, tag_pattern."
        ),
        id="no kind in a subject",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ brunch = "main" }]',
        (
            "services.web.environments.dev.subjects[0].brunch: There is no such key. Got "
            "'main'. What nobody reads would look as if it worked. Did you mean 'branch'?"
        ),
        id="misspelt kind",
    ),
    pytest.param(
        WEB + DEV + "subjects = [{ pull_request = false }]",
        (
            "services.web.environments.dev.subjects[0].pull_request: `pull_request` is "
            "`true`. Got False. Nothing else has a meaning here. Write `true`."
        ),
        id="kind that is not meant",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "refs/heads/main" }]',
        (
            "services.web.environments.dev.subjects[0]: `branch` takes the short name. Got "
            "'refs/heads/main'. The prefix is added here, so this would match "
            '`refs/.../refs/...` only. Use `branch = "main"`.'
        ),
        id="branch that never matches",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ ref = "refs/heads/main" }]',
        (
            "services.web.environments.dev.subjects[0].ref: There is no such key. Got "
            "'refs/heads/main'. What nobody reads would look as if it worked. Write "
            '`branch = "main"`.'
        ),
        id="full ref of a branch",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ ref = "refs/tags/v*" }]',
        (
            "services.web.environments.dev.subjects[0].ref: There is no such key. Got "
            "'refs/tags/v*'. What nobody reads would look as if it worked. Write "
            '`tag_pattern = "v*"`.'
        ),
        id="full ref of tags",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ ref = "main" }]',
        (
            "services.web.environments.dev.subjects[0].ref: There is no such key. Got "
            "'main'. What nobody reads would look as if it worked. Write `branch` or `tag` "
            "with the short name."
        ),
        id="short ref",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ tag_pattern = "*" }]',
        (
            "services.web.environments.dev.subjects[0]: `tag_pattern` needs literal text before "
            "the first wildcard. Got '*'. Without it every ref of that kind matches, also one made "
            "by an attacker. Give it a prefix, for example 'v*', or say that it is wide: "
            "`any_tag = true`."
        ),
        id="every tag",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "release/*" }]',
        (
            "services.web.environments.dev.subjects[0]: `branch` takes one exact name. Got "
            "'release/*'. A wildcard trusts every name that anybody with push access can think of. "
            'Name it exactly, or say that it is wide: `branch_pattern = "release/*"`.'
        ),
        id="wildcard in a branch",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "main", requiring = { reff = "x" } }]',
        (
            "services.web.environments.dev.subjects[0]: `requiring` takes the claims that "
            "AWS can test. Got 'reff'. A condition on any other claim never matches. Did "
            "you mean 'ref'?"
        ),
        id="claim",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "main", requiring = { ref = "refs/*" } }]',
        (
            "services.web.environments.dev.subjects[0]: `requiring.ref` takes one "
            "exact value. Got 'refs/*'. It is compared with `StringEquals`, where a "
            "wildcard matches nothing. Write the value as the token carries it, or use "
            "`requiring_pattern`."
        ),
        id="claim as a pattern",
    ),
    pytest.param(
        WEB + DEV + 'subjects = ["repo:acme@1/web@2:ref:refs/heads/main"]',
        (
            "services.web.environments.dev.subjects[0]: This takes a table. Got "
            "'repo:acme@1/...fs/heads/main'. What was meant instead would be a guess. Write it "
            'like `{ branch = "main", repository = "acme/web", owner_id = 1, repo_id = 2 }`.'
        ),
        id="subject as a text",
    ),
    pytest.param(
        WEB + DEV + 'subjects = ["main"]',
        (
            "services.web.environments.dev.subjects[0]: This takes a table. Got 'main'. What was "
            "meant instead would be a guess. Write it like `{ key = ... }`."
        ),
        id="branch as a text",
    ),
    pytest.param(
        WEB + DEV + 'subjects = [{ branch = "main", repo_id = 3 }]',
        (
            "services.web.environments.dev.subjects[0]: These keys describe another "
            "repository, and the entry names none. Got ['repo_id']. The service's own "
            "repository is described once, in the service's table. Add `repository`, or "
            "move the keys to the service."
        ),
        id="id without repository",
    ),
    pytest.param(
        WEB + DEV + 'accept = { repo-wid = "pilot" }',
        (
            "services.web.environments.dev.accept: `accept` names rules. Got 'repo-wid'. "
            "No rule has this id, so nothing would be accepted. Did you mean 'repo-wide'?"
        ),
        id="unknown rule",
    ),
    pytest.param(
        WEB + DEV + 'accept = { repo-wide = "" }',
        (
            "services.web.environments.dev.accept: Accepting 'repo-wide' needs a reason. "
            "Got ''. Every review and audit prints it: it is all that the next reader "
            'knows. For example {"repo-wide": "pilot until 2027-01"}.'
        ),
        id="no reason",
    ),
    pytest.param(
        WEB + DEV + 'accept = { repo-wide = { reason = "pilot", until = "2027-02-30" } }',
        (
            "services.web.environments.dev.accept: `until` is a day. Got '2027-02-30'. "
            "The calendar has no such day, so nothing is accepted by it. Write year, month and "
            'day: "2027-01-31" is the last day on which it counts.'
        ),
        id="no day",
    ),
    pytest.param(
        WEB + DEV + 'accept = { repo-wide = { reason = "pilot", til = 2027-01-31 } }',
        (
            "services.web.environments.dev.accept: An acceptance has `reason` and `until`. "
            "Got 'til'. It has the key 'til' besides, so nothing is accepted by it. "
            "Did you mean 'until'?"
        ),
        id="misspelt day",
    ),
    pytest.param(
        WEB + DEV + "accept = { repo-wide = 1 }",
        (
            "services.web.environments.dev.accept: An acceptance is a reason, or a table of "
            "`reason` and `until`. Got 1. Every review and audit prints the reason: it is all "
            'that the next reader knows. Write `{ reason = "pilot", until = 2027-01-31 }`.'
        ),
        id="acceptance of another type",
    ),
]


@pytest.mark.parametrize(("text", "mistake"), IN_A_TABLE)
def test_mistake_in_a_table(tmp_path: Path, text: str, mistake: str) -> None:
    """A table with one mistake is refused with one line about it."""
    assert mistakes(tmp_path, HEAD + text) == (mistake,)


def test_mistake_that_nobody_foresaw() -> None:
    """What pydantic may find one day still names the entry and the value."""

    class Shelf(BaseModel):
        label: str = Field(max_length=3)

    with pytest.raises(ValidationError) as caught:
        Shelf(label="long")

    assert list(describe(caught.value, Shelf)) == [
        "label: String should have at most 3 characters. Got 'long'."
    ]


@pytest.mark.parametrize(
    ("given", "entries"),
    [
        pytest.param({"size": []}, ["size", "size"], id="two plain types"),
        pytest.param({"sizes": ["x"]}, ["sizes", "sizes[0]"], id="a value or a list"),
        pytest.param({"part": {"depth": "x"}}, ["part.depth", "part"], id="a table or a text"),
        pytest.param(
            {"parts": {"a": {"depth": "x"}}}, ["parts.a.depth", "parts.a"], id="in tables"
        ),
    ],
)
def test_union_without_a_type(given: dict[str, object], entries: list[str]) -> None:
    """A key that takes values of two kinds is named as the file spells it, for each kind."""

    class Part(BaseModel, strict=True):
        depth: int

    class Shelf(BaseModel, strict=True):
        size: int | str = 1
        sizes: int | list[int] = 1
        part: Part | str = ""
        parts: dict[str, Part | int] = Field(default_factory=dict)

    with pytest.raises(ValidationError) as caught:
        Shelf.model_validate(given)

    assert [line.partition(": ")[0] for line in describe(caught.value, Shelf)] == entries
