import type { FaultCode } from '#integrations/faults/fault-code.js';

/** A fault as stored in a row. */
export interface StoredFault {
  code: FaultCode;
  /** Absent = the standard message of the code. */
  message?: string;
  /** ISO 8601, when it was first seen without interruption. */
  since: string;
  /** Only an answer to this product clears the fault. */
  product?: string;
}
