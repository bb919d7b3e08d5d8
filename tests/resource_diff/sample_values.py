"""Values that samples of Terraform types share."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
Samples = dict[str, tuple[Json, dict[str, tuple[Any, Any]]]]

KEY = "arn:aws:kms:eu-central-1:111122223333:key/a"
OTHER_KEY = "arn:aws:kms:eu-central-1:111122223333:key/b"
ROLE = "arn:aws:iam::111122223333:role/r"
OTHER_ROLE = "arn:aws:iam::111122223333:role/r2"
GROUP = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:x:autoScalingGroupName/a"
DEFINITIONS = json.dumps([{"name": "a", "image": "x:1", "memory": 128}])
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs.amazonaws.com"},
            }
        ],
    }
)
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)
RETENTION = json.dumps(
    {
        "Rules": [
            {
                "ResourceType": "index",
                "Resource": ["index/a/*"],
                "MinIndexRetention": "15d",
            }
        ]
    }
)
ITEM = json.dumps({"id": {"S": "a"}})
