"""
The expressions of the configuration in a plan, written as templates again.

Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    _Object = Mapping[str, object]

KNOWN_LATER = "known after apply"
"""The end of an expression of which a plan has the references alone."""
# A plan names the references in an expression and not the text around them. These arguments are
# nearly always one reference with nothing around it; the value is the attribute that they take.
_PLAIN = {
    "allowed_account_ids": "account_id",
    "managed_policy_arns": "arn",
    "permissions_boundary": "arn",
    "policy_arn": "arn",
    "policy_arns": "arn",
    "profile": "name",
    "region": "name",
    "repository": "name",
    "role": "name",
    "role_arn": "arn",
    "role_name": "name",
    "roles": "name",
}
_LISTS = {"managed_policy_arns", "policy_arns", "roles"}
_DOCUMENT = re.compile(r"data\.aws_iam_policy_document\..+\.(minified_)?json")
_BLOCK = re.compile(r"(data\.|(?!data\.))\w+\.[\w-]+(\[[^\]]*\])?")
_COMPLETE = re.compile(rf"(var|local)\.\w+|{_BLOCK.pattern}\.\w+")
_EXPRESSION = re.compile(r"(?<!\$)\$\{[^{}]*\}")
_EACH = re.compile(r"\b(each\.key|each\.value|count\.index)\b")
_INSTANCES = {"count.index", "each.key", "each.value"}


def literal(value: object) -> object:
    """Escape a known value, so that it is not read as an expression."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [literal(child) for child in cast("list[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {str(literal(key)): literal(child) for key, child in items}
    return value


def expressions(configured: object, name: str = "") -> object:
    """Return the arguments of a block in the configuration as templates."""
    if isinstance(configured, list):
        return [expressions(child, name) for child in cast("list[object]", configured)]
    block = as_object(configured)
    if {"constant_value", "references"} & set(block):
        return written(name, block)
    return {key: expressions(child, key) for key, child in block.items()}


def written(name: str, leaf: _Object) -> object:
    """
    Return the argument *name* as a template.

    Where only its references are known, the text around them is not, so the whole is one symbol.
    """
    if "constant_value" in leaf:
        return leaf["constant_value"]
    # Each reference stands there twice, as `aws_iam_role.web.arn` and as `aws_iam_role.web`.
    references = texts(leaf.get("references"))
    complete = [text for text in references if _COMPLETE.fullmatch(text)]
    document = [text for text in complete if _DOCUMENT.fullmatch(text)]
    if name in _LISTS and complete:
        return [f"${{{text}}}" for text in complete]
    if len(complete) == 1 and (document or _fits(name, complete[0])):
        return f"${{{complete[0]}}}"
    blocks = [text for text in references if _BLOCK.fullmatch(text) and text not in _INSTANCES]
    if name in _PLAIN and len(blocks) == 1 and not complete:
        index = next((f"[{text}]" for text in references if text in _INSTANCES), "")
        return f"${{{blocks[0]}{index}.{_PLAIN[name]}}}"
    return f"${{{', '.join([*references, KNOWN_LATER])}}}"


def _fits(name: str, reference: str) -> bool:
    """Whether *reference* can be the whole argument; `account_id` can only be a part of an ARN."""
    attribute = reference.rpartition(".")[2]
    return name in _PLAIN and (reference.startswith("var.") or attribute in {"id", _PLAIN[name]})


def of_instance(value: object, index: object, each: str | None) -> object:
    """Replace `each.key`, `each.value` and `count.index` by the values of one instance."""
    if isinstance(value, str):
        key = json.dumps(index)
        known = {"each.key": key, "count.index": key}
        if each:
            known["each.value"] = f"{each}[{key}]"
        return _EXPRESSION.sub(
            lambda found: _EACH.sub(lambda name: known.get(name[0], name[0]), found[0]), value
        )
    if isinstance(value, list):
        return [of_instance(child, index, each) for child in cast("list[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: of_instance(child, index, each) for key, child in items}
    return value


def instances_of(configured: _Object) -> str | None:
    """Return the resource that `for_each` iterates over; None when it is something else."""
    references = texts(as_object(configured.get("for_each_expression")).get("references"))
    named = [text for text in references if _BLOCK.fullmatch(text)]
    return named[0] if len(named) == len(references) == 1 else None
