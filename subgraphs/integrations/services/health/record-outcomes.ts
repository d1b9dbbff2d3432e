import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { isOfAccount } from '#integrations/faults/fault-code.js';
import { storedFaultOf } from '#integrations/faults/fault-of.js';
import type { Product } from '#integrations/providers/products.js';
import { syncSoon } from '#integrations/services/shared/queue-sync.js';
import { forgetHealth } from './connection-health.js';
import { recordConnectionFault } from './record-connection-fault.js';

type ProductAnswers = Map<{ product: Product; account: Account }, unknown>;

/** Over all questions about the account. */
type Verdict = { account: Account } & ({ isFine: true } | { isFine: false; fault: StoredFault | undefined });

// Their absence says nothing about the account.
const PARTS_OF_ACCOUNT = new Set<Product>(['locationDays', 'postById']);

function verdictOn(account: Account, answers: unknown[], product: Product, now: Date): Verdict {
  const errors = answers.flatMap((answer) => (answer instanceof Error ? answer : []));
  if (errors.length < answers.length) return { account, isFine: true };
  const faults = errors.flatMap((error) => storedFaultOf(error, now, product) ?? []);
  const fault = faults.find(({ code }) => !isOfAccount(code) || !PARTS_OF_ACCOUNT.has(product));
  return { account, isFine: false, fault };
}

/** null clears the fault, undefined changes nothing. */
function changeOf(verdict: Verdict, product: Product): StoredFault | null | undefined {
  const { account } = verdict;
  if (!verdict.isFine) return verdict.fault?.code === account.fault?.code ? undefined : verdict.fault;
  return account.fault && (account.fault.product ?? product) === product ? null : undefined;
}

async function recordAccountFaults(
  context: Context,
  organizationId: string,
  verdicts: Verdict[],
  product: Product,
): Promise<boolean> {
  const changes = verdicts.flatMap((verdict) => {
    const fault = changeOf(verdict, product);
    return fault === undefined ? [] : [{ id: verdict.account.id, fault }];
  });
  if (changes.length === 0) return false;
  const [, changed] = await context.database.query<[unknown, number]>(
    `UPDATE integrations.account SET fault = new.fault
     FROM (SELECT unnest($2::uuid[]) AS id, unnest($3::jsonb[]) AS fault) AS new
     WHERE account.id = new.id AND organization_id = $1 AND account.fault->>'code' IS DISTINCT FROM new.fault->>'code'`,
    [organizationId, changes.map(({ id }) => id), changes.map(({ fault }) => fault && JSON.stringify(fault))],
  );
  if (changed > 0) await forgetHealth(context, organizationId);
  return changed > 0;
}

async function record(context: Context, connection: Connection, answers: ProductAnswers): Promise<void> {
  const [question] = answers.keys();
  if (!question) return;
  const { product } = question;
  const now = context.services.now();
  const groups = Object.values(groupBy([...answers], ([{ account }]) => account.id));
  const verdicts = groups.flatMap((group) => {
    const [first] = group;
    const found = group.map(([, answer]) => answer);
    return first ? verdictOn(first[0].account, found, product, now) : [];
  });
  const faults = verdicts.flatMap((verdict) => (verdict.isFine ? [] : (verdict.fault ?? [])));
  const common = faults.find(({ code }) => !isOfAccount(code));
  const isAnswered = verdicts.some(({ isFine }) => isFine) || faults.some(({ code }) => isOfAccount(code));
  if (!isAnswered) {
    const isNew = common && common.code !== connection.fault?.code;
    if (isNew) await recordConnectionFault(context, { connection, fault: common });
    return;
  }
  if (connection.fault) await recordConnectionFault(context, { connection, fault: null });
  const isNew = await recordAccountFaults(context, connection.organizationId, verdicts, product);
  // A permission may have been withdrawn: only the list of accounts shows that.
  const isAllDenied = faults.length === verdicts.length && faults.every(({ code }) => code === 'ACCESS_DENIED');
  if (isNew && isAllDenied) await syncSoon(context, connection);
}

/**
 * Records what answers say about a connection and its accounts: a fault of all accounts is the connection's. Never
 * rejects.
 */
export async function recordOutcomes(
  context: Context,
  { connection, answers }: { connection: Connection; answers: ProductAnswers },
): Promise<void> {
  try {
    await record(context, connection, answers);
  } catch (err) {
    const { id: connectionId, organizationId } = connection;
    context.services.logger.warn({ err, connectionId, organizationId }, 'Connection health could not be recorded');
  }
}
