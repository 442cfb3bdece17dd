import { type AclFile, type Grant, grantsOf, type Membership, same } from './acl';

/** /usr/share/rpcd/acl.d of this router, less what was struck out. */
export class AclFiles {
  private readonly struck: Grant[] = [];

  constructor(private readonly files: Readonly<Record<string, AclFile>>) {}

  /** In the order of their names, as rpcd reads them. */
  grants(may: Membership): Grant[] {
    const names = Object.keys(this.files).sort();
    const all = grantsOf(
      names.map((name) => this.files[name] as AclFile),
      may,
    );
    return all.filter((grant) => !this.struck.some((one) => same(one, grant)));
  }

  /** As if the files did not hold this right. Sessions keep what they have. */
  strike(grant: Grant): void {
    this.struck.push(grant);
  }
}
