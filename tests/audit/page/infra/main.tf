variable "repository" {
  default = "acme@123456/web@456789"
}

module "deploy" {
  source   = "./role" # beside this file
  name     = "web-deploy"
  subjects = [for ref in ["heads/main", "tags/*"] : "repo:${var.repository}:ref:refs/${ref}"]
}

module "bucket" {
  source = "terraform-aws-modules/s3-bucket/aws"
}
