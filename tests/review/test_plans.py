"""Plans as `terraform show -json` prints them: whose they are, and what is read off them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from review_sides import Json, one, stack, write_side

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.resource_diff.model import AttributeChange, ResourceChange
from deploy_access.resource_diff.planned_changes import read_changes
from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

DEV = stack(one("aws_ecr_repository", "Image", name="web-dev"))
STG = stack(one("aws_ecr_repository", "Image", name="web-stg"))


def plan(document: Json, *changes: Json) -> Json:
    """Write the plan of a stack whose resources are all there already."""
    blocks = [
        (kind, name, body)
        for kind, named in document["resource"].items()
        for name, body in named.items()
    ]
    resources = [
        {
            "address": f"{kind}.{name}",
            "mode": "managed",
            "type": kind,
            "name": name,
            "values": {key: value for key, value in body.items() if key != "//"},
        }
        for kind, name, body in blocks
    ]
    configured = [{"address": each["address"], "mode": "managed"} for each in resources]
    values = {"root_module": {"resources": resources}}
    return {
        "format_version": "1.2",
        "planned_values": values,
        "prior_state": {"values": values},
        "configuration": {"root_module": {"resources": configured}},
        "resource_changes": list(changes),
    }


def change(*actions: str, before: Any = None, after: Any = None, **more: Any) -> Json:
    """Write what a plan does to the repository; *more* belongs to the change, `_x` beside it."""
    beside = {key.removeprefix("_"): more.pop(key) for key in list(more) if key.startswith("_")}
    return {
        "address": "aws_ecr_repository.Image",
        "mode": "managed",
        "type": "aws_ecr_repository",
        "name": "Image",
        "change": {"actions": list(actions), "before": before, "after": after, **more},
        **beside,
    }


def read(entry: Json) -> ResourceChange | None:
    """Read one change."""
    found = read_changes("web", {"resource_changes": [entry]}, {}, {})
    return found[0] if found else None


WEB = {"name": "web"}


@pytest.mark.parametrize(
    ("entry", "action", "why", "note"),
    [
        pytest.param(change("create", after=WEB), "create", "", "", id="create"),
        pytest.param(
            change("delete", before=WEB, _action_reason="delete_because_no_resource_config"),
            "destroy",
            "Its block is gone.",
            "AWS refuses while it holds images.",
            id="delete",
        ),
        pytest.param(
            change("delete", before={**WEB, "force_delete": True}),
            "destroy",
            "",
            "`force_delete` is set, so it goes with its images.",
            id="delete-by-force",
        ),
        pytest.param(
            change(
                *("delete", "create"),
                before=WEB,
                after={"name": "shop"},
                replace_paths=[["name"], ["encryption_configuration", 0, "kms_key"]],
                _action_reason="replace_because_cannot_update",
            ),
            "replace",
            "`encryption_configuration[0].kms_key` and `name` cannot be changed in place.",
            "AWS refuses while it holds images.",
            id="replace",
        ),
        pytest.param(
            change("create", "delete", before=WEB, after=WEB, _action_reason="replace_by_request"),
            "replace",
            "Somebody asked for it with `-replace`.",
            "AWS refuses while it holds images.",
            id="made-before-it-is-destroyed",
        ),
        pytest.param(change("forget", before=WEB), "forget", "", "", id="forget"),
        pytest.param(
            change("no-op", before=WEB, after=WEB, _previous_address="aws_ecr_repository.Old"),
            "move",
            "Its address was `aws_ecr_repository.Old`.",
            "",
            id="move",
        ),
        pytest.param(
            change(
                *("update",),
                before=WEB,
                after={**WEB, "tags": {"a": "1"}},
                _previous_address="aws_ecr_repository.Old",
            ),
            "update",
            "",
            "Its address was `aws_ecr_repository.Old`.",
            id="move-and-update",
        ),
        pytest.param(
            change("no-op", before=WEB, after=WEB, importing={"id": "web"}),
            "import",
            "",
            "",
            id="import",
        ),
        pytest.param(
            change("delete", before=WEB, _deposed="0123abcd"),
            "destroy",
            "",
            "It is what an earlier, interrupted replacement left. "
            "AWS refuses while it holds images.",
            id="deposed",
        ),
    ],
)
def test_actions(entry: Json, action: str, why: str, note: str) -> None:
    """Each action of a plan, with its reason and what holds it back."""
    found = read(entry)

    assert found is not None
    assert (found.action, found.why, found.note) == (action, why, note)
    assert (found.name, found.known, found.holds_data) == ("web", True, True)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(change("no-op", before=WEB, after=WEB), id="nothing"),
        pytest.param({**change("read"), "mode": "data"}, id="data-source"),
        pytest.param(change("something"), id="unknown-action"),
        pytest.param({"address": 1, "change": []}, id="no-shape"),
    ],
)
def test_what_is_no_change(entry: Json) -> None:
    """What does nothing to a resource is left out."""
    assert read(entry) is None


def test_attributes() -> None:
    """Attributes have their values, but neither secrets nor what nobody knows yet."""
    found = read(
        change(
            "update",
            before={"name": "web", "token": "a", "tags": {"k": "old"}, "policy": "{}", "url": "u"},
            after={"name": "web", "token": "b", "tags": {"k": "new"}, "url": "u"},
            after_unknown={"policy": True},
            before_sensitive={"token": True},
            after_sensitive={"tags": {"k": True}},
        )
    )

    assert found is not None
    assert found.attributes == (
        AttributeChange(name="policy", before='"{}"', after="(known after apply)"),
        AttributeChange(name="tags.k", before="(sensitive)", after="(sensitive)"),
        AttributeChange(name="token", before="(sensitive)", after="(sensitive)"),
    )


def test_attributes_of_a_replacement() -> None:
    """Of a replacement only what causes it is told, of what is not known."""
    found = read(
        change(
            *("delete", "create"),
            before={"name": "web", "arn": "arn:web", "role": "a"},
            after={"name": "shop"},
            after_unknown={"arn": True, "role": True},
            replace_paths=[["role"]],
        )
    )

    assert found is not None
    assert [a.name for a in found.attributes] == ["name", "role"]


def test_a_whole_side_that_is_sensitive() -> None:
    """Where all of a side is sensitive nothing of it is shown, not even its name."""
    found = read(
        change(
            *("update",), before=WEB, after={"name": "x"}, before_sensitive=True, after_sensitive={}
        )
    )

    assert found is not None
    assert found.name == "x"
    assert found.attributes == (
        AttributeChange(name="name", before="(sensitive)", after="(sensitive)"),
    )


def with_plans(tmp_path: Path, files: dict[str, Json]) -> list[str]:
    """Review a head of two stacks with plans, and return where each change is."""
    head = write_side(tmp_path / "head", {"web-dev": DEV, "web-stg": STG})
    paths: list[Path] = []
    for name, document in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document), "utf-8")
        paths.append(path)
    return [found.stack for found in review(head, head, paths).resources]


def gone(document: Json) -> Json:
    """Write the plan of a stack whose repository would be destroyed."""
    (body,) = document["resource"]["aws_ecr_repository"].values()
    found = plan(document, change("delete", before={"name": body["name"]}))
    return {**found, "planned_values": {}}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"web-dev.json": gone(DEV)}, ["web-dev"], id="by-file"),
        pytest.param({"web-dev.plan.json": gone(DEV)}, ["web-dev"], id="by-longer-file"),
        pytest.param({"web-stg/plan.json": gone(STG)}, ["web-stg"], id="by-folder"),
        pytest.param({"plan.json": gone(STG)}, ["web-stg"], id="by-what-it-plans"),
        pytest.param(
            {"a.json": gone(STG), "b.json": gone(DEV)},
            ["web-dev", "web-stg"],
            id="several",
        ),
    ],
)
def test_whose_a_plan_is(tmp_path: Path, files: dict[str, Json], expected: list[str]) -> None:
    """A plan is of the stack that its file is called after, or whose resources it plans."""
    assert with_plans(tmp_path, files) == expected


OTHER = stack(one("aws_iam_role", "Role", name="web"))
UNKNOWN = stack(one("aws_ecr_repository", "Image", name="${var.name}"))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"web-dev.json": plan(OTHER)}, "is not of the stack 'web-dev'", id="stale"),
        pytest.param({"plan.json": plan(OTHER)}, "No stack has the resources", id="of-none"),
        pytest.param(
            {"plan.json": plan(stack(one("aws_ecr_repository", "Image", tags={})))},
            "It fits web-dev, web-stg",
            id="of-several",
        ),
        pytest.param(
            {"web-dev.json": plan(DEV), "other.json": plan(DEV)},
            "There are two plans of stack 'web-dev'",
            id="twice",
        ),
        pytest.param({"web-dev.json": DEV}, "The file is no plan", id="no-plan"),
    ],
)
def test_plans_that_fit_nothing(tmp_path: Path, files: dict[str, Json], said: str) -> None:
    """A plan that is of no stack, or of which nobody can say it, is refused."""
    with pytest.raises(InvalidValue, match=said):
        with_plans(tmp_path, files)


def test_what_synthesis_could_not_know(tmp_path: Path) -> None:
    """A plan fills in names that only Terraform knows, before and after."""
    trust = json.dumps(
        {
            "Statement": {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": "${data.aws_iam_role.Other.arn}"},
            }
        }
    )
    document = stack(one("aws_iam_role", "Role", name="${var.name}", assume_role_policy=trust))
    side = write_side(tmp_path / "out", {"web": document})
    made = plan(document)
    known = {
        "name": "web-role",
        "assume_role_policy": trust.replace("${", "arn:aws:iam::1").replace("}", ""),
    }
    before = {"address": "aws_iam_role.Role", "mode": "managed", "values": {**known, "name": "old"}}
    after = {"address": "aws_iam_role.Role", "mode": "managed", "values": known}
    made["prior_state"]["values"] = {"root_module": {"resources": [before]}}
    made["planned_values"] = {"root_module": {"resources": [after]}}
    (tmp_path / "web.json").write_text(json.dumps(made), "utf-8")

    found = review(side, side, [tmp_path / "web.json"])

    assert {(c.party.name, c.presence) for c in found.access} == {
        ("old", "gone"),
        ("web-role", "made"),
    }


def test_a_plan_as_base(tmp_path: Path) -> None:
    """What AWS adds to a planned resource is no difference to what is written."""
    planned = plan(DEV)
    (resource,) = planned["planned_values"]["root_module"]["resources"]
    resource["values"] |= {"arn": "arn:web", "force_delete": False, "name": "web"}
    (tmp_path / "plan.json").write_text(json.dumps(planned), "utf-8")
    (tmp_path / "web.tf.json").write_text(json.dumps(DEV), "utf-8")

    (found,) = review(tmp_path / "plan.json", tmp_path / "web.tf.json").resources

    assert found.action == "replace"
    assert [a.name for a in found.attributes] == ["name"]


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(
                [
                    *("root_module", "resources", "address", "mode", "type", "values", "change"),
                    *("actions", "before", "after", "after_unknown", "replace_paths"),
                    *("before_sensitive", "after_sensitive", "importing", "child_modules"),
                ]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)
PLANS = st.dictionaries(
    st.sampled_from(
        [
            *("planned_values", "prior_state", "configuration", "resource_changes", "variables"),
            *("//", "values"),
        ]
    ),
    JUNK,
    max_size=5,
)


@pytest.mark.slow
@given(document=PLANS)
def test_plans_of_no_shape(tmp_path_factory: pytest.TempPathFactory, document: Json) -> None:
    """Whatever a plan holds, the command answers with a review or with one line."""
    folder = tmp_path_factory.mktemp("junk")
    (folder / "plan.json").write_text(json.dumps(document), "utf-8")
    side = write_side(folder / "out", {"web": DEV, "plan": stack()})

    for arguments in ([], [str(side), str(side)]):
        options = ["--plan", str(folder / "plan.json"), "--format", "json"]
        result = CliRunner().invoke(main, ["review", *arguments, *options])
        assert result.exit_code in {0, 1}, result.output
        assert result.exit_code == 0 or result.output.startswith("fatal: ")


@pytest.mark.slow
@given(raw=st.one_of(st.binary(max_size=40), PLANS.map(lambda found: json.dumps(found).encode())))
def test_manifests_of_no_shape(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever a manifest holds, both commands answer, or say in one line what is wrong."""
    folder = tmp_path_factory.mktemp("junk")
    (folder / "manifest.json").write_bytes(raw)

    for command in ("review", "waves"):
        result = CliRunner().invoke(main, [command, "none", str(folder)])
        assert result.exit_code in {0, 1}, result.output
        assert result.exit_code == 0 or result.output.startswith("fatal: ")
