import { z } from 'zod';
import type { Campaign } from '#simulator/data/campaign.js';
import { invalidParameter } from './graph-error.js';
import { readJsonParameter } from './json-parameter.js';

const STATUSES = ['ACTIVE', 'PAUSED', 'DELETED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'] as const;
const scalar = z.union([z.string(), z.number()]).transform(String);
const filtering = z.array(
  z.strictObject({ field: z.string(), operator: z.string(), value: z.union([z.array(scalar), scalar]) }),
);
const effectiveStatus = z.array(z.enum(STATUSES));

type Predicate = (campaign: Campaign) => boolean;

/** Returns the predicate of `filtering`, and whether it names a status. */
export function readFiltering(query: URLSearchParams): { accepts: Predicate; namesStatus: boolean } {
  const filters = readJsonParameter(query, 'filtering', filtering) ?? [];
  const predicates = filters.map(predicateOf);
  return {
    accepts: (campaign) => predicates.every((accepts) => accepts(campaign)),
    namesStatus: filters.some(({ field }) => field.endsWith('effective_status')),
  };
}

/** Returns an edge's campaigns. Deleted and archived ones are listed only when requested by status. */
export function listCampaigns(campaigns: readonly Campaign[], query: URLSearchParams): Campaign[] {
  const { accepts, namesStatus } = readFiltering(query);
  const selected = readJsonParameter(query, 'effective_status', effectiveStatus);
  const hidden = ['DELETED', 'ARCHIVED'];
  return campaigns.filter(
    (campaign) =>
      accepts(campaign) &&
      (selected
        ? selected.some((status) => status === campaign.status)
        : namesStatus || !hidden.includes(campaign.status)),
  );
}

function predicateOf({ field, operator, value }: z.infer<typeof filtering>[number]): Predicate {
  const read = readerOf(field);
  const values = Array.isArray(value) ? value : [value];
  switch (operator) {
    case 'IN':
      return (campaign) => values.includes(read(campaign));
    case 'NOT_IN':
      return (campaign) => !values.includes(read(campaign));
    case 'EQUAL':
      if (values.length !== 1) throw invalidParameter('Param filtering: EQUAL takes a single value');
      return (campaign) => read(campaign) === values[0];
    default:
      throw invalidParameter(`Param filtering: operator ${operator} cannot be used with field ${field}`);
  }
}

function readerOf(field: string): (campaign: Campaign) => string {
  switch (field.replace(/^campaign\./, '')) {
    case 'id':
      return (campaign) => campaign.id;
    case 'effective_status':
      return (campaign) => campaign.status;
    default:
      throw invalidParameter(`Filtering field ${field} with this operation is not supported`);
  }
}
