/** The hosts that the engines put before a source that names none: Terraform's, OpenTofu's. */
export const HOSTS = ['registry.terraform.io', 'registry.opentofu.org'] as const;
