variable "roles" {
  type = map(object({
    subjects = list(string)
    max      = optional(number, 3600)
  }))
  default = {}
}
