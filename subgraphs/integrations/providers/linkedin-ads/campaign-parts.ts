import { groupBy } from 'es-toolkit/array';
import { z } from 'zod';
import { answerByCampaign, answerEach, type CampaignsOfRange } from '#integrations/providers/answer-groups.js';
import { inHalves, joinSums } from '#integrations/providers/halves.js';
import type {
  CampaignGroupRow,
  CampaignPart,
  CampaignPartRow,
  Readers,
  Rows,
} from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { distinctRows, readRows } from '#integrations/providers/wire.js';
import { CAMPAIGN, CREATIVE, readFigures } from './analytics.js';
import type { LinkedInApi } from './api.js';
import { metricsOf, statuses } from './campaigns.js';
import { NAME } from './errors.js';
import { listOf, numericId } from './restli.js';

const CALLS_AT_ONCE = 8;

/** A campaign has at most 100 creatives, and an answer 15,000 elements. */
const MAX_CAMPAIGNS = 100;
const CREATIVES_PER_PAGE = 100;

const urn = (prefix: string) =>
  z
    .string()
    .startsWith(prefix)
    .transform((text) => text.slice(prefix.length));

const textAd = z.object({ headline: z.string().optional() });
const creative = z.object({
  id: urn(CREATIVE.prefix),
  campaign: urn(CAMPAIGN.prefix),
  name: z.string().optional(),
  intendedStatus: z.string(),
  content: z.object({ textAd: textAd.optional() }).optional(),
});

const owner = z.object({ campaign: urn(CAMPAIGN.prefix) });
const identity = z.object({ id: urn(CREATIVE.prefix) }).transform(({ id }) => ({ row: id }));

/** https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-creatives */
function listCreatives(api: LinkedInApi, accessToken: string, { account, campaignIds }: CampaignsOfRange) {
  const campaigns = listOf(campaignIds.map((id) => `${CAMPAIGN.prefix}${id}`));
  const query = `q=criteria&campaigns=${campaigns}&sortOrder=ASCENDING`;
  return api.search(accessToken, `/adAccounts/${account.externalId}/creatives`, query, CREATIVES_PER_PAGE);
}

/** One list and the figures of up to 100 campaigns of an account in one call per range. */
export const readCampaignParts = (api: LinkedInApi): Readers['campaignParts'] =>
  inHalves<'campaignParts'>(
    (accessToken, questions) =>
      answerByCampaign(questions, { concurrency: CALLS_AT_ONCE, most: MAX_CAMPAIGNS }, async (group) => {
        const { account, range, campaignIds } = group;
        const [listed, found] = await Promise.all([
          listCreatives(api, accessToken, group),
          readFigures(api, accessToken, {
            pivots: [CREATIVE],
            of: { facet: 'campaigns', ids: campaignIds },
            range,
            granularity: 'ALL',
          }),
        ]);
        const byCampaign = groupBy(listed, (row) => owner.safeParse(row).data?.campaign ?? '');
        const { '': unowned = [] } = byCampaign;
        const figures = new Map(found.rows.map((row) => [row.values[0] ?? '', row]));
        const unreadableFigures = new Map(found.unreadable.map((row) => [row.row, row]));
        return (campaignId): Rows<CampaignPartRow> => {
          const rows = [...(byCampaign[campaignId] ?? []), ...unowned];
          const { read, unreadable } = readRows(NAME, creative, rows, identity);
          const left = read.flatMap(({ id }) => unreadableFigures.get(id) ?? []);
          const parts = distinctRows(read, ({ id }) => id).flatMap((row): CampaignPartRow[] => {
            const status = statuses[row.intendedStatus] ?? 'OTHER';
            if (unreadableFigures.has(row.id) || (status === 'ENDED' && !figures.has(row.id))) return [];
            return [
              {
                externalId: row.id,
                name: row.name ?? row.content?.textAd?.headline ?? null,
                status,
                providerStatus: row.intendedStatus,
                type: null,
                adGroup: null,
                keyword: null,
                metrics: metricsOf(figures.get(row.id), currencyOf(account)),
              },
            ];
          });
          return { rows: parts, unreadable: [...unreadable, ...left] };
        };
      }),
    joinSums,
  );

/** A campaign's own level is what is an ad group elsewhere. */
export function whyWithout(part: CampaignPart): string | undefined {
  if (part === 'adGroups')
    return `${NAME} has no ad groups: its campaigns are in campaign groups, and their ads directly in them.`;
  return part === 'keywords' ? `${NAME} has no keywords.` : undefined;
}

const GROUP = 'urn:li:sponsoredCampaignGroup:';
const group = z.object({ id: numericId, name: z.string(), status: z.string() });
const member = z.object({ id: numericId, campaignGroup: urn(GROUP) });
const identityOf = z.object({ id: numericId }).transform(({ id }) => ({ row: id }));

/** Two lists per account: its groups, and which campaigns are in them. */
export const readCampaignGroups =
  (api: LinkedInApi): Readers['campaignGroups'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account }): Promise<Rows<CampaignGroupRow>> => {
      const path = `/adAccounts/${account.externalId}`;
      const query = `q=search&search=(status:(values:${listOf(Object.keys(statuses))}))&sortOrder=ASCENDING`;
      // A group is never completed.
      const ofGroups = Object.keys(statuses).filter((status) => status !== 'COMPLETED');
      const groupQuery = `q=search&search=(status:(values:${listOf(ofGroups)}))&sortOrder=ASCENDING`;
      const [groups, campaigns] = await Promise.all([
        api.search(accessToken, `${path}/adCampaignGroups`, groupQuery),
        api.search(accessToken, `${path}/adCampaigns`, `${query}&fields=id,campaignGroup`),
      ]);
      const members = groupBy(readRows(NAME, member, campaigns, identityOf).read, ({ campaignGroup }) => campaignGroup);
      const { read, unreadable } = readRows(NAME, group, groups, identityOf);
      const rows = distinctRows(read, ({ id }) => id).map(({ id, name, status }) => ({
        externalId: id,
        name,
        status: statuses[status] ?? ('OTHER' as const),
        providerStatus: status,
        campaignIds: (members[id] ?? []).map((one) => one.id),
      }));
      return { rows, unreadable };
    });
