"""
The resources that there are before and after the apply of a plan, module by module.

Source: https://developer.hashicorp.com/terraform/internals/json-format

`planned_values` alone is not what there is afterwards: a targeted plan has only what was targeted
in it, and what Terraform forgets stands there without its values, though AWS keeps it as it is. So
both sides are the state that the plan was made for, each resource with what its change says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from deploy_access.json_shape import as_object, as_text, objects, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Object: TypeAlias = "Mapping[str, object]"
_Key: TypeAlias = tuple[str, str]
"""The address, and the key of a deposed object."""
Side: TypeAlias = "Mapping[_Key, _Object]"

# What a change says of its resource beside the change; a state has the same keys.
_LABELS = ("address", "mode", "type", "name", "index", "provider_name")
_MODULE = "module_address"
_LEFT = "left alone"


def before_apply(plan: _Object) -> Side:
    """Return the resources before apply: the state, each with the `before` of its change."""
    found = dict(_prior(plan))
    for key, entry in _changes(plan, found):
        before = as_object(entry.get("change")).get("before")
        if isinstance(before, dict):
            found[key] = _resource(entry, cast("_Object", before), found.get(key))
    return found


def after_apply(plan: _Object) -> Side:
    """
    Return the resources after apply; of a state, those that it has.

    What is destroyed is not among them. What is forgotten is, with the values that it has now.
    """
    found = dict(_prior(plan))
    planned = _listed(as_object(plan.get("planned_values") or plan.get("values")))
    found |= {key: resource for key, resource in planned if "values" in resource}
    for key, entry in _changes(plan, found):
        change = as_object(entry.get("change"))
        actions = texts(change.get("actions"))
        before, after = change.get("before"), change.get("after")
        if "forget" in actions and isinstance(before, dict):
            left = key if actions == ["forget"] else (key[0], _LEFT)
            found[left] = _resource(entry, cast("_Object", before), found.get(key))
        elif actions == ["delete"]:
            found.pop(key, None)
        if isinstance(after, dict):
            found[key] = _resource(entry, cast("_Object", after), found.get(key))
    return found


def is_partial(plan: _Object) -> bool:
    """Whether a plan leaves out a part of what differs: one with `-target`, or with deferrals."""
    return plan.get("complete") is False


def as_state(side: Side) -> dict[str, object]:
    """Return the resources of a side as the values of a state."""
    root, *others = by_module(side).items()
    children = [{"address": path, "resources": found} for path, found in others]
    return {"root_module": {"resources": root[1], "child_modules": children}}


def by_module(side: Side) -> dict[str, list[_Object]]:
    """Return the resources by the address of their module; the root module comes first."""
    found: dict[str, list[_Object]] = {"": []}
    for (_, deposed), resource in side.items():
        module = as_text(resource.get(_MODULE)) or ""
        found.setdefault(module, []).append(_apart(resource, deposed) if deposed else resource)
    return found


def unknown_after_apply(plan: _Object) -> dict[str, _Object]:
    """Return what is known after apply only of each resource, by address."""
    return {
        address: as_object(as_object(entry.get("change")).get("after_unknown"))
        for (address, deposed), entry in _keyed(plan.get("resource_changes"), "deposed")
        if not deposed
    }


def _prior(plan: _Object) -> Iterator[tuple[_Key, _Object]]:
    return _listed(as_object(as_object(plan.get("prior_state")).get("values")))


def _listed(state: _Object) -> Iterator[tuple[_Key, _Object]]:
    """List the resources of a state, with the module of each; modules are nested."""
    left = [as_object(state.get("root_module"))]
    while left:
        module = left.pop()
        path = as_text(module.get("address")) or ""
        for key, resource in _keyed(module.get("resources"), "deposed_key"):
            yield key, {**resource, _MODULE: path} if path else resource
        left += objects(module.get("child_modules"))


def _keyed(resources: object, deposed: str) -> Iterator[tuple[_Key, _Object]]:
    for found in objects(resources):
        address = as_text(found.get("address"))
        if address:
            yield (address, as_text(found.get(deposed)) or ""), found


def _changes(plan: _Object, found: dict[_Key, _Object]) -> list[tuple[_Key, _Object]]:
    """List the changes, after what moved is taken out of *found* at its former address."""
    changes = list(_keyed(plan.get("resource_changes"), "deposed"))
    for (address, _), entry in changes:
        former = as_text(entry.get("previous_address"))
        if former and former != address:
            found.pop((former, ""), None)
    return changes


def _resource(entry: _Object, values: _Object, known: _Object | None) -> _Object:
    labels = {name: entry[name] for name in (*_LABELS, _MODULE) if name in entry}
    return {**(known or {}), **labels, "values": values}


def _apart(resource: _Object, deposed: str) -> _Object:
    """Return a resource under the name that Terraform prints, as another has its address."""
    said = " (left alone)" if deposed == _LEFT else f" (deposed object {deposed})"
    names = {key: f"{resource.get(key)}{said}" for key in ("address", "name")}
    return {**resource, **names}
