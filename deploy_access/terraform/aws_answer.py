"""The parts of an answer of AWS, roles and policies, as facts with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from deploy_access.iam.arns import account_of
from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.bounds import at_most
from deploy_access.terraform.estate import (
    Document,
    NamedPolicy,
    ResourcePolicy,
    Role,
    Unread,
    Where,
)
from deploy_access.terraform.file_facts import Grant, Managed
from deploy_access.terraform.grants import attached as attached_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.file_facts import Gathered


# The AWS CLI prints `NextToken` with `--max-items`, and with `--no-paginate` what IAM says.
# https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html
_MORE = ("NextToken", "Marker", "IsTruncated")


def decoded(text: str) -> str:
    """Return a policy document as text, which the API has URL-encoded."""
    # JSON begins with `{`, which is `%7B` where the text is encoded.
    return unquote(text) if text.lstrip()[:1] == "%" else text


class AwsAnswer:
    """One answer of AWS, whose parts become facts."""

    def __init__(self, file: JsonFile, found: Gathered) -> None:
        self._file = file
        self._found = found

    @property
    def next_page(self) -> str:
        """The key that says that AWS lists more than the answer has; empty where none does."""
        return next((key for key in _MORE if self._file.content.get(key)), "")

    def note_pages(self) -> None:
        """Note that the answer is one page of several."""
        if self.next_page:
            self.note(
                "It is one page of several, and what the next pages have is not known. Call the "
                "command without `--max-items` and `--no-paginate`.",
                self.next_page,
            )

    def roles(self, key: str, address: str = "", body: Mapping[str, object] | None = None) -> None:
        """Add the roles of a list."""
        for place, value in self.each(address, self._file.content if body is None else body, key):
            self.role(place, value)

    def alone(self, address: str, value: object) -> None:
        """Add a policy that says no more of what has it; the audit tells which kind it is."""
        file = self._file.name
        name = file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
        trust = self.document(address, value)
        self._found.roles.append(
            Role(account=None, name=name, path=None, arn=None, where=Where(file), trust=trust)
        )

    def of_repository(self, kind: str, key: str) -> ResourcePolicy:
        """Read a document of a repository, or of the whole registry."""
        content = self._file.content
        registry = as_text(content.get("registryId"))
        return ResourcePolicy(
            type=kind,
            resource=as_text(content.get("repositoryName")) or registry or "",
            account=registry,
            region=None,
            document=self.document(key, content.get(key)),
            where=Where(self._file.name),
        )

    def role(self, address: str, value: object) -> None:
        """Add a role, with the policies that are listed in it."""
        body = as_object(value)
        name, arn = as_text(body.get("RoleName")), as_text(body.get("Arn"))
        if not name:
            self.malformed("A role has a `RoleName`.", value, address)
            return
        account, seconds = account_of(arn or ""), body.get("MaxSessionDuration")
        trust = body.get("AssumeRolePolicyDocument")
        self._found.roles.append(
            Role(
                account=account,
                name=name,
                path=as_text(body.get("Path")),
                arn=arn,
                where=Where(self._file.name, address),
                trust=self.document(f"{address}.AssumeRolePolicyDocument".strip("."), trust),
                boundary=self._boundary(address, body),
                max_session_duration=seconds if isinstance(seconds, int) else None,
            )
        )
        for place, policy in self.each(address, body, "RolePolicyList"):
            self.inline(place, account, name, as_object(policy))
        for place, policy in self.each(address, body, "AttachedManagedPolicies"):
            self.attached(place, account, name, as_text(as_object(policy).get("PolicyArn")))

    def inline(
        self, address: str, account: str | None, role: str, body: Mapping[str, object]
    ) -> None:
        """Add an inline policy of a role."""
        where = f"{address}.PolicyDocument".removeprefix(".")
        policy = NamedPolicy(
            name=as_text(body.get("PolicyName")) or "",
            kind="inline",
            document=self.document(where, body.get("PolicyDocument")),
            where=Where(self._file.name, address),
        )
        self.grant(account, role, policy)

    def managed(self, key: str) -> None:
        """Add the managed policies of a list, each as its default version has it."""
        for address, value in self.each("", self._file.content, key):
            body = as_object(value)
            # Of up to five versions only the default one is in force.
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
            for place, version in self.each(address, body, "PolicyVersionList"):
                if as_object(version).get("IsDefaultVersion") is True:
                    self._managed(address, body, f"{place}.Document", as_object(version))

    def _managed(
        self, address: str, body: Mapping[str, object], place: str, version: Mapping[str, object]
    ) -> None:
        arn = as_text(body.get("Arn")) or ""
        self._found.managed.append(
            Managed(
                account=account_of(arn),
                name=as_text(body.get("PolicyName")) or "",
                path=as_text(body.get("Path")) or "/",
                arn=arn,
                document=self.document(place, version.get("Document")),
                where=Where(self._file.name, address),
            )
        )

    def attached(self, address: str, account: str | None, role: str, arn: str | None) -> None:
        """Add the attachment of a managed policy."""
        if arn:
            self.grant(account, role, attached_policy(arn, Where(self._file.name, address)))
        else:
            self.malformed("An attached policy has a `PolicyArn`.", arn, address)

    def _boundary(self, address: str, body: Mapping[str, object]) -> NamedPolicy | None:
        arn = as_text(as_object(body.get("PermissionsBoundary")).get("PermissionsBoundaryArn"))
        where = Where(self._file.name, f"{address}.PermissionsBoundary")
        return attached_policy(arn, where) if arn else None

    def grant(self, account: str | None, role: str, policy: NamedPolicy) -> None:
        """Give a policy to a role."""
        given = Grant(account=account, region=None, name=role, known=True, policy=policy)
        self._found.grants.append(given)

    def document(self, address: str, value: object) -> Document:
        """Read a policy document: the API has it as URL-encoded text, the AWS CLI as an object."""
        where = Where(self._file.name, address)
        if isinstance(value, str):
            return Document(content=decoded(value), where=where)
        if isinstance(value, dict):
            return Document(content=as_object(cast("object", value)), where=where)
        self.malformed("There is no policy document where one belongs.", value, address)
        return Document(content=None, where=where)

    def each(
        self, address: str, body: Mapping[str, object], key: str
    ) -> Iterator[tuple[str, object]]:
        """List the values under a key, each with its place."""
        for index, value in enumerate(at_most(as_list(body.get(key)), self._file.name)):
            yield f"{address}.{key}[{index}]".removeprefix("."), value

    def note(self, what: str, key: str) -> None:
        """Note a part of the answer that says nothing about a role."""
        where = Where(self._file.name, key)
        self._found.problems.append(Unread(kind="file", what=what, given=key, where=where))

    def malformed(self, what: str, given: object, address: str) -> None:
        """Note a part that is not as AWS prints it."""
        where = Where(self._file.name, address)
        shown = as_text(given) or type(given).__name__
        self._found.problems.append(Unread(kind="malformed", what=what, given=shown, where=where))
