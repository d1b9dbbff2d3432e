import type { DayRange } from '#integrations/calendar-day.js';
import { MalformedAnswer, ProviderUnavailable } from '#integrations/errors.js';
import type { ProviderTools } from '#integrations/providers/provider.js';
import { openTransport } from '#integrations/providers/transport.js';
import { readSettings } from './config.js';
import { NAME } from './name.js';
import { parseRates, type ReferenceRate } from './parse-rates.js';

/** The daily reference rates of the euro. */
export interface ReferenceRates {
  /** What copied rates are kept under: simulated ones never pass for real ones. */
  id: 'ecb' | 'ecb-simulated';
  name: string;
  /** Where they are published, for users. */
  url: string;
  /**
   * Returns the rates published for the days of a range, and those that cannot be right. Throws ProviderUnavailable.
   * `before` has the last known rate of each currency.
   */
  list(
    range: DayRange,
    before: ReadonlyMap<string, string>,
  ): Promise<{ rates: ReferenceRate[]; refused: ReferenceRate[] }>;
}

const SERIES = '/service/data/EXR/D..EUR.SP00.A';
const URL_FOR_USERS =
  'https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html';
/** A year of all currencies is about half of this. */
const MAX_CHARACTERS = 1024 * 1024;
const NO_LIMITS = { chargesOf: () => [], reportedBy: () => [] };

/** Opens the rates of the European Central Bank, outside production the simulator's. Throws ConfigurationError. */
export function openReferenceRates(tools: Omit<ProviderTools, 'governor'>): ReferenceRates {
  const { apiBase, isSimulated, timeoutMs } = readSettings(tools);
  const id = isSimulated ? 'ecb-simulated' : 'ecb';
  const send = openTransport({ id, name: NAME }, tools, {
    limits: NO_LIMITS,
    timeoutMs,
    parse: (text) => text,
  });
  return {
    id,
    name: `European Central Bank, euro foreign exchange reference rates${isSimulated ? ' (simulated)' : ''}`,
    url: URL_FOR_USERS,
    async list(range, before) {
      const period = `startPeriod=${range.start}&endPeriod=${range.end}`;
      const url = `${apiBase}${SERIES}?${period}&format=csvdata&detail=dataonly`;
      const { status, json: text } = await send({ url, headers: { accept: 'text/csv' }, isIdempotent: true });
      if (status !== 200) throw new ProviderUnavailable(NAME, `answered with status ${status}`);
      if (typeof text !== 'string' || text.length > MAX_CHARACTERS) {
        throw new MalformedAnswer(NAME, 'answered more than a year of rates');
      }
      return parseRates(text, range, before);
    },
  };
}
