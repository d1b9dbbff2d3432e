import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import type { Equipment } from '#integrations/equipment.js';
import { isOfAccount } from '#integrations/faults/fault-code.js';
import { groupBy } from '#integrations/group-by.js';
import type { Product } from '#integrations/providers/products.js';
import { syncSoon } from '#integrations/services/shared/sync-soon.js';
import { forgetHealth } from './connection-health.js';
import { recordConnectionFault } from './record-connection-fault.js';
import { storedFaultOf } from './stored-fault-of.js';

/** What came of asking for one account, be it one question or many: an answer, a fault, or nothing that says anything. */
type Verdict = { account: Account } & ({ isFine: true } | { isFine: false; fault: StoredFault | undefined });

// A place or a post that is gone says nothing about its account.
const THINGS_WITHIN = new Set<Product>(['locationDays', 'postById']);

function verdictOn(askings: { account: Account; answer: unknown }[], product: Product, now: Date): Verdict {
  const { account } = askings[0] as { account: Account };
  const errors = askings.flatMap(({ answer }) => (answer instanceof Error ? answer : []));
  if (errors.length < askings.length) return { account, isFine: true };
  const faults = errors.flatMap((error) => storedFaultOf(error, now, product) ?? []);
  const fault = faults.find(({ code }) => !isOfAccount(code) || !THINGS_WITHIN.has(product));
  return { account, isFine: false, fault };
}

/** Returns the fault an account is to have now; undefined = it keeps what it has. */
function changeOf(verdict: Verdict, product: Product): StoredFault | null | undefined {
  const { account } = verdict;
  if (!verdict.isFine) return verdict.fault?.code === account.fault?.code ? undefined : verdict.fault;
  // That one product answers does not mean that another does.
  return account.fault && (account.fault.product ?? product) === product ? null : undefined;
}

async function recordAccountFaults(
  equipment: Equipment,
  organizationId: string,
  verdicts: Verdict[],
  product: Product,
): Promise<boolean> {
  const changes = verdicts.flatMap((verdict) => {
    const fault = changeOf(verdict, product);
    return fault === undefined ? [] : [{ id: verdict.account.id, fault }];
  });
  if (changes.length === 0) return false;
  const [, changed] = await equipment.database.query<[unknown, number]>(
    `UPDATE integrations.account SET fault = new.fault
     FROM (SELECT unnest($2::uuid[]) AS id, unnest($3::jsonb[]) AS fault) AS new
     WHERE account.id = new.id AND organization_id = $1 AND account.fault->>'code' IS DISTINCT FROM new.fault->>'code'`,
    [organizationId, changes.map(({ id }) => id), changes.map(({ fault }) => fault && JSON.stringify(fault))],
  );
  if (changed > 0) await forgetHealth(equipment, organizationId);
  return changed > 0;
}

async function record(
  equipment: Equipment,
  connection: Connection,
  product: Product,
  askings: { account: Account; answer: unknown }[],
): Promise<void> {
  const now = equipment.services.now();
  const groups = [...groupBy(askings, ({ account }) => account.id).values()];
  const verdicts = groups.map((group) => verdictOn(group, product, now));
  const faults = verdicts.flatMap((verdict) => (verdict.isFine ? [] : (verdict.fault ?? [])));
  const common = faults.find(({ code }) => !isOfAccount(code));
  const isAnswered = verdicts.some(({ isFine }) => isFine) || faults.some(({ code }) => isOfAccount(code));
  if (!isAnswered) {
    if (common && common.code !== connection.fault?.code) await recordConnectionFault(equipment, connection, common);
    return;
  }
  if (connection.fault) await recordConnectionFault(equipment, connection, null);
  const isNew = await recordAccountFaults(equipment, connection.organizationId, verdicts, product);
  // Nothing may be read any more: perhaps a permission was taken back, which only the list of accounts tells.
  const isAllDenied = faults.length === verdicts.length && faults.every(({ code }) => code === 'ACCESS_DENIED');
  if (isNew && isAllDenied) await syncSoon(equipment, connection);
}

/**
 * Writes down what asking a provider told about a connection and its accounts: nothing when that is known already. What
 * went wrong for all of them is wrong with the connection, what went wrong for one is wrong with that one.
 */
export async function recordOutcomes(
  equipment: Equipment,
  connection: Connection,
  product: Product,
  askings: { account: Account; answer: unknown }[],
): Promise<void> {
  try {
    await record(equipment, connection, product, askings);
  } catch (err) {
    // Whoever asked gets their answers in any case.
    const { id: connectionId, organizationId } = connection;
    equipment.services.logger.warn(
      { err, connectionId, organizationId },
      'The health of a connection was not written down',
    );
  }
}
