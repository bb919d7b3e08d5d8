"""
The AWS provider of Terraform, as Terraform finds it on this machine.

Terraform itself is asked, in a folder that holds nothing but the name of the provider. Its answer
serves every later run as a mirror, so that those need no network.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects

from ..errors import MissingTool
from ..server.child_environment import search_environment
from .stack_run import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..server.child_process import Processes
    from ..server.working_folder import WorkingFolder
    from .sandbox_estate import SandboxEstate

# Usual places for a mirror of a whole machine: directly in them, or in a folder of any name.
SHARED = ("/usr/local/share", "/usr/share", "/opt")

# https://developer.hashicorp.com/terraform/cli/config/config-file
_LAYOUT = "*/hashicorp/aws/*/*/terraform-provider-aws*"

HOSTS = ("registry.terraform.io", "registry.opentofu.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSource:
    """
    A place that may have the provider, and the variables that make Terraform look there.
    """

    name: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPackage:
    """
    An unpacked AWS provider.
    """

    address: str
    version: str
    executable: Path
    mirror: Path
    source: str


def find_provider(
    estate: SandboxEstate, folder: WorkingFolder, terraform: Path, processes: Processes
) -> ProviderPackage:
    """
    Return a provider that satisfies every stack, from the first source that has one.

    What lies outside of the working folder is remembered: Terraform reads all 700 MB to answer.
    """
    versions = _versions(estate)
    asked: list[str] = []
    said = ""
    for source in _sources(folder, terraform):
        asked.append(source.name)
        question = (terraform, versions, source.name)
        found = _remembered.get(question) or _ask(source, versions, folder, terraform, processes)
        if isinstance(found, str):
            said = found
        else:
            write_mirror_configuration(folder.terraform_config, found.mirror)
            if not found.executable.is_relative_to(folder.root.resolve()):
                _remembered[question] = found
            return found
    raise MissingTool(
        f"Terraform finds no AWS provider {versions or 'of any version'} (asked: "
        f"{', '.join(asked)}), so nothing can be deployed: unpack one into a mirror directory such "
        "as ~/.terraform.d/plugins, or let Terraform reach the registry."
        f"{said and f' It said of the last: {said}'}"
    )


_remembered: dict[tuple[Path, str, str], ProviderPackage] = {}


def _ask(
    source: ProviderSource,
    versions: str,
    folder: WorkingFolder,
    terraform: Path,
    processes: Processes,
) -> ProviderPackage | str:
    """
    Let Terraform look in one source; without a provider there, return what it said.
    """
    shutil.rmtree(folder.provider, ignore_errors=True)
    folder.provider.mkdir(parents=True)
    _write_question(folder.provider, versions)
    command = [terraform, "init", "-backend=false", "-input=false", "-no-color"]
    env = search_environment(source.variables)
    found = processes.run(command, env=env, cwd=folder.provider)
    words = " ".join(readable(found.errors).split())
    return words if found.code else _package(folder, source) or words


def _versions(estate: SandboxEstate) -> str:
    """
    Return what all stacks together ask of the provider's version.
    """
    found = {
        version
        for stack in estate
        for block in stack.terraform
        for required in objects(block.get("required_providers"))
        if (version := as_text(as_object(required.get("aws")).get("version")))
    }
    return ", ".join(sorted(found))


def _write_question(folder: Path, versions: str) -> None:
    required = {"source": "hashicorp/aws", **({"version": versions} if versions else {})}
    question = {"terraform": {"required_providers": {"aws": required}}}
    (folder / "main.tf.json").write_text(json.dumps(question), encoding="utf-8")


def _sources(folder: WorkingFolder, terraform: Path) -> Iterator[ProviderSource]:
    own = _own_configuration(terraform)
    if own is not None:
        yield ProviderSource(
            name=f"the configuration {own}", variables={"TF_CLI_CONFIG_FILE": str(own)}
        )
    for mirror in _mirrors():
        write_mirror_configuration(folder.terraform_config, mirror)
        config = {"TF_CLI_CONFIG_FILE": str(folder.terraform_config.resolve())}
        yield ProviderSource(name=f"the mirror {mirror}", variables=config)
    yield ProviderSource(name="the registry", variables=_registry(folder))


def _own_configuration(terraform: Path) -> Path | None:
    """
    Return the user's own CLI configuration; one that is named and does not exist is left out.
    """
    home = Path.home() / (".tofurc" if "tofu" in terraform.name else ".terraformrc")
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    candidates = [*([Path(named)] if named else []), home]
    return next((path.resolve() for path in candidates if path.is_file()), None)


def _registry(folder: WorkingFolder) -> dict[str, str]:
    """
    Return the settings that make Terraform ask the registry, fail soon, and cache what it loads.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    plugins = cache / "deploy-access" / "terraform-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    return {
        "TF_CLI_CONFIG_FILE": str(folder.empty.resolve()),
        "TF_PLUGIN_CACHE_DIR": str(plugins),
        # Without a network every request would wait for its full time, several times over.
        "TF_REGISTRY_CLIENT_TIMEOUT": "10",
        "TF_REGISTRY_DISCOVERY_RETRY": "0",
    }


def _mirrors() -> Iterator[Path]:
    """
    Yield the directories that hold an AWS provider.

    Terraform's implied mirrors first, then the usual places of a whole machine:
    https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    """
    data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    home_data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    implied = [
        Path("terraform.d/plugins"),
        Path.home() / ".terraform.d" / "plugins",
        *(Path(name) / "terraform" / "plugins" for name in (home_data, *data.split(":"))),
    ]
    shared = [folder for root in SHARED for folder in _in(root)]
    for path in dict.fromkeys([*implied, *shared]):
        if any((path / host / "hashicorp" / "aws").is_dir() for host in HOSTS):
            yield path.resolve()


def _in(root: str) -> list[Path]:
    """
    Return a directory, and those directly in it that this user may read.
    """
    path = Path(root)
    inner = sorted(path.iterdir()) if os.access(path, os.R_OK | os.X_OK) else []
    return [path, *(folder for folder in inner if os.access(folder, os.R_OK | os.X_OK))]


def write_mirror_configuration(config: Path, mirror: Path) -> None:
    """
    Write a CLI configuration that knows one mirror and no registry.
    """
    path = json.dumps(str(mirror))
    text = f"provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n"
    config.write_text(text, encoding="utf-8")


def _package(folder: WorkingFolder, source: ProviderSource) -> ProviderPackage | None:
    """
    Read which provider Terraform has put into its folder, or linked there.

    With development overrides in the user's configuration Terraform is content without putting one.
    """
    linked = folder.provider / ".terraform" / "providers"
    for link in linked.glob(_LAYOUT):
        executable = link.resolve()
        # The link may lead to a folder of any shape; only one of this shape is a mirror too.
        mirror = next((up for up in executable.parents if executable in up.glob(_LAYOUT)), None)
        host, namespace, name, version = link.relative_to(linked).parts[:4]
        return ProviderPackage(
            address=f"{host}/{namespace}/{name}",
            version=version,
            executable=executable if mirror else link.absolute(),
            mirror=mirror or linked.absolute(),
            source=source.name,
        )
    return None
