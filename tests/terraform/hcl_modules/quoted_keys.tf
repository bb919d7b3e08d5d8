resource "aws_iam_role" "web" {
  assume_role_policy = jsonencode({
    "Statement" : [{
      "Condition" : {
        "StringEquals" = { "token.actions.githubusercontent.com:aud" : "sts.amazonaws.com" },
      }
    }]
  })
  tags = { "a b" = "x", "${var.c}" = "y" }
}
