variable "env" {
  default = "dev"
}

variable "github_provider" {
  default = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
}

variable "aws_account_id" {
  default = "123456789012"
}

variable "github_org" {
  default = "mycompany-inc"
}

variable "github_repo" {
  default = "my-repo"
}
