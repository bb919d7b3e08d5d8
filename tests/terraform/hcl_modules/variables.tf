variable "env" {
  type        = string
  description = "Which \"stage\" it is,\tfor example dev."
  default     = "dev"
  sensitive   = false
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "It is dev or prod."
  }
}
