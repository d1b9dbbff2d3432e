import { z } from 'zod';
import type { CampaignRow } from '#integrations/providers/products.js';
import { type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';

type Position = Pick<CampaignRow, 'name' | 'externalId'>;

const collator = new Intl.Collator('en', { numeric: true });

/** By name in natural order, then by id: a total order. */
function compare(one: Position, other: Position): number {
  if (one.externalId === other.externalId) return 0;
  return collator.compare(one.name, other.name) || (one.externalId < other.externalId ? -1 : 1);
}

const position = z.tuple([z.string(), z.string()]);

function positionIn(cursor: string): Position {
  const [name, externalId] = readCursor(position, cursor);
  return { name, externalId };
}

/** Returns a page of campaigns by name, and how many there are in all. */
export function pageCampaigns<Campaign extends Position>(
  campaigns: Campaign[],
  page: PageArguments,
): Page<Campaign> & { totalCount: number } {
  const start = page.after ? positionIn(page.after) : undefined;
  const rest = campaigns.filter((campaign) => !start || compare(campaign, start) > 0).sort(compare);
  return {
    ...pageOf(rest, page, ({ name, externalId }) => [name, externalId]),
    totalCount: campaigns.length,
  };
}
