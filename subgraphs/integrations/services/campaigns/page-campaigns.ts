import { z } from 'zod';
import type { CampaignRow } from '#integrations/providers/products.js';
import { type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { compareByName } from './campaign-index.js';

type Position = Pick<CampaignRow, 'name' | 'externalId'>;

const position = z.tuple([z.string(), z.string()]);

function positionIn(cursor: string): Position {
  const [name, externalId] = readCursor(position, cursor);
  return { name, externalId };
}

/** Returns the index of the first campaign after a position, by halves. */
function indexAfter(byName: readonly Position[], start: Position): number {
  let [low, high] = [0, byName.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareByName(byName[middle] as Position, start) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns a page of campaigns, given in the order of `compareByName`, and how many there are in all. */
export function pageCampaigns<Campaign extends Position>(
  byName: readonly Campaign[],
  page: PageArguments,
): Page<Campaign> & { totalCount: number } {
  const start = page.after ? indexAfter(byName, positionIn(page.after)) : 0;
  const rest = byName.slice(start, start + page.first + 1);
  return {
    ...pageOf(rest, page, ({ name, externalId }) => [name, externalId]),
    totalCount: byName.length,
  };
}
