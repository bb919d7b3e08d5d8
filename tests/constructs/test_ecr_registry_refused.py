"""What a registry refuses: values by themselves, and values that do not fit the registry."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session  # pyright: ignore[reportMissingTypeStubs]
from hypothesis import given
from hypothesis import strategies as st
from synth import ACCOUNT, OTHER_ACCOUNT, REGION, new_stack, synth

from constructs_lib import (
    CreationTemplate,
    EcrRegistry,
    EcrRepo,
    Encryption,
    LifecycleRule,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    TagMutability,
)
from constructs_lib.provider import AwsProvider
from deploy_access.errors import DuplicateResource, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdktf import App, TerraformStack

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecr-cache"
FAR_ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/ecr-cache"
ECR = "dkr.ecr.eu-west-1.amazonaws.com"

SCAN = partial(Scanning, type="ENHANCED", continuous=("*",))
COPY = partial(ReplicationRule, regions=["eu-west-1"], prefixes=["web"])
CACHE = partial(PullThroughCache, prefix="quay", upstream="quay.io")
TEMPLATE = partial(CreationTemplate, prefix="quay", applied_for=["PULL_THROUGH_CACHE"])

MAKERS: tuple[Any, ...] = (SCAN, COPY, CACHE, TEMPLATE)

VALUES: dict[str, tuple[Callable[..., object], dict[str, Any], str]] = {
    "scan of a third type": (SCAN, {"type": "enhanced"}, "takes 'BASIC' or 'ENHANCED'"),
    "scan of nothing": (SCAN, {"continuous": ()}, "A scan names repositories"),
    "basic and continuous": (SCAN, {"type": "BASIC"}, "Only an enhanced scan is continuous"),
    "scan of one text": (SCAN, {"on_push": "web"}, "`on_push` is a list of texts"),
    "scan twice": (SCAN, {"on_push": ["a", "a"]}, "names each once"),
    "scan in capitals": (SCAN, {"on_push": ["Web"]}, "with `\\*` for any part"),
    "scan of 101": (SCAN, {"on_push": [f"a{n}" for n in range(101)]}, "at most 100 entries"),
    "copy to nowhere": (COPY, {"regions": []}, "`regions` names at least one"),
    "copy to a place": (COPY, {"regions": ["frankfurt"]}, "A region lies in one of AWS"),
    "copy to a name": (COPY, {"account": "prod"}, "has twelve digits"),
    "copy to an empty account": (COPY, {"account": ""}, "has twelve digits"),
    "copy of nothing": (COPY, {"prefixes": []}, "`prefixes` names at least one"),
    "copy of a pattern": (COPY, {"prefixes": ["web*"]}, "knows no pattern here"),
    "copy of one letter": (COPY, {"prefixes": ["w"]}, "2 to 256 characters"),
    "copy of all and more": (COPY, {"prefixes": ["*", "web"]}, "stands alone"),
    "copy of 101": (COPY, {"prefixes": [f"a{n}" for n in range(101)]}, "at most 100 entries"),
    "prefix with the slash": (CACHE, {"prefix": "quay/"}, "adds the `/` at the end by itself"),
    "prefix in capitals": (CACHE, {"prefix": "Quay"}, "`prefix` is 2 to 30 lower-case"),
    "prefix of one letter": (CACHE, {"prefix": "q"}, "`prefix` is 2 to 30 lower-case"),
    "prefix of 31": (CACHE, {"prefix": "q" * 31}, "`prefix` is 2 to 30 lower-case"),
    "prefix by reference": (CACHE, {"prefix": "${var.x}"}, "`prefix` is 2 to 30 lower-case"),
    "no prefix": (CACHE, {"prefix": ""}, "`prefix` is 2 to 30 lower-case"),
    "upstream with scheme": (
        CACHE,
        {"upstream": "https://public.ecr.aws/"},
        "Did you mean 'public.ecr.aws'?",
    ),
    "upstream by its other name": (
        CACHE,
        {"upstream": "docker.io", "credential": SECRET},
        "Did you mean 'registry-1.docker.io'?",
    ),
    "upstream misspelt": (CACHE, {"upstream": "quai.io"}, "Did you mean 'quay.io'?"),
    "upstream that ECR does not know": (
        CACHE,
        {"upstream": "mcr.microsoft.com"},
        "with a workflow of your own",
    ),
    "no password": (CACHE, {"upstream": "ghcr.io"}, "'ghcr.io' asks for a password"),
    "no password for Azure": (
        CACHE,
        {"upstream": "acmeimages.azurecr.io"},
        "asks for a password",
    ),
    "password by name": (
        CACHE,
        {"upstream": "ghcr.io", "credential": "ecr-pullthroughcache/ghcr"},
        "`credential` is the ARN of a secret",
    ),
    "another secret": (
        CACHE,
        {"upstream": "ghcr.io", "credential": SECRET.replace("ecr-pullthroughcache", "web")},
        "whose name begins with `ecr-pullthroughcache/`",
    ),
    "password for AWS": (
        CACHE,
        {"upstream": f"{ACCOUNT}.{ECR}", "credential": SECRET},
        "A registry of AWS takes no password",
    ),
    "role for others": (CACHE, {"role": ROLE}, "do not know AWS's roles"),
    "role by name": (
        CACHE,
        {"upstream": f"{ACCOUNT}.{ECR}", "role": "ecr-cache"},
        "`role` is the ARN of a role",
    ),
    "pulled by one": (CACHE, {"pulled_by": "build"}, "`pulled_by` is a list of texts"),
    "pulled by a user": (
        CACHE,
        {"pulled_by": [f"arn:aws:iam::{ACCOUNT}:user/ada"]},
        "`pulled_by` is the ARN of a role",
    ),
    "pulled by everybody": (CACHE, {"pulled_by": ["*"]}, "`pulled_by` is the ARN of a role"),
    "pulled by many": (CACHE, {"pulled_by": ["ci/*"]}, "`pulled_by` is the ARN of a role"),
    "pulled by no name": (CACHE, {"pulled_by": ["a b"]}, "The name of a role has"),
    "pulled by a path": (
        CACHE,
        {"pulled_by": ["/ci/build"]},
        "A role is given by `name`, `path/name` or ARN",
    ),
    "template for a push": (
        TEMPLATE,
        {"applied_for": ["CREATE_ON_PUSH"]},
        "`applied_for` takes a list of",
    ),
    "template for nothing": (TEMPLATE, {"applied_for": []}, "`applied_for` names at least one"),
    "template for one text": (TEMPLATE, {"applied_for": "REPLICATION"}, "is a list of texts"),
    "template in small letters": (
        TEMPLATE,
        {"applied_for": ["replication"]},
        "`applied_for` takes a list of",
    ),
    "template prefix": (TEMPLATE, {"prefix": "Quay"}, "`prefix` is 2 to 256 lower-case"),
    "template with a mode": (
        TEMPLATE,
        {"tag_mutability": "IMMUTABLE"},
        "`tag_mutability` takes `TagMutability`",
    ),
    "template with a type": (TEMPLATE, {"encryption": "KMS"}, "`encryption` takes `Encryption`"),
    "template with a key and no role": (
        TEMPLATE,
        {"encryption": Encryption.kms()},
        "needs a `role`",
    ),
    "template with tags and no role": (TEMPLATE, {"tags": {"a": "b"}}, "needs a `role`"),
    "template with a list of tags": (
        TEMPLATE,
        {"tags": ["a"], "role": ROLE},
        "`tags` takes a table with texts",
    ),
    "template with a number as tag": (
        TEMPLATE,
        {"tags": {"a": 1}, "role": ROLE},
        r"`tags\['a'\]` takes a text",
    ),
    "template with AWS's tag": (
        TEMPLATE,
        {"tags": {"aws:a": "b"}, "role": ROLE},
        "A tag has a key",
    ),
    "template with rules as text": (
        TEMPLATE,
        {"lifecycle": "untagged"},
        "`lifecycle` is a list",
    ),
    "template with bad rules": (
        TEMPLATE,
        {"lifecycle": [LifecycleRule.expire_untagged(), LifecycleRule.expire_untagged(days=1)]},
        "one rule for untagged images",
    ),
    "template for no account": (TEMPLATE, {"pull_accounts": ["prod"]}, "has twelve digits"),
    "template with a role's name": (TEMPLATE, {"role": "x"}, "`role` is the ARN of a role"),
    "template described at length": (
        TEMPLATE,
        {"description": "x" * 257},
        "at most 256 characters",
    ),
}


@pytest.mark.parametrize(
    ("make", "keywords", "message"),
    [pytest.param(*value, id=name) for name, value in VALUES.items()],
)
def test_value_refused(make: Callable[..., object], keywords: dict[str, Any], message: str) -> None:
    """A value that ECR refuses is refused when it is made, as one problem with all four parts."""
    with pytest.raises(InvalidValue, match=message) as caught:
        make(**keywords)

    (problem,) = caught.value.problems
    assert all((problem.what, problem.why, problem.fix))


@pytest.mark.parametrize("make", MAKERS)
def test_the_values_that_are_changed(make: Callable[..., Any]) -> None:
    """Without the change, each of these values is taken; none can be changed later."""
    value = make()

    for name in value.__dataclass_fields__:
        assert not isinstance(getattr(value, name), list | dict)
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "other")


WRONG: tuple[Any, ...] = (None, 7, True, 1.5, b"x", [1], [None], {"a": 1}, object(), "x y", ["x y"])
OPTIONAL = {
    "account",
    "credential",
    "description",
    "encryption",
    "lifecycle",
    "role",
    "tag_mutability",
    "tags",
    "upstream_prefix",
}


@pytest.mark.parametrize(
    ("make", "keyword"),
    [
        pytest.param(make, keyword, id=f"{make.func.__name__}.{keyword}")
        for make in MAKERS
        for keyword in make.func.__dataclass_fields__
    ],
)
def test_every_wrong_type(make: Callable[..., object], keyword: str) -> None:
    """Whatever stands in place of a value, the refusal is ours and no accident of Python."""
    refused = 0
    for wrong in WRONG:
        try:
            make(**{keyword: wrong})
        except InvalidValue:
            refused += 1
        else:
            assert wrong is None or isinstance(wrong, str)
            assert wrong is not None or keyword in OPTIONAL

    assert refused >= len(WRONG) - 2


@pytest.mark.parametrize(
    "keyword",
    [
        "scanning",
        "replication",
        "pull_through",
        "allow_replication_from",
        "creation_templates",
    ],
)
def test_every_wrong_type_of_the_registry(stack: TerraformStack, keyword: str) -> None:
    """The same of the construct's own keywords."""
    taken: list[object] = []
    for wrong in WRONG:
        try:
            EcrRegistry(stack, "Registry", **{keyword: wrong})
        except InvalidValue:
            continue
        taken.append(wrong)

    assert taken == []
    assert synth(stack).paths() == []


REGISTRY: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "An `EcrRegistry` sets something"),
    "text as scan": ({"scanning": "BASIC"}, "`scanning` takes `Scanning`"),
    "one rule": ({"replication": COPY()}, "`replication` takes a list of `ReplicationRule`"),
    "text as cache": ({"pull_through": ["quay.io"]}, "`pull_through` takes a list of"),
    "text as template": ({"creation_templates": "quay"}, "`creation_templates` is a list of"),
    "copy to itself": (
        {"replication": [COPY(regions=[REGION])]},
        "A registry is replicated to another one",
    ),
    "copy to itself by account": (
        {"replication": [COPY(regions=[REGION], account=ACCOUNT)]},
        "A registry is replicated to another one",
    ),
    "copy to China": (
        {"replication": [COPY(regions=["cn-north-1"])]},
        "within its partition, here 'aws'",
    ),
    "eleven rules": ({"replication": [COPY()] * 11}, "up to 10 rules"),
    "two caches of one prefix": ({"pull_through": [CACHE(), CACHE()]}, "a `prefix` of its own"),
    "secret of another region": (
        {"pull_through": [CACHE(credential=SECRET.replace(REGION, "us-east-1"))]},
        "registry's own account and region",
    ),
    "secret of another account": (
        {"pull_through": [CACHE(credential=SECRET.replace(ACCOUNT, OTHER_ACCOUNT))]},
        "registry's own account and region",
    ),
    "another account without role": (
        {"pull_through": [CACHE(upstream=f"{OTHER_ACCOUNT}.{ECR}")]},
        "read with a role of this one",
    ),
    "role of another account": (
        {"pull_through": [CACHE(upstream=f"{OTHER_ACCOUNT}.{ECR}", role=FAR_ROLE)]},
        "a role of the registry's own account",
    ),
    "one account": ({"allow_replication_from": OTHER_ACCOUNT}, "is a list of texts"),
    "account as number": ({"allow_replication_from": [111122223333]}, "takes a list of texts"),
    "name of an account": ({"allow_replication_from": ["prod"]}, "has twelve digits"),
    "own account": ({"allow_replication_from": [ACCOUNT]}, "names other accounts"),
    "two templates of one prefix": (
        {"creation_templates": [TEMPLATE(), TEMPLATE(applied_for=["REPLICATION"])]},
        "a `prefix` of its own",
    ),
    "template with a role of another account": (
        {"creation_templates": [TEMPLATE(role=FAR_ROLE)]},
        "a role of the registry's own account",
    ),
    "long policy": (
        {"pull_through": [CACHE(pulled_by=[f"{'x' * 60}{number}" for number in range(110)])]},
        "at most 10240 characters",
    ),
}


@pytest.mark.parametrize(
    ("keywords", "message"), [pytest.param(*case, id=name) for name, case in REGISTRY.items()]
)
def test_registry_refused(stack: TerraformStack, keywords: dict[str, Any], message: str) -> None:
    """What does not fit the registry is refused as one problem, and nothing is made."""
    with pytest.raises(InvalidValue, match=message) as caught:
        EcrRegistry(stack, "Registry", **keywords)

    (problem,) = caught.value.problems
    assert all((problem.what, problem.why, problem.fix))
    assert synth(stack).paths() == []


def copies(accounts: int) -> list[ReplicationRule]:
    """Make a rule for each of some accounts, to three regions."""
    regions = ["eu-west-1", "us-east-1", "us-west-2"]
    return [COPY(account=f"{number:012}", regions=regions) for number in range(accounts)]


def test_most_destinations(stack: TerraformStack) -> None:
    """25 destinations are the most; two rules may share one."""
    EcrRegistry(stack, "Registry", replication=[*copies(8), *copies(2)])

    far = AwsProvider(stack, "Far", region="us-east-2", allowed_account_ids=[ACCOUNT], alias="far")
    with pytest.raises(InvalidValue, match="up to 25 destinations"):
        EcrRegistry(stack, "Far", replication=copies(9), provider=far)


def test_all_mistakes_at_once(stack: TerraformStack) -> None:
    """One run shows what is wrong with every part."""
    with pytest.raises(InvalidValue) as caught:
        EcrRegistry(
            stack,
            "Registry",
            replication=[COPY(regions=[REGION])],
            pull_through=[CACHE(), CACHE()],
            allow_replication_from=["prod"],
        )

    assert len(caught.value.problems) == 3


def test_one_registry_a_region(app: App) -> None:
    """The second one of an account and region would undo the first; other regions have theirs."""
    EcrRegistry(new_stack(app, "one"), "Registry", scanning=Scanning.basic())
    EcrRegistry(new_stack(app, "far", region="us-east-1"), "Registry", scanning=Scanning.basic())
    EcrRepo(two := new_stack(app, "two"), "Image", name="ecr")

    with pytest.raises(DuplicateResource, match="registry 'ECR' is made twice") as caught:
        EcrRegistry(two, "Registry", allow_replication_from=[OTHER_ACCOUNT])

    assert caught.value.paths == ("one/Registry", "two/Registry")
    assert f"account {ACCOUNT} and region {REGION}" in str(caught.value)


SHAPES: dict[str, Callable[[str], object]] = {
    "ScanningRepositoryFilterValue": lambda text: SCAN(on_push=[text]),
    "RepositoryFilterValue": lambda text: COPY(prefixes=[text]),
    "PullThroughCacheRuleRepositoryPrefix": lambda text: CACHE(prefix=text),
    "Prefix": lambda text: TEMPLATE(prefix=text),
}
# What AWS takes and we do not: a `/` that follows anyway, and a template of one letter, which the
# provider refuses.
STRICTER = re.compile(r".*/|.")


def aws_takes(shape: str, text: str) -> bool:
    """Whether a text has the shape that AWS's own model asks for."""
    session: Any = Session()
    limits = session.get_service_model("ecr").shape_for(shape).metadata
    fits = limits["min"] <= len(text) <= limits["max"]
    return fits and re.fullmatch(limits["pattern"], text) is not None


@pytest.mark.parametrize("shape", SHAPES)
@given(text=st.text(alphabet="ab1.-_/*A ", min_size=1, max_size=9))
def test_as_aws_has_it(shape: str, text: str) -> None:
    """A text is taken exactly when AWS's own model takes it, but for what is stricter."""
    taken = aws_takes(shape, text)
    if shape == "RepositoryFilterValue":
        taken |= text == "*"
    elif shape != "ScanningRepositoryFilterValue":
        taken &= STRICTER.fullmatch(text) is None

    try:
        SHAPES[shape](text)
    except InvalidValue:
        assert not taken
    else:
        assert taken


def test_mutability_of_the_default() -> None:
    """A cache follows tags that move elsewhere, so its template must let them."""
    assert TEMPLATE().mutability == TagMutability.mutable()
    assert TEMPLATE(applied_for=["REPLICATION"]).mutability == TagMutability.immutable()
