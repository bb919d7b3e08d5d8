resource "aws_iam_policy" "web" {
  name   = "web"
  policy = <<-POLICY
    {
      "Statement": {
        "Effect": "Allow",

        "Resource": "${aws_s3_bucket.web.arn}/*"
      }
    }
  POLICY
}
