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
_DOCUMENTS = "data.aws_iam_policy_document."
_BLOCK = re.compile(r"(data\.|(?!data\.))\w+\.[\w-]+(\[[^\]]*\])?")
_COMPLETE = re.compile(rf"(var|local)\.\w+|{_BLOCK.pattern}\.\w+")
_EXPRESSION = re.compile(r"(?<!\$)\$\{[^{}]*\}")
_VALUES = ("count.", "each.", "local.", "var.")


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
    if any(map(_is_block, longest := _longest(references))):
        whole = _instance(name, longest)
    else:
        is_whole = len(complete) == 1 and (document or _fits(name, complete[0]))
        whole = complete[0] if is_whole else None
    return f"${{{whole or ', '.join([*references, KNOWN_LATER])}}}"


def _longest(references: list[str]) -> list[str]:
    """Leave out what stands there again as the beginning of another."""
    return [
        text
        for text in references
        if not any(other.startswith((f"{text}.", f"{text}[")) for other in references)
    ]


def _instance(name: str, references: list[str]) -> str | None:
    """
    Return the attribute of an instance that an argument is; None where it is something else.

    Of `aws_iam_role.web[each.key].arn` a plan has `aws_iam_role.web` and `each.key`.
    """
    blocks = [text for text in references if _is_block(text)]
    indexes = [text for text in references if text not in blocks]
    if len(blocks) != 1 or len(indexes) > 1:
        return None
    index = f"[{indexes[0]}]" if indexes else ""
    if blocks[0].startswith(_DOCUMENTS):
        # Without an index it stands for several documents.
        return f"{blocks[0]}{index}.json" if index else None
    return f"{blocks[0]}{index}.{_PLAIN[name]}" if name in _PLAIN else None


def _is_block(reference: str) -> bool:
    return _BLOCK.fullmatch(reference) is not None and not reference.startswith(_VALUES)


def _fits(name: str, reference: str) -> bool:
    """Whether *reference* can be the whole argument; `account_id` can only be a part of an ARN."""
    attribute = reference.rpartition(".")[2]
    return name in _PLAIN and (reference.startswith("var.") or attribute in {"id", _PLAIN[name]})


def of_instance(value: object, known: Mapping[str, str]) -> object:
    """Replace `each.key`, `each.value` and `count.index` by what *known* has for them."""
    if isinstance(value, str):
        longest = sorted(map(re.escape, known), key=len, reverse=True)
        names = re.compile(rf"\b(?:{'|'.join(longest)})\b")
        return _EXPRESSION.sub(
            lambda found: names.sub(lambda name: known[name[0]], found[0]), value
        )
    if isinstance(value, list):
        return [of_instance(child, known) for child in cast("list[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {key: of_instance(child, known) for key, child in items}
    return value


def instance_values(configured: _Object, index: object) -> dict[str, str]:
    """
    Return what stands for `each.key`, `each.value` and `count.index` in one instance.

    Args:
        configured: The configuration of its block.
        index: Its key, or its number.
    """
    key = json.dumps(index)
    iterated = as_object(configured.get("for_each_expression"))
    return {"each.key": key, "count.index": key, **_each_value(iterated, key, index)}


def _each_value(iterated: _Object, key: str, index: object) -> dict[str, str]:
    """Return what `each.value` is, and its attributes, as far as a plan has them."""
    constant = iterated.get("constant_value")
    if isinstance(constant, list):
        return {"each.value": key}
    if isinstance(constant, dict):
        value = as_object(cast("object", constant)).get(str(index))
        texts_of = {f"each.value.{name}": text for name, text in as_object(value).items()}
        known = {"each.value": value, **texts_of}
        return {name: json.dumps(text) for name, text in known.items() if isinstance(text, str)}
    references = texts(iterated.get("references"))
    named = [text for text in references if _BLOCK.fullmatch(text)]
    is_resource = len(named) == len(references) == 1
    return {"each.value": f"{named[0]}[{key}]"} if is_resource else {}
