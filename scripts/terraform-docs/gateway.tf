data "portforward_gateway" "home" {}

output "public_addresses" {
  value = data.portforward_gateway.home.public_addresses
}

check "gateway" {
  assert {
    condition     = length(data.portforward_gateway.home.problems) == 0
    error_message = join(" ", data.portforward_gateway.home.problems[*].message)
  }
}
