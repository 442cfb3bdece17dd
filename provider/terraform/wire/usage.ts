import { PortforwardError } from '../../rule/error';
import { quote } from '../../rule/quote';

/** What somebody reads who runs the binary by hand. */
export function usage(version: string, source: string): string {
  const type = source.split('/').pop();
  return `terraform-provider-${type} ${version}: port forwarding as code, for Terraform and OpenTofu.

This is a plugin. An engine starts it; there is nothing to start by hand. To use it:

1. portforward terraform install    puts it where the engines look and prints the lines to add to their configuration
2. name it in your project:

   terraform {
     required_providers {
       ${type} = { source = "${source}" }
     }
   }

3. terraform init (or: tofu init), then plan and apply

What it can do stands in docs/terraform of the project.

Options:
  --attach     serve engines that are told to use this process, for debugging (no TLS)
  --version    print the version
  --help       print this`;
}

/** What the command line asks for. Engines pass none. Throws `invalid`. */
export function wishOf(args: readonly string[]): 'serve' | 'attach' | 'version' | 'help' {
  const [wish, ...more] = args;
  if (more.length === 0) {
    if (wish === undefined) return 'serve';
    if (wish === '--attach') return 'attach';
    if (wish === '--version') return 'version';
    if (wish === '--help' || wish === '-h') return 'help';
  }
  throw new PortforwardError('invalid', `There is no option ${args.map(quote).join(' ')}.`, {
    hint: 'Run it with --help to see what there is.',
  });
}
