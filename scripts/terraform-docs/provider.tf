terraform {
  required_providers {
    portforward = {
      source = "portforward/portforward"
    }
  }
}

provider "portforward" {
  kind  = "agent"
  owner = "home/network"
}

resource "portforward_rule" "web" {
  name             = "web"
  external_port    = 443
  internal_address = "192.168.1.10"
}
