import { chunk } from 'es-toolkit/array';
import { z } from 'zod';
import { answerEach } from '#integrations/providers/answer-groups.js';
import { countryOfName } from '#integrations/providers/countries.js';
import { inHalves, joinRows } from '#integrations/providers/halves.js';
import type { BreakdownRow, Device, Readers, Rows } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { readRows } from '#integrations/providers/wire.js';
import { CAMPAIGN, COUNTRY, DEVICE, readFigures } from './analytics.js';
import type { LinkedInApi } from './api.js';
import { metricsOf } from './campaigns.js';
import { NAME } from './errors.js';
import { listOf } from './restli.js';

const CALLS_AT_ONCE = 8;

const granularities = { ALL: 'ALL', DAY: 'DAILY', MONTH: 'MONTHLY' } as const;

/** `MOBILE_APP`, `MOBILE_WEB`, `DESKTOP_WEB` and more. */
function deviceOf(word: string): Device {
  if (word.includes('TABLET')) return 'TABLET';
  if (word.includes('MOBILE')) return 'MOBILE';
  if (/TV/.test(word)) return 'CONNECTED_TV';
  return word.includes('DESKTOP') ? 'DESKTOP' : 'OTHER';
}

const MAX_URNS = 20;
const entity = z.object({ urn: z.string(), name: z.string() });
const identity = z.object({ urn: z.string() }).transform(({ urn }) => ({ row: urn }));

/** The codes of countries by their URNs, which never change: asked once. */
class Countries {
  readonly #api: LinkedInApi;
  readonly #known = new Map<string, string | null>();

  constructor(api: LinkedInApi) {
    this.#api = api;
  }

  /** https://learn.microsoft.com/linkedin/shared/references/v2/ads/adtargetingentities */
  async find(accessToken: string, urns: string[]): Promise<(urn: string) => string | null> {
    const unknown = [...new Set(urns)].filter((urn) => urn.startsWith('urn:li:geo:') && !this.#known.has(urn));
    for (const some of chunk(unknown, MAX_URNS)) {
      const query = `q=urns&queryVersion=QUERY_USES_URNS&urns=${listOf(some)}`;
      const found = await this.#api.find(accessToken, '/adTargetingEntities', query);
      for (const urn of some) this.#known.set(urn, null);
      for (const { urn, name } of readRows(NAME, entity, found, identity).read)
        this.#known.set(urn, countryOfName(name));
    }
    return (urn) => this.#known.get(urn) ?? null;
  }
}

/**
 * One call per account and range, and the names of countries once. Figures by country are approximate and leave out countries of
 * few members: the fewer parts are asked for, the less is left out.
 * https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting
 */
export function readBreakdown(api: LinkedInApi): Readers['breakdown'] {
  const countries = new Countries(api);
  return inHalves<'breakdown'>(
    (accessToken, questions) =>
      answerEach(
        questions,
        CALLS_AT_ONCE,
        async ({ account, range, by, unit, isByCampaign }): Promise<Rows<BreakdownRow>> => {
          const pivot = by === 'DEVICE' ? DEVICE : COUNTRY;
          const { rows, unreadable } = await readFigures(api, accessToken, {
            pivots: isByCampaign ? [CAMPAIGN, pivot] : [pivot],
            of: { facet: 'accounts', ids: [account.externalId] },
            range,
            granularity: granularities[unit],
          });
          const words = rows.map(({ values }) => values.at(-1) ?? '');
          const countryOf = by === 'COUNTRY' ? await countries.find(accessToken, words) : undefined;
          const found = rows.map((row, n) => ({
            campaignId: isByCampaign ? (row.values[0] ?? null) : null,
            day: row.day,
            value: countryOf ? countryOf(words[n] ?? '') : deviceOf(words[n] ?? ''),
            metrics: metricsOf(row, currencyOf(account)),
          }));
          return { rows: found, unreadable };
        },
      ),
    joinRows,
  );
}
