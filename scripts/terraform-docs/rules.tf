data "portforward_rules" "all" {}

# What is open on the gateway and in nobody's configuration.
output "foreign" {
  value = [for rule in data.portforward_rules.all.rules : "${rule.natural_key} -> ${rule.internal_address}" if !rule.ours]
}
