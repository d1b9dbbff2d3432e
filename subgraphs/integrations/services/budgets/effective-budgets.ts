/**
 * Returns the statement of the budgets that hold for a month ($2) in an organization ($1): those of that month, else the last
 * repeated ones.
 */
export const EFFECTIVE_BUDGETS = (condition: string): string => `
  SELECT * FROM (
    SELECT DISTINCT ON (target_key, currency) id, organization_id AS "organizationId", target_key AS "targetKey",
      client_id AS "clientId", account_id AS "accountId", campaign_ids AS "campaignIds", currency, month::text AS month,
      repeats, amount_micros::text AS "amountMicros"
    FROM integrations.budget
    WHERE organization_id = $1 AND (month = $2::date OR (month < $2::date AND repeats)) AND ${condition}
    ORDER BY target_key, currency, month DESC
  ) AS effective
  WHERE "amountMicros" IS NOT NULL`;
