terraform {
  required_providers {
    portforward = {
      source  = "portforward/portforward"
      version = "~> 0.1"
    }
  }
}

variable "socket" {
  description = "The agent's Unix socket, here or brought over with `ssh -L`."
  type        = string
  default     = "/run/portforward/agent.sock"
}

provider "portforward" {
  kind   = "agent"
  name   = "home"
  socket = var.socket

  # Whose rules these are. One owner belongs to one state.
  owner = "quickstart"
}

# Port 443 of the gateway goes to port 8443 of the web server, for one network and nobody else.
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
