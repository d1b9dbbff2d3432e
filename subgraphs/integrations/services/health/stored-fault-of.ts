import type { StoredFault } from '#integrations/entities/stored-fault.js';
import type { FaultCode } from '#integrations/faults/fault-code.js';
import { faultOf } from '#integrations/faults/fault-of.js';

// Of these the error knows more than the code says: which permission, how many minutes.
const SPOKEN = new Set<FaultCode>(['SCOPE_MISSING', 'CLOCK_SKEW']);

/** Returns what to keep of an error; undefined when it says nothing about a connection or account. */
export function storedFaultOf(error: Error, now: Date, product?: string): StoredFault | undefined {
  const code = faultOf(error);
  if (!code) return undefined;
  const since = now.toISOString();
  return { code, since, ...(SPOKEN.has(code) && { message: error.message }), ...(product && { product }) };
}
