"""The OIDC provider in IAM, through which an AWS account accepts the tokens of an issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cdktf import Postcondition, TerraformResourceLifecycle

from constructs_lib.aws_target import AwsTarget
from constructs_lib.duplicate_resources import claim, find_made
from constructs_lib.element import Element
from constructs_lib.keyword_types import checked
from constructs_lib.node_calls import Part
from constructs_lib.oidc_provider_checks import (
    check_audiences,
    check_thumbprints,
    not_a_provider_arn,
)
from constructs_lib.provider import (
    AwsProvider,
    DataAwsIamOpenidConnectProvider,
    IamOpenidConnectProvider,
)
from constructs_lib.tls_thumbprint import read_thumbprint
from constructs_lib.tree import add_metadata, tags_or_none
from deploy_access.errors import InvalidValue, reject
from deploy_access.github.issuer import Issuer
from deploy_access.github.trust_policy import trust_policy
from deploy_access.iam.arns import Arn
from deploy_access.iam.limits import check_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from deploy_access.github.subject import Subject
    from deploy_access.iam.statement import PolicyDocument


class OidcProviderBase(Part):
    """An OIDC provider in IAM, made here or elsewhere."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        issuer: Issuer,
        audiences: Sequence[str] | None,
        target: AwsTarget,
    ) -> None:
        super().__init__(scope, id)
        self._issuer = issuer
        self._audiences = tuple(audiences or (target.audience,))
        self._target = target

    @property
    def arn(self) -> str:
        """The ARN, built from the account and the issuer."""
        return self._target.iam_arn(f"oidc-provider/{self.condition_key_prefix}")

    @property
    def issuer(self) -> Issuer:
        """The issuer that signs the tokens."""
        return self._issuer

    @property
    def audiences(self) -> tuple[str, ...]:
        """The values of `aud` that a role may accept."""
        return self._audiences

    @property
    def condition_key_prefix(self) -> str:
        """The prefix of its condition keys: the issuer without `https://`, slug included."""
        return self._issuer.condition_key_prefix

    @property
    def target(self) -> AwsTarget:
        """The account that it is in."""
        return self._target

    @property
    def made(self) -> OidcProvider | None:
        """The construct of this app that makes it, as far as there is one by now."""
        found = find_made("OIDC provider", self.issuer.url, self._target)
        return found if isinstance(found, OidcProvider) else None

    def trust(self, subjects: Sequence[Subject], audience: str | None) -> PolicyDocument:
        """Return the policy that lets *subjects* in with tokens for *audience*, or the only one."""
        return trust_policy(
            provider_arn=self.arn,
            condition_key_prefix=self.condition_key_prefix,
            audiences=self.audiences if audience is None else (audience,),
            subjects=subjects,
        )


class OidcProvider(OidcProviderBase):
    """
    An OIDC provider that this app makes.

    An account has room for one per issuer: make it in a stack of the account, and use
    `from_account` elsewhere.
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        issuer: Issuer | str | None = None,
        audiences: Sequence[str] | None = None,
        thumbprints: Sequence[str] | Literal["read"] | None = None,
        prevent_destroy: bool = False,
        import_existing: bool = False,
        provider: AwsProvider | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make the provider.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of its address in Terraform's state.
            issuer: Who signs the tokens, or its URL; github.com when left out.
            audiences: What the `aud` claim may be; what the AWS action asks for when left out.
            thumbprints: SHA-1 of the certificates that sign the issuer's, 40 hex digits each, or
                "read" to have Terraform's tls provider read one. Left out, AWS uses its list of
                trusted authorities, which is right for every public issuer; it ignores
                thumbprints for GitHub.
            prevent_destroy: Whether Terraform refuses every plan that would destroy it: without it
                no role that trusts it can be assumed.
            import_existing: Whether Terraform takes over the one that the account has.
            provider: An aliased AWS provider.
            tags: Tags beside the provider's default ones.

        Raises:
            InvalidValue: Something that IAM would refuse.
            DuplicateResource: The app makes one for this issuer in this account already.
            TargetUnknown: The stack has no AWS provider yet.
        """
        found = _issuer(issuer)
        reject([*check_audiences(audiences), *check_thumbprints(thumbprints), *check_tags(tags)])
        target = AwsTarget.of(scope, provider)
        super().__init__(scope, id, issuer=found, audiences=audiences, target=target)
        claim(self, "OIDC provider", found.url, target)
        self._resource = Element(
            IamOpenidConnectProvider,
            self,
            "Resource",
            url=found.url,
            client_id_list=list(self.audiences),
            thumbprint_list=self._thumbprints(thumbprints),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if prevent_destroy else None,
            provider=provider,
            tags=tags_or_none(tags),
        )
        add_metadata(self._resource, "OidcProvider")
        if import_existing:
            self._resource.take_over(self.arn, provider)

    @property
    def resource(self) -> IamOpenidConnectProvider:
        """The Terraform resource; its `.arn` is Terraform's reference."""
        return self._resource.resource

    @property
    def element(self) -> Element[IamOpenidConnectProvider]:
        """The resource as other elements depend on it, without a question to Node."""
        return self._resource

    @classmethod
    @checked
    def from_account(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        issuer: Issuer | str | None = None,
        audiences: Sequence[str] | None = None,
        provider: AwsProvider | None = None,
    ) -> OidcProviderBase:
        """Refer to the provider that this stack's account has, without a look at AWS."""
        reject(check_audiences(audiences))
        target = AwsTarget.of(scope, provider)
        found = _issuer(issuer)
        return OidcProviderBase(scope, id, issuer=found, audiences=audiences, target=target)

    @classmethod
    @checked
    def from_lookup(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        issuer: Issuer | str | None = None,
        audiences: Sequence[str] | None = None,
        provider: AwsProvider | None = None,
    ) -> OidcProviderBase:
        """
        Refer to the provider that this stack's account has, and let the plan prove it.

        The plan fails when it is missing, or when it does not take the audiences.
        """
        existing = cls.from_account(
            scope, id, issuer=issuer, audiences=audiences, provider=provider
        )
        Element(
            DataAwsIamOpenidConnectProvider,
            existing,
            "Lookup",
            url=existing.issuer.url,
            provider=provider,
            lifecycle=TerraformResourceLifecycle(
                postcondition=[_takes(existing, audience) for audience in existing.audiences]
            ),
        )
        return existing

    @classmethod
    @checked
    def from_arn(
        cls,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        arn: str,
        audiences: Sequence[str] | None = None,
        provider: AwsProvider | None = None,
    ) -> OidcProviderBase:
        """
        Refer to a provider by its ARN, which names the issuer.

        Raises:
            InvalidValue: It is not the ARN of an OIDC provider, or a reference.
        """
        parsed = Arn.parse(arn)
        account = None if parsed is None else parsed.account_id
        if parsed is None or account is None or not parsed.is_iam("oidc-provider"):
            raise InvalidValue(not_a_provider_arn(arn))
        here = AwsTarget.of(scope, provider)
        reject([*here.check_partition(arn), *check_audiences(audiences)])
        issuer = Issuer(f"https://{parsed.resource_id}")
        target = here.elsewhere(account=account)
        return OidcProviderBase(scope, id, issuer=issuer, audiences=audiences, target=target)

    def _thumbprints(self, thumbprints: Sequence[str] | Literal["read"] | None) -> list[str] | None:
        if thumbprints == "read":
            return [read_thumbprint(self, self.issuer)]
        return list(thumbprints) if thumbprints else None


def _issuer(issuer: Issuer | str | None) -> Issuer:
    if issuer is None:
        return Issuer.github()
    return Issuer(issuer) if isinstance(issuer, str) else issuer


def _takes(existing: OidcProviderBase, audience: str) -> Postcondition:
    return Postcondition(
        condition=f'${{contains(self.client_id_list, "{audience}")}}',
        error_message=f"The OIDC provider {existing.condition_key_prefix} of this account does not "
        f"take the audience {audience}: STS would refuse every token with Incorrect token "
        f"audience. Add it: aws iam add-client-id-to-open-id-connect-provider "
        f"--open-id-connect-provider-arn {existing.arn} --client-id {audience}",
    )
