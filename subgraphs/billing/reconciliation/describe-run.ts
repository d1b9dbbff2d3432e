import { CORRECTED, type FoundDifference, type Reconciliation } from './run-record.js';

const MAX_LENGTH = 120;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function describeDifference({ kind, rowId, field, ours, theirs, isMoney, isAwaited }: FoundDifference): string {
  const mark = isMoney ? 'MONEY ' : '      ';
  if (field === CORRECTED) return `  ${mark}${kind} ${rowId} was corrected at Stripe: ${shown(ours)}`;
  const what = field === '*' ? (ours === null ? 'was missing' : 'is no longer at Stripe') : field;
  const values = field === '*' ? shown(theirs ?? ours) : `${shown(ours)} -> ${shown(theirs)}`;
  return `  ${mark}${kind} ${rowId} ${what}: ${values}${isAwaited ? ' (an event was waiting)' : ''}`;
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Returns the report of a reconciliation for operators, line by line. */
export function describeRun(run: Reconciliation, found: readonly FoundDifference[]): string[] {
  const { startedAt, finishedAt, organizationCount, failedCount, listedCount, problem } = run;
  const money = found.filter(({ isMoney, isAwaited }) => isMoney && !isAwaited).length;
  const waits = problem ? `, waits: ${problem}` : ', is not finished';
  const byCustomer = new Map<string, FoundDifference[]>();
  for (const difference of found) {
    const known = byCustomer.get(difference.customerId) ?? [];
    byCustomer.set(difference.customerId, [...known, difference]);
  }
  return [
    `Reconciliation of ${minute(startedAt)}${finishedAt ? `, finished ${minute(finishedAt)}` : waits}`,
    `${organizationCount} organizations compared with Stripe, ${failedCount} could not be; ${listedCount} customers and subscriptions listed there`,
    `${found.length} differences, ${money} of money; what is stored is what Stripe says now`,
    ...[...byCustomer].flatMap(([customerId, differences]) => [
      `organization ${differences[0]?.organizationId ?? 'unknown here'}, customer ${customerId}`,
      ...differences.map(describeDifference),
    ]),
  ];
}
