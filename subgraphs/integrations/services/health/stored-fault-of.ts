import type { StoredFault } from '#integrations/entities/stored-fault.js';
import type { FaultCode } from '#integrations/faults/fault-code.js';
import { faultOf } from '#integrations/faults/fault-of.js';

// The message of these errors has details that the code does not: which permission, how many minutes.
const DETAILED = new Set<FaultCode>(['SCOPE_MISSING', 'CLOCK_SKEW']);

/** Returns the fault to store for an error; undefined when it says nothing about a connection or account. */
export function storedFaultOf(error: Error, now: Date, product?: string): StoredFault | undefined {
  const code = faultOf(error);
  if (!code) return undefined;
  const since = now.toISOString();
  return { code, since, ...(DETAILED.has(code) && { message: error.message }), ...(product && { product }) };
}
