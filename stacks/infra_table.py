"""`[infra]`: the repository that deploys the estate itself, with roles to plan and to apply."""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy_access.errors import Problem, reject

from .field_types import Accept, Text, Tuple, checked
from .subject_entry import SubjectEntry, Subjects
from .table import GithubRepositoryTable
from .table_reference import AccountName
from .workflow_table import InfraWorkflowTable

ACCOUNT = "{account}"
"""The only placeholder here: the name of the account that the roles are made in."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_TEXTS = ("branch", "branch_pattern", "environment", "tag", "tag_pattern")


def check_placeholder(text: str) -> Iterator[Problem]:
    """Check that a text holds no braces but those of the account."""
    for word in _BRACES.findall(text):
        if word != ACCOUNT:
            yield Problem(
                what="In `[infra]`, a name holds `{account}` in braces, and nothing else.",
                given=text,
                why="There is a pair of roles in each account, and no environment or service of "
                "which a name could be filled in.",
                fix="Write `{account}`, or the name itself.",
            )


class InfraTable(GithubRepositoryTable):
    """
    `[infra]`: the repository that plans and applies the stacks.

    Attributes:
        accounts: Those that have the roles; all when left out.
        plan: Who may plan: pull requests and the branch `main` when left out.
        apply: Who may apply: the GitHub environment that is called like the account when left out.
        name: What the names of the roles begin with.
        audience: The `aud` of the tokens of both; needed where an account's provider takes several.
        accept: Findings about these lists that are meant: rule and reason.
        workflow: Settings of the workflows that plan and apply.
    """

    repository: Text = Field(
        description="It is the GitHub repository that holds this file: `name` or `owner/name`.",
        examples=["infra"],
    )
    accounts: Annotated[tuple[AccountName, ...], Tuple] | None = None
    plan: Subjects = (SubjectEntry(pull_request=True), SubjectEntry(branch="main"))
    apply: Subjects = (SubjectEntry(environment=ACCOUNT),)
    name: Annotated[Text, checked(check_placeholder)] = "infra"
    audience: Text | None = None
    accept: Accept = Field(default_factory=dict)
    workflow: InfraWorkflowTable | None = None

    def is_in(self, account: str) -> bool:
        """Whether an account has the roles."""
        return self.accounts is None or account in self.accounts

    def name_in(self, account: str) -> str:
        """Return what the names of the roles of an account begin with."""
        return self.name.replace(ACCOUNT, account)

    @model_validator(mode="after")
    def _check(self) -> Self:
        texts = (getattr(one, key) for one in (*self.plan, *self.apply) for key in _TEXTS)
        reject([_no_account()] if self.accounts == () else [])
        reject(problem for text in texts if text is not None for problem in check_placeholder(text))
        return self


def _no_account() -> Problem:
    return Problem(
        what="`accounts` names at least one.",
        given=[],
        why="With none the table would make nothing.",
        fix="Leave it out for all accounts, or remove `[infra]`.",
    )


def in_account(entry: SubjectEntry, account: str) -> SubjectEntry:
    """Return an entry with the name of the account filled in."""
    texts = {key: getattr(entry, key) for key in _TEXTS}
    filled = {k: text.replace(ACCOUNT, account) for k, text in texts.items() if text is not None}
    return entry.model_copy(update=filled)
