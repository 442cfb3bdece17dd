/*
 * The samples in base64 as protobufjs writes them by the tfplugin6.proto 6.11 of hashicorp/terraform-plugin-go: what the
 * table in provider/terraform/wire/tfplugin6.ts is held against, since both of our own sides read the same table.
 */
export const published: Readonly<Record<string, string>> = {
  'ValidateProviderConfig.Request': 'CgYKAW0SAWo=',
  'ConfigureProvider.Request': 'CgYxLjExLjQSBgoBbRIBahoECAEQAQ==',
  'ValidateResourceConfig.Request': 'CgF0EgYKAW0SAWoaBAgBEAE=',
  'ValidateDataResourceConfig.Request': 'CgF0EgYKAW0SAWo=',
  'UpgradeResourceState.Request': 'CgF0EAUaDAoCe30SBgoBYRIBYg==',
  'ReadResource.Request': 'CgF0EgYKAW0SAWoaAXAiBgoBbRIBaioECAEQAQ==',
  'PlanResourceChange.Request': 'CgF0EgYKAW0SAWoaBgoBbRIBaiIGCgFtEgFqKgFwMgYKAW0SAWo6BAgBEAE=',
  'ApplyResourceChange.Request': 'CgF0EgYKAW0SAWoaBgoBbRIBaiIGCgFtEgFqKgFwMgYKAW0SAWo=',
  'ImportResourceState.Request': 'CgF0EgFpGgQIARAB',
  'ReadDataSource.Request': 'CgF0EgYKAW0SAWoaBgoBbRIBaiIECAEQAQ==',
  'GetProviderSchema.Response':
    'CssBCICAgICAIBLBAQgEEkwKAW4SCCJzdHJpbmciGgFkIAEoATABOAFAAUgBUikKJQoFaW5uZXISCCJzdHJpbmciGgFkIAEoATABOAFAAUgBWAFiAXgYA1gBYgF4GmUKAXQSWggEEkwKAW4SCCJzdHJpbmciGgFkIAEoATABOAFAAUgBUikKJQoFaW5uZXISCCJzdHJpbmciGgFkIAEoATABOAFAAUgBWAFiAXgYA1gBYgF4IgFkKAEwAToBeBgFIAEoCSIBZCgBMAE6AXgS0QEKAXISywEIgICAgIAgEsEBCAQSTAoBbhIIInN0cmluZyIaAWQgASgBMAE4AUABSAFSKQolCgVpbm5lchIIInN0cmluZyIaAWQgASgBMAE4AUABSAFYAWIBeBgDWAFiAXgaZQoBdBJaCAQSTAoBbhIIInN0cmluZyIaAWQgASgBMAE4AUABSAFSKQolCgVpbm5lchIIInN0cmluZyIaAWQgASgBMAE4AUABSAFYAWIBeBgDWAFiAXgiAWQoATABOgF4GAUgASgJIgFkKAEwAToBeBrRAQoBZBLLAQiAgICAgCASwQEIBBJMCgFuEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVIpCiUKBWlubmVyEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVgBYgF4GANYAWIBeBplCgF0EloIBBJMCgFuEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVIpCiUKBWlubmVyEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVgBYgF4GANYAWIBeCIBZCgBMAE6AXgYBSABKAkiAWQoATABOgF4IhgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAciGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYByrLAQiAgICAgCASwQEIBBJMCgFuEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVIpCiUKBWlubmVyEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVgBYgF4GANYAWIBeBplCgF0EloIBBJMCgFuEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVIpCiUKBWlubmVyEggic3RyaW5nIhoBZCABKAEwATgBQAFIAVgBYgF4GANYAWIBeCIBZCgBMAE6AXgYBSABKAkiAWQoATABOgF4MggIARABGAEgAQ==',
  'GetResourceIdentitySchemas.Response':
    'EhgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcSGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'GetFunctions.Response': 'EhgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcSGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'ValidateProviderConfig.Response':
    'EhgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcSGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'ConfigureProvider.Response': 'ChgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcKGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'ValidateResourceConfig.Response':
    'ChgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcKGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'ValidateDataResourceConfig.Response':
    'ChgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAcKGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBw==',
  'UpgradeResourceState.Response':
    'CgMKAW0SGAgBEgFzGgFkIg4KAwoBYQoDEgFrCgIYBxIYCAISAXMaAWQiDgoDCgFhCgMSAWsKAhgH',
  'ReadResource.Response':
    'CgMKAW0SGAgBEgFzGgFkIg4KAwoBYQoDEgFrCgIYBxIYCAISAXMaAWQiDgoDCgFhCgMSAWsKAhgHGgFwIgIIAg==',
  'PlanResourceChange.Response':
    'CgMKAW0SDgoDCgFhCgMSAWsKAhgHGgFwIhgIARIBcxoBZCIOCgMKAWEKAxIBawoCGAciGAgCEgFzGgFkIg4KAwoBYQoDEgFrCgIYBzICCAI=',
  'ApplyResourceChange.Response':
    'CgMKAW0SAXAaGAgBEgFzGgFkIg4KAwoBYQoDEgFrCgIYBxoYCAISAXMaAWQiDgoDCgFhCgMSAWsKAhgH',
  'ImportResourceState.Response':
    'CgsKAXQSAwoBbRoBcBIYCAESAXMaAWQiDgoDCgFhCgMSAWsKAhgHEhgIAhIBcxoBZCIOCgMKAWEKAxIBawoCGAcaAggC',
  'ReadDataSource.Response':
    'CgMKAW0SGAgBEgFzGgFkIg4KAwoBYQoDEgFrCgIYBxIYCAISAXMaAWQiDgoDCgFhCgMSAWsKAhgHGgIIAg==',
};
