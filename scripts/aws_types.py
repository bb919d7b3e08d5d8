# ruff: noqa: INP001 - a script, in no package
"""
Write `deploy_access/terraform/aws_types.json` from the schemas of two versions of the provider.

Run by hand after a version or `aws_type_marks.toml` changed: `terraform init` in a folder that
requires the older version, then `terraform providers schema -json > schema.json` and
`.venv/bin/python scripts/aws_types.py schema.json`. The newer one is that of the bindings that are
installed; their assembly lists every type and argument. Only names are taken.

Source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
import tomllib
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy_access.iam.patterns import matches_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Json = dict[str, Any]
Types = dict[str, set[str]]

ROOT = Path(__file__).parent.parent
MARKS = Path(__file__).with_name("aws_type_marks.toml")
LIST = ROOT / "deploy_access" / "terraform" / "aws_types.json"
BINDINGS = "cdktf_cdktf_provider_aws"
_PATH = re.compile(r"#(?P<name>\w+) ")
_TYPE = re.compile(r"providers/hashicorp/aws/(?P<version>[\d.]+)/docs/\S+ (?P<name>aws_\w+)\}")
_STRUCT = re.compile(r'"(@cdktf/provider-aws\.[\w.]+)"')


def compile_list(schemas: Json, assembly: Json, source: str) -> str:
    """
    Write the list as JSON, one line a type that is marked, so that a change of it can be read.

    Args:
        schemas: The schemas of the provider, from `terraform providers schema -json`.
        assembly: The assembly of the bindings.
        source: The versions of both.
    """
    rules: Json = tomllib.loads(MARKS.read_text("utf-8"))
    types = merged(types_of_schemas(schemas), types_of_assembly(assembly))
    marked = marks(types, rules)
    unmarked: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(types.keys() - marked.keys()):
        _, service, rest = f"{name}_".split("_", 2)
        unmarked[service].append(rest.removesuffix("_"))
    head = json.dumps({"date": rules["date"], "source": source})
    parts = {
        "unmarked": {service: " ".join(names) for service, names in unmarked.items()},
        "marked": marked,
        "sensitive": sensitive(schemas),
    }
    return (
        head[:-1]
        + "".join(f', "{key}": {{\n{_lines(part)}\n}}' for key, part in parts.items())
        + "}\n"
    )


def _lines(part: Mapping[str, object]) -> str:
    return ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in part.items())


def marks(types: Types, rules: Json) -> dict[str, dict[str, str]]:
    """
    Mark the arguments of each type: by name, then by hand.

    Raises:
        ValueError: A rule that was made by hand fits no argument.
    """
    by_name = [(glob, mark) for mark, names in rules["names"].items() for glob in names.split()]
    unused = {(kind, glob) for kind, globs in rules["unmarked"].items() for glob in globs.split()}
    found: dict[str, dict[str, str]] = {}
    for kind, paths in sorted(types.items()):
        own = [one.rpartition(":")[::2] for one in rules["types"].get(kind, "").split()]
        left_out = [*rules["unmarked"].get(kind, "").split(), *rules["nowhere"].split()]
        unused -= {(kind, glob) for glob in left_out if any(fits(path, glob) for path in paths)}
        given = _by_name((path for path in paths if not fits_any(path, left_out)), by_name)
        given |= _by_hand(kind, paths, own)
        if given:
            found[kind] = dict(sorted(given.items()))
    unused |= {(kind, "") for kind in rules["types"].keys() - types.keys()}
    if unused:
        raise ValueError(f"These fit nothing: {sorted(unused)}.")
    return found


def _by_name(paths: Iterable[str], by_name: list[tuple[str, str]]) -> dict[str, str]:
    return {
        path: mark
        for path in paths
        for glob, mark in by_name
        if matches_plain(glob, path.rpartition(".")[2])
    }


def _by_hand(kind: str, paths: set[str], own: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for glob, mark in own:
        fitting = {path for path in paths if fits(path, glob)}
        # The resource as a whole, or a key of a map.
        if glob == "*" or glob.rpartition(".")[0] in paths:
            fitting = {glob}
        if not fitting:
            raise ValueError(f"{kind} has no {glob}.")
        given |= dict.fromkeys(fitting, mark)
    return given


def fits_any(path: str, globs: Iterable[str]) -> bool:
    """Whether one of *globs* fits."""
    return any(fits(path, glob) for glob in globs)


def fits(path: str, glob: str) -> bool:
    """Whether *glob* fits a path, or all that it is in."""
    return matches_plain(glob, path) or matches_plain(f"{glob}.*", path)


def merged(one: Types, other: Types) -> Types:
    """Return the arguments of both versions."""
    return {kind: one.get(kind, set()) | other.get(kind, set()) for kind in one.keys() | other}


def types_of_schemas(schemas: Json) -> Types:
    """List the arguments of each resource type, those in blocks by their path."""
    (provider,) = schemas["provider_schemas"].values()
    found = provider["resource_schemas"].items()
    return {kind: set(_settable(one["block"], "")) for kind, one in found}


def _settable(block: Json, path: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("optional") or attribute.get("required"):
            yield f"{path}{name}"
            yield from _of_object(attribute.get("type"), f"{path}{name}.")
            yield from _settable(attribute.get("nested_type", {}), f"{path}{name}.")
    for name, one in block.get("block_types", {}).items():
        yield from _settable(one["block"], f"{path}{name}.")


def _of_object(kind: Any, path: str) -> Iterator[str]:
    """List the keys of an argument of the type `object`, or of a collection of such."""
    match kind:
        case ["object", keys, *_]:
            for name in keys:
                yield f"{path}{name}"
                yield from _of_object(keys[name], f"{path}{name}.")
        case [str(), inner]:
            yield from _of_object(inner, path)
        case _:
            return


def types_of_assembly(assembly: Json) -> Types:
    """List the arguments of each resource type of the bindings, those in blocks by their path."""
    classes: Json = assembly["types"]
    found: Types = {}
    for name, one in classes.items():
        if one.get("base") == "cdktf.TerraformResource":
            told = _TYPE.search(one["docs"]["summary"])
            if told:
                found[told["name"]] = set(_properties(classes, f"{name}Config", "", ()))
    return found


def _properties(classes: Json, name: str, path: str, within: tuple[str, ...]) -> Iterator[str]:
    """List the paths below a class; one that is within itself, such as a rule of a rule, once."""
    for one in classes.get(name, {}).get("properties", []):
        told = _PATH.search(json.dumps(one.get("docs", {})))
        if not told:
            continue
        here = f"{path}{told['name']}"
        structs = set(_STRUCT.findall(json.dumps(one["type"]))) - {*within}
        for struct in sorted(structs):
            yield from _properties(classes, struct, f"{here}.", (*within, struct))
        if not structs:
            yield here


def sensitive(schemas: Json) -> dict[str, str]:
    """List the paths of the sensitive attributes of each type, of data sources with `data.`."""
    (provider,) = schemas["provider_schemas"].values()
    kinds = {"": provider["resource_schemas"], "data.": provider["data_source_schemas"]}
    found = {
        f"{mode}{kind}": " ".join(sorted(set(_sensitive(one["block"], ""))))
        for mode, schemas_of in kinds.items()
        for kind, one in sorted(schemas_of.items())
    }
    return {kind: names for kind, names in found.items() if names}


def _sensitive(block: Json, path: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("sensitive"):
            yield f"{path}{name}"
        yield from _sensitive(attribute.get("nested_type", {}), f"{path}{name}.")
    for name, one in block.get("block_types", {}).items():
        yield from _sensitive(one["block"], f"{path}{name}.")


def read_assembly() -> Json:
    """Read the assembly of the bindings that are installed."""
    spec = find_spec(BINDINGS)
    places = (spec and spec.submodule_search_locations) or []
    (package,) = Path(places[0]).glob("_jsii/*.tgz")
    with tarfile.open(package) as archive:
        file = archive.extractfile("package/.jsii")
        return json.load(file) if file else {}


def source_of(assembly: Json, version: str) -> str:
    """Name the versions of the provider."""
    summaries = (one.get("docs", {}).get("summary", "") for one in assembly["types"].values())
    newer = next(told["version"] for text in summaries if (told := _TYPE.search(text)))
    return f"hashicorp/aws {version}, and {newer} from {assembly['name']} {assembly['version']}"


if __name__ == "__main__":
    read = read_assembly()
    text = compile_list(
        json.loads(Path(sys.argv[1]).read_text("utf-8")), read, source_of(read, "5.100.0")
    )
    LIST.write_text(text, "utf-8")
