terraform {
  required_providers {
    portforward = {
      source  = "portforward/portforward"
      version = "~> 0.1"
    }
  }
}

variable "udn" {
  description = "Unique name of the router, as `portforward discover` prints it."
  type        = string
}

provider "portforward" {
  kind = "upnp"
  name = "router"
  udn  = var.udn

  # Whose rules these are. One owner belongs to one state.
  owner = "upnp"
}

# Port 8443 of the router goes to port 443 of the machine on which this runs: routers map to whoever asks, and nobody else.
resource "portforward_rule" "web" {
  name             = "web"
  external_port    = 8443
  internal_address = "192.168.50.10"
  internal_port    = 443
}

output "web_rule" {
  value = portforward_rule.web.id
}
