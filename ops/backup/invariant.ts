/** A statement about an installation's data that always holds, also in a restored backup. */
export interface Invariant {
  /** Such as `every organization has an owner`. */
  name: string;
  /** Returns the rows that contradict it. Names tables with their schema. */
  sql: string;
}
