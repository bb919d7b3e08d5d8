data "aws_iam_policy_document" "github_actions_deploy" {
  statement {
    sid = "PushImageOnly"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:InitiateLayerUpload",
      "ecr:UploadLayerPart",
      "ecr:CompleteLayerUpload",
      "ecr:PutImage"
    ]
    resources = [
      "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample",
    ]
  }
  statement {
    sid = "UpdateService"
    actions = [
      "ecs:UpdateServicePrimaryTaskSet",
      "ecs:DescribeServices",
      "ecs:UpdateService"
    ]
    resources = [
      "arn:aws:ecs:ap-northeast-1:111122223333:service/sample_ecs_service"
    ]
  }
  statement {
    sid       = "PassRole"
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::111122223333:role/sample-task"]
  }
}

resource "aws_iam_policy" "github_actions_deploy" {
  name   = "github-actions-deploy-policy"
  policy = data.aws_iam_policy_document.github_actions_deploy.json
}

resource "aws_iam_role_policy_attachment" "role_policy_attachment" {
  role       = "arn:aws:iam::111122223333:role/sample-task"
  policy_arn = aws_iam_policy.github_actions_deploy.arn
}
