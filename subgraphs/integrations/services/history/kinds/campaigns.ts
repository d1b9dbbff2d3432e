import type { EntityManager } from 'typeorm';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { type CampaignDay, type CampaignRow, currencyOf } from '#integrations/providers/products.js';
import { Money } from '#runtime/money.js';
import { ask, type CopiedKind, type StoredHistory } from './copied-kind.js';

/** Most rows of one call: more would take 300 MB, and LinkedIn cuts off at 15,000. */
const ROWS_PER_CALL = 6_000;
/** Meta reports at most 90 single days. https://developers.facebook.com/docs/marketing-api/insights/parameters */
const DAYS_PER_CALL = 90;

const DELETE_VANISHED = `
  DELETE FROM integrations.daily_metrics AS known
  WHERE account_id = $1 AND organization_id = $2 AND day = ANY($3::date[])
    AND NOT EXISTS (SELECT FROM unnest($4::date[], $5::text[]) AS reported (day, campaign_id)
      WHERE reported.day = known.day AND reported.campaign_id = known.campaign_id)`;

const WRITE = `
  INSERT INTO integrations.daily_metrics AS known (account_id, organization_id, day, campaign_id, impressions, clicks,
    cost_micros, conversions, conversion_value_micros, actions)
  SELECT $1, $2, reported.* FROM unnest($3::date[], $4::text[], $5::bigint[], $6::bigint[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::jsonb[]) AS reported
  ON CONFLICT (organization_id, account_id, day, campaign_id) DO UPDATE SET impressions = excluded.impressions, clicks = excluded.clicks,
    cost_micros = excluded.cost_micros, conversions = excluded.conversions,
    conversion_value_micros = excluded.conversion_value_micros,
    actions = excluded.actions
    WHERE (known.impressions, known.clicks, known.cost_micros, known.conversions, known.conversion_value_micros,
      known.actions)
      IS DISTINCT FROM (excluded.impressions, excluded.clicks, excluded.cost_micros, excluded.conversions,
        excluded.conversion_value_micros, excluded.actions)`;

async function writeRows(manager: EntityManager, history: StoredHistory, rows: CampaignDay[]): Promise<void> {
  const { accountId, organizationId } = history;
  const currency = currencyOf({ externalId: accountId, currency: history.currency });
  const microsOf = (amount: string) => String(Money.fromDecimal(amount, currency).toMicros());
  const column = <Value>(read: (row: CampaignDay) => Value) => rows.map(read);
  await manager.query(WRITE, [
    accountId,
    organizationId,
    column(({ day }) => day),
    column(({ externalId }) => externalId),
    column(({ metrics }) => metrics.impressions),
    column(({ metrics }) => metrics.clicks),
    column(({ metrics }) => microsOf(metrics.cost)),
    column(({ metrics }) => metrics.conversions?.toFixed(6) ?? null),
    column(({ metrics }) => (metrics.conversionValue === null ? null : microsOf(metrics.conversionValue))),
    column(({ metrics }) => (metrics.actions === null ? null : JSON.stringify(metrics.actions))),
  ]);
}

/** Stores campaign names: providers do not list ended campaigns in later ranges. */
async function saveCampaigns(
  { database }: Context,
  { account: { id, organizationId }, campaigns }: { account: Account; campaigns: CampaignRow[] },
): Promise<void> {
  await database.query(
    `INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status,
       objective, type, budget)
     SELECT history.account_id, history.organization_id, listed.*
     FROM integrations.account_history AS history,
       unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[]) AS listed
     WHERE history.account_id = $1 AND history.organization_id = $2
     ON CONFLICT (organization_id, account_id, external_id) DO UPDATE SET name = excluded.name, status = excluded.status,
       provider_status = excluded.provider_status, objective = excluded.objective, type = excluded.type,
       budget = excluded.budget`,
    [
      id,
      organizationId,
      campaigns.map(({ externalId }) => externalId),
      campaigns.map(({ name }) => name),
      campaigns.map(({ status }) => status),
      campaigns.map(({ providerStatus }) => providerStatus),
      campaigns.map(({ objective }) => objective),
      campaigns.map(({ type }) => type),
      campaigns.map(({ budget }) => budget && JSON.stringify(budget)),
    ],
  );
}

/** Figures by campaign and day, and the campaigns as last listed. */
export const campaigns: CopiedKind<CampaignDay[]> = {
  tables: ['daily_metrics'],
  needsCurrency: true,

  async prepare(context, { account, range }) {
    const { rows } = await ask(context, { product: 'campaigns', account, range });
    await saveCampaigns(context, { account, campaigns: rows });
    const most = Math.floor(ROWS_PER_CALL / Math.max(1, rows.length));
    return { daysPerCall: Math.max(1, Math.min(DAYS_PER_CALL, most)) };
  },

  async read(context, { account, range }) {
    const { rows, unreadable } = await ask(context, { product: 'campaignDays', account, range });
    return { figures: rows, unreadable };
  },

  async write(manager, { history, days, figures }) {
    const rows = figures.filter(({ day }) => days.has(day));
    const { accountId, organizationId } = history;
    const reported = [rows.map(({ day }) => day), rows.map(({ externalId }) => externalId)];
    await manager.query(DELETE_VANISHED, [accountId, organizationId, [...days], ...reported]);
    if (rows.length > 0) await writeRows(manager, history, rows);
  },
};
