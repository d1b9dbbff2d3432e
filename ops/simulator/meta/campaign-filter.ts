import { z } from 'zod';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import type { Ad } from '#simulator/data/parts/ad-groups.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import { invalidParameter } from './graph-error.js';
import { type InsightsRow, isInsightsField, readInsightsField } from './insights/insights-fields.js';
import { readJsonParameter } from './json-parameter.js';
import { campaignFields } from './nodes.js';

const STATUSES = ['ACTIVE', 'PAUSED', 'DELETED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'] as const;
const scalar = z.union([z.string(), z.number()]).transform(String);
const filtering = z.array(
  z.strictObject({ field: z.string(), operator: z.string(), value: z.union([z.array(scalar), scalar]) }),
);
const effectiveStatus = z.array(z.enum(STATUSES));

type Filter = z.infer<typeof filtering>[number];
type Accepts = (value: string) => boolean;

const asNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000);
const has = (value: string, part: string) => value.toLowerCase().includes(part.toLowerCase());

/** https://developers.facebook.com/docs/marketing-api/reference/ads-insights: `filtering` */
const OPERATORS: Record<string, (values: string[]) => Accepts> = {
  IN: (values) => (value) => values.includes(value),
  NOT_IN: (values) => (value) => !values.includes(value),
  EQUAL: single((expected) => (value) => value === expected),
  NOT_EQUAL: single((expected) => (value) => value !== expected),
  CONTAIN: single((part) => (value) => has(value, part)),
  NOT_CONTAIN: single((part) => (value) => !has(value, part)),
  STARTS_WITH: single((part) => (value) => value.toLowerCase().startsWith(part.toLowerCase())),
  GREATER_THAN: single((limit) => (value) => asNumber(value) > asNumber(limit)),
  GREATER_THAN_OR_EQUAL: single((limit) => (value) => asNumber(value) >= asNumber(limit)),
  LESS_THAN: single((limit) => (value) => asNumber(value) < asNumber(limit)),
  LESS_THAN_OR_EQUAL: single((limit) => (value) => asNumber(value) <= asNumber(limit)),
  IN_RANGE: range((value, from, to) => value >= from && value <= to),
  NOT_IN_RANGE: range((value, from, to) => value < from || value > to),
};

const NOT_SIMULATED_OPERATORS = [
  'ALL',
  'ANY',
  'NONE',
  'AFTER',
  'BEFORE',
  'ON_OR_AFTER',
  'ON_OR_BEFORE',
  'TOP',
  'ENDS_WITH',
];

function single(make: (value: string) => Accepts): (values: string[]) => Accepts {
  return ([value = '', ...others]) => {
    if (others.length > 0) throw invalidParameter('Param filtering: this operator takes a single value');
    return make(value);
  };
}

function range(accepts: (value: number, from: number, to: number) => boolean): (values: string[]) => Accepts {
  return ([from, to, ...others]) => {
    if (from === undefined || to === undefined || others.length > 0)
      throw invalidParameter('Param filtering: this operator takes two values');
    return (value) => accepts(asNumber(value), asNumber(from), asNumber(to));
  };
}

/** An ad set or ad with its effective status. */
export type NamedPart = Pick<Ad, 'id' | 'name' | 'status'>;

export interface Filtering {
  accepts(campaign: Campaign): boolean;
  /** By the effective status. `isListed`: deleted and archived ones are listed only when filtered by their status. */
  acceptsAdSet(adSet: NamedPart, isListed: boolean): boolean;
  acceptsAd(ad: NamedPart, isListed: boolean): boolean;
  /** For filters on figures. */
  acceptsRow(row: InsightsRow): boolean;
  namesStatus: boolean;
  namesFigures: boolean;
  /** Throws NotSimulated when it names ad sets or ads: for lists of what has none below. */
  refuseParts(): void;
}

/** Parses `filtering`. Throws Meta's error, and NotSimulated for other fields and operators. */
export function readFiltering(query: URLSearchParams, account: Account): Filtering {
  const filters = (readJsonParameter(query, 'filtering', filtering) ?? []).map((filter) => ({
    field: filter.field.replace(/^campaign\./, ''),
    accepts: operatorOf(filter),
  }));
  const about = (isAbout: (field: string) => boolean) => filters.filter(({ field }) => isAbout(field));
  const [ofCampaigns, ofFigures] = [about(isOfCampaign), about(isFigure)];
  const acceptsPart =
    (level: 'adset' | 'ad') =>
    (part: NamedPart, isListed: boolean): boolean => {
      const own = about((field) => field.startsWith(`${level}.`));
      const namesStatus = own.some(({ field }) => field === `${level}.effective_status`);
      const texts: Record<string, string> = { id: part.id, name: part.name, effective_status: part.status };
      return (
        own.every(({ field, accepts }) => accepts(texts[field.slice(level.length + 1)] ?? '')) &&
        (!isListed || namesStatus || !HIDDEN.includes(part.status))
      );
    };
  const other = filters.find(({ field }) => !isOfCampaign(field) && !isFigure(field) && !isOfPart(field));
  if (other) throw new NotSimulated(`filtering by ${other.field}`);
  return {
    accepts: (campaign) => ofCampaigns.every(({ field, accepts }) => accepts(textOf(field, account, campaign))),
    acceptsAdSet: acceptsPart('adset'),
    acceptsAd: acceptsPart('ad'),
    acceptsRow: (row) => ofFigures.every(({ field, accepts }) => accepts(String(readInsightsField(field, row) ?? '0'))),
    namesStatus: filters.some(({ field }) => field === 'effective_status'),
    namesFigures: ofFigures.length > 0,
    refuseParts() {
      const part = filters.find(({ field }) => isOfPart(field));
      if (part) throw new NotSimulated(`filtering by ${part.field} here`);
    },
  };
}

/** Returns an edge's campaigns. Deleted and archived ones are listed only when requested by status. */
export function listCampaigns(
  campaigns: readonly Campaign[],
  query: URLSearchParams,
  { accepts, namesStatus }: Filtering,
): Campaign[] {
  const selected = readJsonParameter(query, 'effective_status', effectiveStatus);
  return campaigns.filter(
    (campaign) =>
      accepts(campaign) &&
      (selected
        ? selected.some((status) => status === campaign.status)
        : namesStatus || !HIDDEN.includes(campaign.status)),
  );
}

function operatorOf({ field, operator, value }: Filter): Accepts {
  if (NOT_SIMULATED_OPERATORS.includes(operator)) throw new NotSimulated(`the operator ${operator} in filtering`);
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!make) throw invalidParameter(`Param filtering: operator ${operator} cannot be used with field ${field}`);
  return make(Array.isArray(value) ? value : [value]);
}

const CAMPAIGN_FIELDS = ['id', 'name', 'effective_status', 'objective', 'created_time', 'updated_time', 'start_time'];
const PART_FIELDS = ['id', 'name', 'effective_status'].flatMap((name) => [`adset.${name}`, `ad.${name}`]);
const HIDDEN = ['DELETED', 'ARCHIVED'];
const FIGURES = ['impressions', 'clicks', 'spend', 'reach', 'frequency', 'ctr', 'cpc', 'cpm', 'cpp'];

const isOfCampaign = (field: string) => CAMPAIGN_FIELDS.includes(field);
const isOfPart = (field: string) => PART_FIELDS.includes(field);
const isFigure = (field: string) => FIGURES.includes(field) && isInsightsField(field);

const textOf = (field: string, account: Account, campaign: Campaign) =>
  String(campaignFields(account, campaign)[field]?.() ?? '');

// https://developers.facebook.com/docs/marketing-api/reference/adgroup: effective_status
const PART_STATUSES = [
  ...STATUSES,
  'PENDING_REVIEW',
  'DISAPPROVED',
  'PREAPPROVED',
  'PENDING_BILLING_INFO',
  'CAMPAIGN_PAUSED',
  'ADSET_PAUSED',
] as const;
const partStatuses = z.array(z.enum(PART_STATUSES));

/** Returns the values of the parameter `effective_status` of ad sets and ads; undefined without it. */
export const readPartStatuses = (query: URLSearchParams): readonly string[] | undefined =>
  readJsonParameter(query, 'effective_status', partStatuses);
