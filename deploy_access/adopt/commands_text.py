"""
The commands of the AWS CLI that make the files of one account and region.

An answer that does not say what it is about is given the ARN: it could be anybody's otherwise.
"""

from __future__ import annotations

COMMANDS = r"""# One account and region; again in another folder for the next. Nothing is changed.
mkdir -p account
aws iam get-account-authorization-details --output json > account/authorization.json
aws iam list-roles --output json > account/roles.json
aws iam list-open-id-connect-providers --output json > account/providers.json
for arn in $(aws iam list-open-id-connect-providers --output text \
    --query 'OpenIDConnectProviderList[].Arn'); do
  aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$arn" --output json --query \
    "{Arn: '$arn', Url: Url, ClientIDList: ClientIDList, ThumbprintList: ThumbprintList,
      Tags: Tags}" > "account/provider.$(echo "$arn" | tr -c 'A-Za-z0-9\n' _).json"
done
for arn in $(aws iam list-policies --scope Local --only-attached --output text \
    --query 'Policies[].Arn'); do
  aws iam get-policy --policy-arn "$arn" --output json \
    > "account/policy.$(echo "$arn" | tr -c 'A-Za-z0-9\n' _).json"
done
aws ecr describe-repositories --output json > account/repositories.json
for arn in $(aws ecr describe-repositories --output text --query 'repositories[].repositoryArn'); do
  name="${arn#*:repository/}"
  file="account/repository.$(echo "$name" | tr / +)"
  aws ecr list-tags-for-resource --resource-arn "$arn" --output json \
    --query "{resourceArn: '$arn', tags: tags}" > "$file.tags.json"
  # Neither is there for every repository; an answer that is missing leaves an empty file.
  aws ecr get-lifecycle-policy --repository-name "$name" --output json \
    > "$file.lifecycle.json" 2> /dev/null || rm -f "$file.lifecycle.json"
  aws ecr get-repository-policy --repository-name "$name" --output json \
    > "$file.policy.json" 2> /dev/null || rm -f "$file.policy.json"
done
deploy-access adopt account
"""
"""A script for bash."""
