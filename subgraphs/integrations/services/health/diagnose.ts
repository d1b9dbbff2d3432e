import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { describeFault, type FaultCode, remedyOf } from '#integrations/faults/fault-code.js';
import type { FaultModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { currentState } from './current-state.js';

export interface Diagnosis {
  status: Connection['status'] | 'FAILING';
  reason: string | null;
  fault: FaultModel | null;
}

function faultModel(providerId: string, { code, message, since }: StoredFault, account: Account | null): FaultModel {
  return {
    code,
    message: message ?? describeFault(code, describeProviderById(providerId).name),
    remedy: remedyOf(code),
    since: new Date(since),
    account,
  };
}

function knownFault(code: FaultCode, account: Account): FaultModel {
  const message = describeFault(code, describeProviderById(account.providerId).name);
  return { code, message, remedy: remedyOf(code), since: null, account };
}

/** Returns the fault of an account. */
export function faultOfAccount(account: Account): FaultModel | null {
  if (account.access === null) return knownFault('ACCESS_DENIED', account);
  if (!account.isActive) return knownFault(account.inactiveFault ?? 'ACCOUNT_CLOSED', account);
  return account.fault && faultModel(account.providerId, account.fault, account);
}

/** Some accounts fail while others work; closed ones are not reported. */
function diagnosePartly(accounts: Account[]): Diagnosis {
  const failing = accounts.filter(({ isActive, fault }) => isActive && fault);
  const [first] = failing;
  const fault = first ? faultOfAccount(first) : null;
  if (!first || !fault) return { status: 'ACTIVE', reason: null, fault: null };
  const which = failing.length === 1 ? first.name : `${failing.length} of ${accounts.length} accounts`;
  return { status: 'ACTIVE', reason: `${which}: ${fault.message}`, fault };
}

async function diagnoseNow(context: Context, before: Connection): Promise<Diagnosis> {
  const { connection, accounts } = await currentState(context, before);
  const { providerId, status, reason, fault } = connection;
  if (status !== 'ACTIVE') return { status, reason, fault: fault && faultModel(providerId, fault, null) };
  if (fault) {
    const model = faultModel(providerId, fault, null);
    return { status: 'FAILING', reason: model.message, fault: model };
  }
  const faults = accounts.map(faultOfAccount);
  const isFailing = accounts.length > 0 && faults.every((one) => one !== null);
  if (!isFailing) return diagnosePartly(accounts);
  // An observed fault is more specific than a closed account.
  const worst = faults.find((one) => one?.since) ?? (faults[0] as FaultModel);
  return {
    status: 'FAILING',
    reason: worst.message,
    fault: { ...worst, account: accounts.length > 1 ? null : worst.account },
  };
}

// Several fields share the diagnosis of a row, which belongs to one operation.
const diagnoses = new WeakMap<Connection, Promise<Diagnosis>>();

/** Returns the state of a connection after this operation's answers. */
export function diagnose(context: Context, connection: Connection): Promise<Diagnosis> {
  const known = diagnoses.get(connection);
  const diagnosis = known ?? diagnoseNow(context, connection);
  diagnoses.set(connection, diagnosis);
  return diagnosis;
}
