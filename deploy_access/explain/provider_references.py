"""
The OIDC provider that a reference of Terraform stands for.

In a first plan the ARN of a provider is known after apply only, but its `url` stands in the plan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate, Role

_TYPE = "aws_iam_openid_connect_provider"
_EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
_ATTRIBUTE = re.compile(r"(?<=[\w\]])\.(arn|id|url)$")
_INDEX = re.compile(r"\[[^\]]*\]$")


def plain_references(
    document: Mapping[str, object], run: Run, role: Role, estate: Estate
) -> Mapping[str, object]:
    """
    Return a trust policy with every reference to a provider that is known by its `url`.

    The provider of the run's issuer is written as Terraform does, so that it can be pasted; another
    one as its ARN, which says whose it is.
    """
    statements = as_list(document.get("Statement"))
    plain = [_plain_statement(one, run, role, estate) for one in statements]
    return document if plain == statements else {**document, "Statement": plain}


def _plain_statement(statement: object, run: Run, role: Role, estate: Estate) -> object:
    found = as_object(statement)
    principal = as_object(found.get("Principal"))
    values = as_list(principal.get("Federated"))
    plain = [_plain(value, run, role, estate) for value in values]
    if plain == values:
        return statement
    one = plain if isinstance(principal["Federated"], list) else plain[0]
    return {**found, "Principal": {**principal, "Federated": one}}


def _plain(value: object, run: Run, role: Role, estate: Estate) -> object:
    references = _references(value) if isinstance(value, str) else []
    urls = {*_urls(references, role, estate)}
    if len(urls) != 1:
        return value
    if run.provider not in urls:
        return f"arn:aws:iam::{role.account or 'ACCOUNT'}:oidc-provider/{urls.pop()}"
    return next(f"${{{one}}}" for one in references if [*_urls([one], role, estate)])


def is_reference_to(value: str, provider: str, role: Role, estate: Estate) -> bool:
    """
    Whether a principal is a reference to the provider of an issuer.

    Args:
        value: The principal.
        provider: The issuer, without `https://`.
        role: The role, in whose module the reference stands.
        estate: The estate, with the OIDC providers.
    """
    return {*_urls(_references(value), role, estate)} == {provider}


def _references(value: str) -> list[str]:
    found = _EXPRESSION.fullmatch(value)
    return found[1].split(", ") if found else []


def _urls(references: Sequence[str], role: Role, estate: Estate) -> Iterator[str]:
    """List the URLs of the providers that references name, or that the modules make they name."""
    module = role.where.address.partition("aws_iam_role.")[0]
    modules = {".".join(one.split(".")[:2]) for one in references if one.startswith("module.")}
    for one in estate.providers:
        address = one.where.address
        local = address.removeprefix(module) if address.startswith(module) else ""
        is_here = local.startswith(_TYPE) and _is_named(local, references)
        if is_here or local.partition(f".{_TYPE}.")[0] in modules:
            yield one.url


def _is_named(address: str, references: Sequence[str]) -> bool:
    """Whether an instance is named, or all instances of its resource."""
    whole = _INDEX.sub("", address)
    indexed = [one for one in references if one.startswith(f"{whole}[")]
    named = {_ATTRIBUTE.sub("", one.removeprefix("data.")) for one in indexed or references}
    return address in named or (not indexed and whole in named)
