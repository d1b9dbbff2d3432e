import type pg from 'pg';

// Days beside those of the year before, by month and provider, as one would write it for this question alone.
const BY_HAND = `
  WITH days AS (
    SELECT account.provider_id, account.currency, metrics.day >= $2::date AS is_current,
      date_trunc('month', CASE WHEN metrics.day >= $2::date THEN metrics.day ELSE metrics.day + interval '1 year' END)::date AS month,
      metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversion_value_micros
    FROM integrations.daily_metrics AS metrics
    JOIN integrations.account ON account.organization_id = metrics.organization_id AND account.id = metrics.account_id
    WHERE metrics.organization_id = $1 AND (metrics.day BETWEEN $2::date AND $3::date
      OR metrics.day BETWEEN $2::date - interval '1 year' AND $3::date - interval '1 year')
  )
  SELECT month, provider_id, currency,
    sum(impressions) FILTER (WHERE is_current) AS impressions, sum(impressions) FILTER (WHERE NOT is_current) AS impressions_before,
    sum(clicks) FILTER (WHERE is_current) AS clicks, sum(clicks) FILTER (WHERE NOT is_current) AS clicks_before,
    sum(cost_micros) FILTER (WHERE is_current) AS cost, sum(cost_micros) FILTER (WHERE NOT is_current) AS cost_before,
    sum(conversions) FILTER (WHERE is_current) AS conversions,
    sum(conversions) FILTER (WHERE NOT is_current) AS conversions_before,
    sum(conversion_value_micros) FILTER (WHERE is_current) AS value,
    sum(conversion_value_micros) FILTER (WHERE NOT is_current) AS value_before
  FROM days GROUP BY month, provider_id, currency ORDER BY month, provider_id, currency`;

interface HandRow {
  cost: string;
  cost_before: string;
}

/** Answers the question of `PERFORMANCE` by a statement written for it, and returns its rows. */
export async function answerByHand(pool: pg.Pool, organizationId: string, range: { start: string; end: string }) {
  const { rows } = await pool.query<HandRow>(BY_HAND, [organizationId, range.start, range.end]);
  return rows;
}
