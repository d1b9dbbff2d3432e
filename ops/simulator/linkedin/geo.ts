import { NotSimulated } from '#simulator/not-simulated.js';
import { invalidParameter } from './linkedin-error.js';
import { checkKind, type RestCall } from './rest-call.js';
import { checkNames } from './restli/query.js';
import { readChoice, readList, readUrn } from './restli/read-value.js';
import { GEO, urnOf } from './urns.js';

// Ids of countries as LinkedIn uses them, with their English names. The smallest ones are made up.
const COUNTRIES: Record<string, [id: string, name: string]> = {
  US: ['103644278', 'United States'],
  CA: ['101174742', 'Canada'],
  MX: ['103323778', 'Mexico'],
  PR: ['105245958', 'Puerto Rico'],
  DE: ['101282230', 'Germany'],
  AT: ['103883259', 'Austria'],
  CH: ['106693272', 'Switzerland'],
  FR: ['105015875', 'France'],
  JP: ['101355337', 'Japan'],
  KR: ['105149562', 'South Korea'],
  TW: ['104187078', 'Taiwan'],
  GB: ['101165590', 'United Kingdom'],
  IE: ['104738515', 'Ireland'],
  GG: ['103077496', 'Bailiwick of Guernsey'],
};

const nameById = new Map(Object.values(COUNTRIES));

/** Returns the id of a country by its ISO 3166 alpha-2 code. */
export const geoIdOf = (country: string): string => COUNTRIES[country]?.[0] ?? '';

const MAX_URNS = 20;

/** Answers GET /adTargetingEntities?q=urns: https://learn.microsoft.com/en-us/linkedin/shared/references/v2/ads/adtargetingentities */
export function answerTargetingEntities(call: RestCall): unknown {
  checkKind(call, 'finder');
  checkNames(call.query, ['q', 'urns', 'queryVersion', 'locale'], ['q', 'urns']);
  readChoice(call.query.get('q') ?? '', 'q', ['urns']);
  readChoice(call.query.get('queryVersion') ?? 'QUERY_USES_URNS', 'queryVersion', ['QUERY_USES_URNS']);
  if (call.query.has('locale')) throw new NotSimulated('locales of targeting entities');
  const ids = readList(call.query.get('urns') ?? '', 'urns').map((urn, n) => readUrn(urn, `urns[${n}]`, GEO));
  if (ids.length < 1 || ids.length > MAX_URNS) throw invalidParameter('urns', `Expected one to ${MAX_URNS} URNs`);
  return {
    paging: { start: 0, count: 10, links: [] },
    elements: ids.flatMap((id) => {
      const name = nameById.get(id);
      return name ? [{ urn: urnOf(GEO, id), facetUrn: 'urn:li:adTargetingFacet:locations', name }] : [];
    }),
  };
}
