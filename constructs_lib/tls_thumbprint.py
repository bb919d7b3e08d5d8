"""The thumbprint of an issuer's certificates, which Terraform's tls provider reads at plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdktf import TerraformDataSource, TerraformProvider, TerraformProviderGeneratorMetadata

from constructs_lib.tree import stack_of

if TYPE_CHECKING:
    from constructs import Construct

    from deploy_access.github.issuer import Issuer


class _TlsProvider(TerraformProvider):
    """HashiCorp's tls provider; a package of bindings for one data source is not worth its size."""


def read_thumbprint(scope: Construct, issuer: Issuer) -> str:
    """Return a reference to the thumbprint of *issuer*, read by a data source below *scope*."""
    stack = stack_of(scope)
    tls = stack.node.try_find_child("DeployAccessTls")
    if not isinstance(tls, TerraformProvider):
        tls = _TlsProvider(
            stack,
            "DeployAccessTls",
            terraform_resource_type="tls",
            terraform_provider_source="hashicorp/tls",
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(
                provider_name="tls", provider_version_constraint="~> 4.0"
            ),
        )
    certificate = TerraformDataSource(
        scope, "Certificate", terraform_resource_type="tls_certificate", provider=tls
    )
    certificate.add_override("url", f"{issuer.url}/.well-known/openid-configuration")
    # The provider lists the chain from its root, so the first one signs the others.
    return f"${{{certificate.fqn}.certificates[0].sha1_fingerprint}}"
