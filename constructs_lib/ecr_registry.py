"""The settings that the ECR registry of an account has once in each region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.aws_target import AwsTarget
from constructs_lib.creation_template import CreationTemplate, check_templates
from constructs_lib.duplicate_resources import claim
from constructs_lib.ecr_registry_policy import check_sources, registry_policy
from constructs_lib.ecr_repository_policy import Guests, repository_policy
from constructs_lib.keyword_types import checked
from constructs_lib.lifecycle_policy import lifecycle_policy
from constructs_lib.provider import (
    EcrPullThroughCacheRule,
    EcrRegistryPolicy,
    EcrRegistryScanningConfiguration,
    EcrRegistryScanningConfigurationRule,
    EcrRegistryScanningConfigurationRuleRepositoryFilter,
    EcrReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfigurationRule,
    EcrReplicationConfigurationReplicationConfigurationRuleDestination,
    EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter,
    EcrRepositoryCreationTemplate,
    EcrRepositoryCreationTemplateEncryptionConfiguration,
    EcrRepositoryCreationTemplateImageTagMutabilityExclusionFilter,
)
from constructs_lib.provider_version import TEMPLATE_EXCLUSIONS, require_aws_provider
from constructs_lib.pull_through_cache import PullThroughCache, check_caches
from constructs_lib.replication import ReplicationRule, check_replication
from constructs_lib.tree import add_metadata, stack_of, tags_or_none
from deploy_access.errors import Problem, reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdktf import TerraformResource

    from constructs_lib.provider import AwsProvider
    from constructs_lib.scanning import Scanning


class EcrRegistry(Construct):
    """What holds for every repository of an account in a region, or for those with a prefix."""

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002
        *,
        scanning: Scanning | None = None,
        replication: Sequence[ReplicationRule] = (),
        pull_through: Sequence[PullThroughCache] = (),
        allow_replication_from: Sequence[str] = (),
        creation_templates: Sequence[CreationTemplate] = (),
        provider: AwsProvider | None = None,
    ) -> None:
        """
        Set what the registry has; what is left out stays as it is on AWS.

        Args:
            scope: Where it is in the tree.
            id: Its name there; part of each address in Terraform's state.
            scanning: Which repositories are scanned for known vulnerabilities, and when.
            replication: The copies of its images in other regions and accounts.
            pull_through: The registries of which it keeps copies.
            allow_replication_from: Accounts whose registries may copy images into this one, into
                every repository: a copy has the name of its original.
            creation_templates: The settings of repositories that ECR makes for caches and copies.
            provider: An aliased AWS provider.

        Raises:
            InvalidValue: Something that ECR would refuse, or nothing at all.
            DuplicateResource: The app sets this registry already.
            TargetUnknown: The stack has no AWS provider yet.
        """
        target = AwsTarget.of(scope, provider)
        reject(
            [
                *check_replication(replication, target),
                *check_caches(pull_through, target),
                *check_sources(allow_replication_from, target),
                *check_templates(creation_templates, target),
            ]
        )
        parts = (scanning, replication, pull_through, allow_replication_from, creation_templates)
        reject([] if any(parts) else [_nothing()])
        policy = registry_policy(allow_replication_from, pull_through, target)
        super().__init__(scope, id)
        claim(self, "registry", "ECR", target, regional=True)
        self._target = target
        self._provider = provider
        if scanning:
            self._scan(scanning)
        if replication:
            self._replicate(replication)
        for cache in pull_through:
            self._cache(cache)
        if policy:
            self._put_policy(policy)
        for template in creation_templates:
            self._put_template(template)

    def _scan(self, scanning: Scanning) -> None:
        rules = [
            EcrRegistryScanningConfigurationRule(
                scan_frequency=frequency,
                repository_filter=[
                    EcrRegistryScanningConfigurationRuleRepositoryFilter(
                        filter=text, filter_type="WILDCARD"
                    )
                    for text in filters
                ],
            )
            for frequency, filters in scanning.rules()
        ]
        self._note(
            EcrRegistryScanningConfiguration(
                self, "Scanning", scan_type=scanning.type, rule=rules, provider=self._provider
            )
        )

    def _replicate(self, rules: Sequence[ReplicationRule]) -> None:
        configuration = EcrReplicationConfigurationReplicationConfiguration(
            rule=[self._replication_rule(rule) for rule in rules]
        )
        self._note(
            EcrReplicationConfiguration(
                self,
                "Replication",
                replication_configuration=configuration,
                provider=self._provider,
            )
        )

    def _replication_rule(
        self, rule: ReplicationRule
    ) -> EcrReplicationConfigurationReplicationConfigurationRule:
        return EcrReplicationConfigurationReplicationConfigurationRule(
            destination=[
                EcrReplicationConfigurationReplicationConfigurationRuleDestination(
                    region=region, registry_id=account
                )
                for account, region in rule.destinations(self._target)
            ],
            repository_filter=[
                EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter(
                    filter=prefix, filter_type="PREFIX_MATCH"
                )
                for prefix in rule.filters
            ]
            or None,
        )

    def _cache(self, cache: PullThroughCache) -> None:
        self._note(
            EcrPullThroughCacheRule(
                self,
                _id_of("PullThrough", cache.prefix),
                ecr_repository_prefix=cache.prefix,
                upstream_registry_url=cache.upstream,
                credential_arn=cache.credential,
                custom_role_arn=cache.role,
                upstream_repository_prefix=cache.upstream_prefix,
                provider=self._provider,
            )
        )

    def _put_policy(self, text: str) -> None:
        self._note(EcrRegistryPolicy(self, "Policy", policy=text, provider=self._provider))

    def _put_template(self, template: CreationTemplate) -> None:
        encryption = template.encryption
        guests = Guests(accounts=set(template.pull_accounts))
        self._note(
            EcrRepositoryCreationTemplate(
                self,
                _id_of("Template", template.prefix),
                prefix=template.prefix,
                applied_for=sorted(template.applied_for),
                image_tag_mutability=template.mutability.mode,
                image_tag_mutability_exclusion_filter=self._exclusions(template),
                encryption_configuration=[
                    EcrRepositoryCreationTemplateEncryptionConfiguration(
                        encryption_type=encryption.type if encryption else "AES256",
                        kms_key=encryption.kms_key if encryption else None,
                    )
                ],
                lifecycle_policy=lifecycle_policy(template.rules) if template.rules else None,
                repository_policy=repository_policy(guests, self._target)
                if template.pull_accounts
                else None,
                custom_role_arn=template.role,
                description=template.description,
                resource_tags=tags_or_none(template.tags),
                provider=self._provider,
            )
        )

    def _exclusions(
        self, template: CreationTemplate
    ) -> list[EcrRepositoryCreationTemplateImageTagMutabilityExclusionFilter] | None:
        exclusions = template.mutability.exclusions
        if not exclusions:
            return None
        require_aws_provider(stack_of(self), TEMPLATE_EXCLUSIONS)
        return [
            EcrRepositoryCreationTemplateImageTagMutabilityExclusionFilter(
                filter=text, filter_type="WILDCARD"
            )
            for text in exclusions
        ]

    def _note(self, resource: TerraformResource) -> None:
        add_metadata(resource, "EcrRegistry")


def _id_of(kind: str, prefix: str) -> str:
    # `+` is in no prefix, so two prefixes never get one id.
    return f"{kind}-{prefix.replace('/', '+')}"


def _nothing() -> Problem:
    return Problem(
        what="An `EcrRegistry` sets something.",
        given=None,
        why="With no keyword there is no resource to make, and the registry stays as it is.",
        fix="For example scanning=Scanning.basic(), or leave the construct out.",
    )
