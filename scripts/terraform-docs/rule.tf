# Connections to port 443 go to port 8443 of one host.
resource "portforward_rule" "web" {
  name             = "web"
  external_port    = 443
  internal_address = "192.168.1.10"
  internal_port    = 8443
}

# A range and a list stand in quotes; only these networks may connect.
resource "portforward_rule" "game" {
  name             = "game"
  protocol         = "tcp+udp"
  external_port    = "7777,27015-27020"
  internal_address = "192.168.1.20"
  sources          = ["198.51.100.0/24", "203.0.113.7"]
}

# A pinhole: an opening to an IPv6 host, without translation.
resource "portforward_rule" "ssh" {
  name             = "ssh-v6"
  external_port    = 22
  internal_address = "2001:db8:1::10"
}
