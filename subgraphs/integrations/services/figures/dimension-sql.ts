import type { FigureUnits } from './figure-days.js';
import { SIDES } from './metric-sql.js';
import type { Parameters } from './parameters.js';

/** The expressions of the dimensions that all figures have, over `fact`, `unit` and what `clientJoin` adds. */
export const commonColumns: Readonly<Record<string, string>> = {
  CLIENT: 'client_account.client_id',
  ACCOUNT: 'fact.account_id',
  DAY: 'unit.start',
  WEEK: 'unit.start',
  MONTH: 'unit.start',
};

/** Whose figures are read. */
export interface ClientScope {
  organizationId: string;
  /** The clients the caller sees; null = all. */
  clientIds: readonly string[] | null;
}

/** Returns the join of a table that has `account_id` with the clients of its accounts, where they are a dimension. */
export function clientJoin(
  table: string,
  dimensions: readonly string[],
  { organizationId, clientIds }: ClientScope,
  parameters: Parameters,
): string[] {
  if (!dimensions.includes('CLIENT')) return [];
  return [
    `LEFT JOIN integrations.client_account ON client_account.organization_id = ${parameters.add(organizationId)}
     AND client_account.account_id = ${table}.account_id
     ${clientIds ? `AND client_account.client_id = ANY (${parameters.add(clientIds)}::uuid[])` : ''}`,
  ];
}

/** Returns the table `unit`: the days of each side with the units of time they count to; none without units. */
export function unitTable(units: FigureUnits | undefined, parameters: Parameters): string[] {
  if (!units) return [];
  const all = SIDES.flatMap((side) => units[side].map((one) => ({ ...one, isPrevious: side === 'previous' })));
  return [
    `unit AS (
    SELECT * FROM unnest(${parameters.add(all.map(({ day }) => day))}::date[],
      ${parameters.add(all.map(({ unit }) => unit))}::date[],
      ${parameters.add(all.map(({ isPrevious }) => isPrevious))}::boolean[]) AS unit (day, start, is_previous)
  )`,
  ];
}
