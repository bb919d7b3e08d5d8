resource "aws_iam_role" "web" {
  max_session_duration  = 3600
  force_detach_policies = true
  path                  = null
  tags = {
    a = 1.5
    b = -2
    c = 1e3
    d = "007"
  }
}
