locals {
  owner   = "acme"
  name    = "${local.owner}/web"
  subject = "repo:${local.name}:ref:refs/heads/main"
}
locals {
  all = { for k, v in local.stages : k => upper(v) if v != "" }
  stages = { a = "dev", b = "" }
}
