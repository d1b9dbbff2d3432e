/** A statement about the data that always holds, also in a restored backup. */
export interface Invariant {
  name: string;
  /** Returns the rows that contradict it. Names tables with their schema. */
  sql: string;
}
