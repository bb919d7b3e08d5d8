module "deploy" {
  source  = "./modules/deploy"
  version = "~> 1.2"
  roles = {
    web = { subjects = ["repo:acme/web:*"], max = 3600 }
    api = { subjects = [], max = null }
  }
}
