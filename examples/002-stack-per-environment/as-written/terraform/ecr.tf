resource "aws_ecr_repository" "main" {
  name = "my-ecr-repo"
}
