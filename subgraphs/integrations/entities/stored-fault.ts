import type { FaultCode } from '#integrations/faults/fault-code.js';

/** What is wrong, as it is kept in a row. */
export interface StoredFault {
  code: FaultCode;
  /** For people; absent = what is always said of this code. */
  message?: string;
  /** ISO 8601: when it was first seen, with nothing else between. */
  since: string;
  /** What was asked for when an account failed: only an answer to that is a sign that it is over. */
  product?: string;
}
