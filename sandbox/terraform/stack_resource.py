"""
One resource of a stack, with its arguments as AWS gets them.

The reader of `deploy_access` resolves them, as it does for a review: what `verify` finds in AWS is
compared with what a reviewer is shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.documents import read_policy
from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.resource_diff.instances import Resource
from deploy_access.resource_diff.resource_names import import_id
from deploy_access.terraform.arguments import known
from deploy_access.terraform.documents import read_document

from .default_target import account_region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope

    from .default_target import AccountRegion


class UnresolvedError(Exception):
    """
    An argument that only Terraform, or AWS, can compute.
    """


@dataclass(frozen=True, kw_only=True, eq=False)
class StackResource:
    """
    A resource or a data source, in the stack of this name.
    """

    stack: str
    block: Block
    scope: Scope

    @property
    def type(self) -> str:
        """
        Its type, for example `aws_iam_role`.
        """
        return self.block.type

    @property
    def address(self) -> str:
        """
        The name that Terraform gives it.
        """
        return self.block.address

    @property
    def body(self) -> Mapping[str, object]:
        """
        Its arguments as they are written.
        """
        return self.block.body

    @property
    def place(self) -> AccountRegion:
        """
        The account and the region that it is made in.
        """
        return account_region(self.scope.place(self.block))

    @property
    def provider_name(self) -> str:
        """
        The provider configuration that it uses: `aws`, or `aws.` and an alias.
        """
        written = as_text(self.body.get("provider")) or self.type.partition("_")[0]
        return written.removeprefix("${").removesuffix("}")

    @property
    def metadata(self) -> Mapping[str, object]:
        """
        The metadata of the construct; empty for a resource that no construct of this project made.
        """
        return as_object(as_object(self.body.get("//")).get("deploy_access"))

    @property
    def prevents_destroy(self) -> bool:
        """
        Whether Terraform refuses to destroy it.
        """
        given = [one.get("prevent_destroy") for one in objects(self.body.get("lifecycle"))]
        return "true" in map(as_text, given)

    @property
    def import_id(self) -> str:
        """
        The id by which Terraform imports it; a part that only AWS knows is its name in capitals.
        """
        return import_id(Resource(address=self.address, block=self.block, scope=self.scope))

    @property
    def is_single(self) -> bool:
        """
        Whether it is exactly one resource, without `count` and `for_each`.
        """
        return self.body.keys().isdisjoint(("count", "for_each"))

    def known(self, key: str) -> str | None:
        """
        Return an argument as a text, or None when it is left out or not known.
        """
        return self.scope.known(self.body.get(key))

    def text(self, key: str, default: str = "") -> str:
        """
        Return an argument as a text.

        Raises:
            UnresolvedError: Only Terraform can compute it, or it is no text.

        """
        raw = self.body.get(key)
        return default if raw in (None, "") else self.settled(key, self.scope.value(raw))

    def name(self, key: str = "name") -> str:
        """
        Return the name of a resource that is exactly one.

        Raises:
            UnresolvedError: AWS or Terraform chooses the name, or how many of it there are.

        """
        found = self.text(key)
        if not found or not self.is_single:
            raise UnresolvedError(f"{self.address}.{key}")
        return found

    def texts(self, key: str) -> list[str]:
        """
        Return an argument that is a list of texts.
        """
        found = as_list(self.scope.value(self.body.get(key)))
        return [self.settled(key, value) for value in found]

    def tags(self) -> dict[str, str]:
        """
        Return the tags that AWS gets: those of the provider, and its own.
        """
        provider = self.scope.module.providers.get(self.provider_name, {})
        default = objects(provider.get("default_tags"))
        both = [*(tags.get("tags") for tags in default), self.body.get("tags")]
        found = (as_object(self.scope.value(tags)) for tags in both)
        return {key: self.settled("tags", tag) for tags in found for key, tag in tags.items()}

    def document(self, key: str) -> object:
        """
        Return the policy that an argument is, as parsed JSON.

        Raises:
            UnresolvedError: A part of it is left to Terraform.
            ValueError: It is no JSON.

        """
        found = read_document(self.scope, self.block, key, self.body.get(key))
        if found.content is None or found.unresolved or found.left_out:
            raise UnresolvedError(f"{self.address}.{key}")
        return json.loads(found.content) if isinstance(found.content, str) else found.content

    def policy(self, key: str) -> Policy | None:
        """
        Return the policy that an argument is, as far as it is known; None when it is no policy.
        """
        if self.body.get(key) is None:
            return None
        found = read_document(self.scope, self.block, key, self.body[key])
        try:
            return None if found.content is None else read_policy(found.content).policy
        except InvalidValue:
            return None

    def attribute(self, name: str) -> str | None:
        """
        Return an attribute that AWS makes of the arguments, such as an ARN, or None.
        """
        return known(self.scope, self.block, name)

    def nested(self, key: str) -> Mapping[str, object]:
        """
        Return the values of the only block of this kind, or nothing.

        Raises:
            UnresolvedError: How many blocks there are is left to Terraform.

        """
        if "dynamic" in self.body:
            raise UnresolvedError(f"{self.address}.dynamic")
        return next(objects(self.scope.value(self.body.get(key))), as_object(None))

    def settled(self, key: str, value: object) -> str:
        """
        Return a value that was resolved, of the argument *key*, as a text.

        Raises:
            UnresolvedError: A part of it is left to Terraform, or it is no text.

        """
        found = as_text(value)
        if found is None or self.scope.symbols.names(found):
            raise UnresolvedError(f"{self.address}.{key}")
        return found
