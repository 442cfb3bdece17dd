terraform {
  required_providers {
    portforward = {
      source  = "portforward/portforward"
      version = "~> 0.1"
    }
  }
}

variable "url" {
  description = "Address of the router's web server."
  type        = string
  default     = "https://192.168.1.1"
}

variable "username" {
  description = "The account for this program; its password stands in PORTFORWARD_PASSWORD."
  type        = string
  default     = "portforward"
}

variable "pin" {
  description = "Pin of the router's key, as `portforward gateway trust <url>` prints it."
  type        = string
}

# The password comes from PORTFORWARD_PASSWORD, so that it is in no file and no state.
provider "portforward" {
  kind     = "openwrt"
  name     = "router"
  url      = var.url
  username = var.username
  pins     = [var.pin]

  # Whose rules these are. One owner belongs to one state.
  owner = "openwrt"
}

# Port 443 of the router goes to port 8443 of the web server, for one network and nobody else.
resource "portforward_rule" "web" {
  name             = "web"
  external_port    = 443
  internal_address = "192.168.50.10"
  internal_port    = 8443
  sources          = ["203.0.113.0/26"]
}

output "web_rule" {
  value = portforward_rule.web.id
}
