accord { workspace = var.workspace }

variable "workspace" {
  type    = string
  default = "variables"
}

variable "from_env" {
  type = string
}

variable "without_value" {
  type = number
}

variable "password" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

variable "secret_number" {
  type      = number
  default   = "hunter2"
  sensitive = true
}

variable "limited" {
  type    = number
  default = 7
  validation {
    condition     = var.limited < 5
    error_message = "It must be below 5."
  }
}

variable "odd" {
  typ = string
}

provider "disk" "local" {
  path     = "d/${var.from_env}"
  password = var.password
}

provider "disk" "literal" {
  path     = "e"
  password = ["hunter2"]
}

provider "disk" "leaks" {
  path = var.password
}

provider "disk" "fails" {
  path     = "f"
  password = parseint(var.password, 10)
}

folder "shows" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "x/${var.password}"
}

folder "fine" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = nonsensitive(var.password)
}

template "shows" {
  kind = "calendar"
  set { summary = "${item.summary} ${var.password}" }
}
