"""What Terraform loads of a folder, by the names of the files."""

from __future__ import annotations

import pytest

from deploy_access.terraform.loaded_names import LoadedNames, is_loaded, loaded_names


def test_files_come_in_the_order_in_which_they_count() -> None:
    """Overrides come after all others, and automatic values after `terraform.tfvars`."""
    names = [
        *("b_override.tf.json", "override.tf.json", "b.tf.json", "a.tf.json", "a_override.tf.json"),
        *("z.auto.tfvars.json", "terraform.tfvars.json", "a.auto.tfvars.json"),
        *("a.auto.tfvars", "terraform.tfvars", "x.tf", "override.tf", "x.tofu", "x.tofu.json"),
        *("prod.tfvars", "prod.tfvars.json", ".terraform.lock.hcl"),
    ]

    assert loaded_names(names) == LoadedNames(
        configuration=("a.tf.json", "b.tf.json", "x.tf"),
        overrides=("a_override.tf.json", "b_override.tf.json", "override.tf", "override.tf.json"),
        values=(
            *("terraform.tfvars", "terraform.tfvars.json"),
            *("a.auto.tfvars", "a.auto.tfvars.json", "z.auto.tfvars.json"),
        ),
        tofu=("x.tofu", "x.tofu.json"),
        lock=(".terraform.lock.hcl",),
        unloaded=("prod.tfvars", "prod.tfvars.json"),
    )


def test_a_folder_of_opentofu() -> None:
    """What OpenTofu alone loads is read where Terraform finds nothing, and not beside a stack."""
    names = ["main.tofu", "override.tofu", "x.tofu.json"]

    assert loaded_names(names) == LoadedNames(
        configuration=("main.tofu", "x.tofu.json"), overrides=("override.tofu",)
    )
    assert loaded_names(names, has_more=True) == LoadedNames(tofu=tuple(names))


@pytest.mark.parametrize(
    "name",
    [
        *(".x.tf", ".x.tf.json", "x.tf~", "x.tf.json~", "#x.tf#", "x.tf.bak", "tf.json", "x.json"),
        *("x.tftest.hcl", "terraform.tfstate", "x.TF", ".terraform.lock.hcl.old"),
    ],
)
def test_what_terraform_passes_over(name: str) -> None:
    """Hidden files, and what an editor leaves behind, change nothing."""
    assert not is_loaded(name)


@pytest.mark.parametrize(
    "name", [".x.auto.tfvars", ".x.auto.tfvars.json", "#x.tf", "x_override.tf", "Override.tf.json"]
)
def test_what_terraform_loads(name: str) -> None:
    """A hidden file sets variables, too; only `#` at both ends is left behind by an editor."""
    assert is_loaded(name)


def test_an_override_is_told_by_its_whole_name() -> None:
    """`override` alone or after `_` is one; in another place it is a name like any other."""
    names = ["Override.tf.json", "my-override.tf.json", "override_x.tf.json", "overridetf.json"]

    assert loaded_names(names) == LoadedNames(
        configuration=("Override.tf.json", "my-override.tf.json", "override_x.tf.json")
    )
