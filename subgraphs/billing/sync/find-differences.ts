/** A value that differed from what Stripe says. */
export interface Difference {
  table: 'subscription' | 'invoice' | 'payment' | 'payment_method';
  /** Of the row: Stripe's id, and for a subscription the organization's. */
  id: string;
  /** `*` = the whole row: `ours` or `theirs` is null where there is none. */
  field: string;
  ours: unknown;
  theirs: unknown;
}

/** A value as it compares: keys of objects in order, instants as text. */
function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, comparable(inner)]),
  );
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));

/** Returns the fields of `theirs` in which `ours` differs. */
export function findDifferences<Row extends object>(
  of: Pick<Difference, 'table' | 'id'>,
  ours: Row,
  theirs: Row,
): Difference[] {
  return (Object.keys(theirs) as (keyof Row & string)[])
    .filter((field) => !isSame(ours[field], theirs[field]))
    .map((field) => ({ ...of, field, ours: comparable(ours[field]), theirs: comparable(theirs[field]) }));
}

/** Returns the differences of two sets of rows, by id. */
export function compareRows<Row extends { id: string }>(
  table: Difference['table'],
  ours: readonly Row[],
  theirs: readonly Row[],
): Difference[] {
  const stored = new Map(ours.map((row) => [row.id, row]));
  const present = new Set(theirs.map(({ id }) => id));
  const whole = { table, field: '*' };
  return [
    ...theirs.flatMap((row) => {
      const known = stored.get(row.id);
      if (!known) return [{ ...whole, id: row.id, ours: null, theirs: comparable(row) }];
      return findDifferences({ table, id: row.id }, known, row);
    }),
    ...ours
      .filter(({ id }) => !present.has(id))
      .map((row) => ({ ...whole, id: row.id, ours: comparable(row), theirs: null })),
  ];
}
