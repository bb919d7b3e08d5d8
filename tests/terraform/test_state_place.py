"""Where a stack keeps its state."""

from __future__ import annotations

import pytest

from deploy_access.terraform.state_place import state_place

S3 = {"bucket": "states", "key": "web.tfstate"}


@pytest.mark.parametrize(
    ("terraform", "place"),
    [
        pytest.param(None, "local stacks/web/terraform.tfstate", id="nothing said"),
        pytest.param({"backend": {"local": {}}}, "local stacks/web/terraform.tfstate", id="local"),
        pytest.param({"backend": {"local": {"path": "../../x"}}}, "local x", id="relative"),
        pytest.param({"backend": [{"local": [{"path": "/a/./x"}]}]}, "local /a/x", id="absolute"),
        pytest.param({"backend": {"s3": {**S3, "region": "x"}}}, "s3 states/web.tfstate", id="s3"),
        pytest.param([{}, {"backend": {"s3": S3}}], "s3 states/web.tfstate", id="second block"),
        pytest.param({"backend": {"s3": {"bucket": "states"}}}, None, id="told by a flag"),
        pytest.param({"backend": {"s3": {**S3, "key": "${var.k}"}}}, None, id="not known"),
        pytest.param({"backend": {"http": {"address": "u"}}}, "http u", id="http"),
        pytest.param({"cloud": {"organization": "a"}}, 'cloud {"organization": "a"}', id="cloud"),
        pytest.param({"backend": {"pg": {}}}, None, id="all told by flags"),
    ],
)
def test_places(terraform: object, place: str | None) -> None:
    """A place is what tells two states of one backend apart; None when a part is not known."""
    assert state_place(terraform, "stacks/web") == place
