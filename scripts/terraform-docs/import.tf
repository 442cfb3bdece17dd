import {
  to = portforward_rule.web
  id = "home/network/web"
}
