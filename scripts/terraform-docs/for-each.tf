variable "guests" {
  type    = list(string)
  default = []
}

locals {
  services = {
    web  = { port = 443, host = "192.168.1.10" }
    mail = { port = "25,465,993", host = "192.168.1.11" }
  }
}

resource "portforward_rule" "service" {
  for_each = local.services

  name             = each.key
  external_port    = each.value.port
  internal_address = each.value.host

  # An empty list is an error, since it would let in nobody; null lets in everyone.
  sources = length(var.guests) > 0 ? var.guests : null
}
