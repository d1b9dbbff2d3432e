/** The simulator's figures of a campaign in neutral units, computed apart from its wire formats. */
export interface SeededCampaign {
  id: string;
  name: string;
  impressions: number;
  clicks: number;
  /** Decimal amount in the account's currency. */
  cost: string;
  conversions: number | null;
}

export interface SeededAccount {
  id: string;
  name: string;
  currency: string;
  campaigns: Map<string, SeededCampaign>;
}

type Seed = { accounts: { id: string; name: string; currency: string; campaigns: Record<string, string>[] }[] };

/** Millionths as decimal text, with at least the currency's decimals. */
function decimalFromMicros(micros: string, currency: string): string {
  const digits = micros.padStart(7, '0');
  const fraction = digits
    .slice(-6)
    .replace(/0+$/, '')
    .padEnd(currency === 'JPY' ? 0 : 2, '0');
  return digits.slice(0, -6) + (fraction && `.${fraction}`);
}

/** Returns the seeded accounts of a provider by its ids. */
export async function seededAccounts(
  simulatorUrl: string,
  provider: 'google-ads' | 'meta',
  range: { start: string; end: string },
): Promise<Map<string, SeededAccount>> {
  const response = await fetch(`${simulatorUrl}/_simulator/seed/${provider}?start=${range.start}&end=${range.end}`);
  const { accounts } = (await response.json()) as Seed;
  return new Map(
    accounts.map(({ id, name, currency, campaigns }) => [
      id,
      {
        id,
        name,
        currency,
        campaigns: new Map(
          campaigns.map((campaign) => [
            String(campaign.id),
            {
              id: String(campaign.id),
              name: String(campaign.name),
              impressions: Number(campaign.impressions),
              clicks: Number(campaign.clicks),
              cost: decimalFromMicros(String(campaign.costMicros), currency),
              // Meta reports no action that did not happen.
              conversions: provider === 'meta' ? Number(campaign.conversions) || null : Number(campaign.conversions),
            },
          ]),
        ),
      },
    ]),
  );
}
