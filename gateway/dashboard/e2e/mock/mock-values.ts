import { createHash } from 'node:crypto';
import { type GraphQLLeafType, isEnumType } from 'graphql';

/** The day that the mocked API and the page of its drills live in. */
export const TODAY = '2026-10-31';
export const NOW = `${TODAY}T10:00:00.000Z`;
const DAY_MS = 86_400_000;

/** Where a value stands in an answer. */
export interface Place {
  /** Its type and its field. */
  type: string;
  field: string;
  /** The way to it: names of fields, and places of rows. */
  path: readonly (string | number)[];
  /** The place of each row on the way to it. */
  indices: readonly number[];
}

const NAMES: Record<string, string[]> = {
  Provider: ['Google Ads', 'Meta Ads', 'LinkedIn Ads', 'Google Analytics'],
  Campaign: ['Brand search', 'Spring sale', 'Newsletter readers', 'Retargeting', 'Trade fair', 'Autumn outlet'],
  Client: ['Nordwind Outdoor', 'Café Kranz', 'Müller & Söhne', 'Harbour Hotels'],
  Organization: ['Analytical Engines'],
  User: ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Edsger Dijkstra'],
};
const PROVIDER_IDS = ['google-ads', 'meta-ads', 'linkedin-ads', 'google-analytics'];

/** What is in use and in order has none of these. */
const IS_UNUSUAL = /^(?:archived|cancels|deletion|disabled|ended|failing|failure|muted|pastDue|paused|revoked|problem)/;

/** Returns a number from 0 to 1 that depends on the place alone: other fields of the schema change nothing. */
export function fractionOf({ type, field, indices }: Place): number {
  const digest = createHash('sha256')
    .update([type, field, ...indices].join(' '))
    .digest();
  return digest.readUInt32BE(0) / 0x1_0000_0000;
}

const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
const instant = (fraction: number) => new Date(Date.parse(NOW) - Math.round(fraction * 20 * DAY_MS)).toISOString();

function dayOf({ field, indices }: Place): string {
  if (field === 'end' || field === 'through' || field === 'reportedThrough') return TODAY;
  const first = Date.parse(`${TODAY}T00:00:00Z`) - 29 * DAY_MS;
  return new Date(first + (field === 'start' ? 0 : (indices.at(-1) ?? 0)) * DAY_MS).toISOString().slice(0, 10);
}

function textOf(place: Place): string {
  const { type, field, indices } = place;
  const index = indices.at(-1) ?? 0;
  const names: Record<string, string> = {
    name: pick(NAMES[type] ?? [`${type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')} ${index + 1}`], index),
    email: `person${index + 1}@example.com`,
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    language: 'en',
    month: '2026-10',
    cron: '0 7 * * 1',
    cardBrand: 'visa',
    cardLast4: '4242',
    accentColor: '#b45309',
    primaryColor: '#1d4ed8',
    action: pick(['session.created', 'report.created', 'api-key.created', 'client.updated'], index),
    country: pick(['DE', 'FR', 'US'], index),
  };
  if (/url$/i.test(field)) return `https://example.com/${field}/${index + 1}`;
  return names[field] ?? `${field.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()} ${index + 1}`;
}

function numberOf(place: Place, isWhole: boolean): number {
  const fraction = fractionOf(place);
  if (/ctr|rate$/i.test(place.field)) return Math.round(fraction * 1_000) / 10_000;
  if (/percent/i.test(place.field)) return Math.round(fraction * 400) / 10 - 15;
  if (/days|progress|expiryMonth/i.test(place.field)) return Math.floor(fraction * 12) + 1;
  if (place.field === 'expiryYear') return 2031;
  return isWhole ? Math.floor(fraction * 20_000) : Math.round(fraction * 2_000) / 100;
}

/** Returns a value of a scalar or an enum for a place, always the same; null for what only the unusual have. */
export function leafOf(type: GraphQLLeafType, place: Place, isNullable: boolean): unknown {
  if (isNullable && IS_UNUSUAL.test(place.field)) return null;
  const index = place.indices.at(-1) ?? 0;
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    // The user may do everything, and what takes time is done.
    const first = ['OWNER', 'READY'].find((name) => index === 0 && names.includes(name));
    return first ?? pick(names, index);
  }
  switch (type.name) {
    case 'ID':
      return place.type === 'Provider' ? pick(PROVIDER_IDS, index) : `${place.type}-${place.indices.join('-')}`;
    case 'DateTime':
      return instant(fractionOf(place));
    case 'Date':
      return dayOf(place);
    case 'Decimal':
      return (fractionOf(place) * 10_000).toFixed(2);
    case 'Boolean':
      return !/readonly|archived|expired|limited|refused/i.test(place.field) && fractionOf(place) > 0.3;
    case 'Int':
    case 'Long':
      return numberOf(place, true);
    case 'Float':
      return numberOf(place, false);
    case 'JSON':
      return {};
    default:
      return textOf(place);
  }
}
