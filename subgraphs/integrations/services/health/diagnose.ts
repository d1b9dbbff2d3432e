import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { describeFault, type FaultCode, remedyOf } from '#integrations/faults/fault-code.js';
import type { FaultModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { currentState } from './current-state.js';

/** How a connection is doing, from what is known: nobody is asked. */
export interface Diagnosis {
  status: Connection['status'] | 'FAILING';
  reason: string | null;
  fault: FaultModel | null;
}

function tell(providerId: string, { code, message, since }: StoredFault, account: Account | null): FaultModel {
  return {
    code,
    message: message ?? describeFault(code, describeProviderById(providerId).name),
    remedy: remedyOf(code),
    since: new Date(since),
    account,
  };
}

function known(code: FaultCode, account: Account): FaultModel {
  const message = describeFault(code, describeProviderById(account.providerId).name);
  return { code, message, remedy: remedyOf(code), since: null, account };
}

/** Returns what is wrong with an account; null when nothing is. */
export function faultOfAccount(account: Account): FaultModel | null {
  if (account.access === null) return known('ACCESS_DENIED', account);
  if (!account.isActive) return known('ACCOUNT_CLOSED', account);
  return account.fault && tell(account.providerId, account.fault, account);
}

/** One account that cannot be used, which others can: closed ones are no news. */
function diagnosePartly(accounts: Account[]): Diagnosis {
  const ill = accounts.filter(({ isActive, fault }) => isActive && fault);
  const [first] = ill;
  const fault = first ? faultOfAccount(first) : null;
  if (!first || !fault) return { status: 'ACTIVE', reason: null, fault: null };
  const which = ill.length === 1 ? first.name : `${ill.length} of ${accounts.length} accounts`;
  return { status: 'ACTIVE', reason: `${which}: ${fault.message}`, fault };
}

async function diagnoseNow(context: Context, before: Connection): Promise<Diagnosis> {
  const { connection, accounts } = await currentState(context, before);
  const { providerId, status, reason, fault } = connection;
  if (status !== 'ACTIVE') return { status, reason, fault: fault && tell(providerId, fault, null) };
  if (fault) {
    const told = tell(providerId, fault, null);
    return { status: 'FAILING', reason: told.message, fault: told };
  }
  const faults = accounts.map(faultOfAccount);
  const isIll = accounts.length > 0 && faults.every((one) => one !== null);
  if (!isIll) return diagnosePartly(accounts);
  // What was found out tells more than that an account is closed.
  const told = faults.find((one) => one?.since) ?? (faults[0] as FaultModel);
  return {
    status: 'FAILING',
    reason: told.message,
    fault: { ...told, account: accounts.length > 1 ? null : told.account },
  };
}

// A row belongs to one operation: several of its fields want to know.
const diagnoses = new WeakMap<Connection, Promise<Diagnosis>>();

/** Returns how a connection is doing, after what this operation asks of its provider. Asks nobody itself. */
export function diagnose(context: Context, connection: Connection): Promise<Diagnosis> {
  const known = diagnoses.get(connection);
  const diagnosis = known ?? diagnoseNow(context, connection);
  diagnoses.set(connection, diagnosis);
  return diagnosis;
}
