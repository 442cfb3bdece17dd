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

variable "camera_viewers" {
  description = "The one network that may watch the camera."
  type        = string
  default     = "203.0.113.0/26"
}

locals {
  server = "192.168.50.10"
  camera = "192.168.50.20"
}

provider "portforward" {
  kind   = "agent"
  socket = var.socket

  # Whose rules these are. One owner belongs to one state.
  owner = "home-lab"
}

resource "portforward_rule" "web" {
  name             = "web"
  external_port    = "80,443"
  internal_address = local.server
}

# FTP needs its control port and the range that the server announces for passive transfers.
resource "portforward_rule" "ftp" {
  name             = "ftp"
  external_port    = "21,50000-50020"
  internal_address = local.server
  description      = "ftp with its passive range"
}

resource "portforward_rule" "game" {
  name             = "game"
  protocol         = "udp"
  external_port    = "27000-27015"
  internal_address = local.server
}

# Only one network may watch; everybody else is turned away and counted.
resource "portforward_rule" "camera" {
  name             = "camera"
  external_port    = 554
  internal_address = local.camera
  sources          = [var.camera_viewers]
  log              = true
}

# Port 22 stays the gateway's own: the server's SSH is reached on another port.
resource "portforward_rule" "ssh" {
  name             = "ssh"
  external_port    = 2222
  internal_address = local.server
  internal_port    = 22
}

# IPv6 hosts have public addresses: an opening in the firewall, no translation.
resource "portforward_rule" "web6" {
  name             = "web6"
  external_port    = 443
  internal_address = "2001:db8:50::10"
}
