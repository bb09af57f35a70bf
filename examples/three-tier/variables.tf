variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "vpc_cidr" {
  type    = string
  default = "10.20.0.0/16"
}

variable "image_id" {
  description = "The image of all instances; no default, so what it holds is not known."
  type        = string
}

variable "admin_cidrs" {
  description = "Where administrators come from."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "encrypt_volumes" {
  description = "No default: whether the fleet's volumes are encrypted is not known."
  type        = bool
}
