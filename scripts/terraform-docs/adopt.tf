resource "portforward_rule" "camera" {
  name             = "camera"
  external_port    = 8554
  internal_address = "192.168.1.30"
  adopt            = "tcp:8554"
}
