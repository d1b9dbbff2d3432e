export interface LargeClient {
  /** 1 to 20. */
  n: number;
  name: string;
  market: string;
  currency: string;
  digits: number;
  timeZone: string;
}

export const CAMPAIGNS_OF_LARGE_CLIENT = 50;

const CLIENTS = 20;

const MARKETS = [
  ['US', 'USD', 2, 'America/New_York'],
  ['DE', 'EUR', 2, 'Europe/Berlin'],
  ['JP', 'JPY', 0, 'Asia/Tokyo'],
  ['UK', 'GBP', 2, 'Europe/London'],
] as const;

/** Clients with an account at every provider, for measuring large installations. */
export const largeClients: readonly LargeClient[] = Array.from({ length: CLIENTS }, (_, index) => {
  const [market, currency, digits, timeZone] = MARKETS[index % MARKETS.length] ?? MARKETS[0];
  const n = index + 1;
  return { n, name: `Stein client ${String(n).padStart(2, '0')} (${market})`, market, currency, digits, timeZone };
});
