provider "portforward" {
  alias  = "office"
  kind   = "agent"
  owner  = "home/network"
  name   = "office"
  socket = "/run/office/agent.sock"
}

resource "portforward_rule" "printer" {
  provider = portforward.office

  name             = "printer"
  external_port    = 9100
  internal_address = "192.168.2.20"
  sources          = ["198.51.100.0/24"]
}
