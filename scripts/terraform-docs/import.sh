terraform import portforward_rule.web home/network/web
terraform import portforward_rule.web web
terraform import portforward_rule.web tcp:443
