import type { Nft } from './nft';
import { type ForeignTable, needsText, readForeignTables, readTexts } from './ruleset';

/** The tables that are not ours, as they are now. One that nft cannot list is left out. */
export async function readTables(nft: Nft): Promise<ForeignTable[]> {
  const { objects } = await nft.listForeign();
  const texts = needsText(objects) ? readTexts(await nft.listText()) : new Map<string, string>();
  return readForeignTables(objects, texts);
}
