/** Something that is true of the data of an installation at any time. A restored backup must satisfy it. */
export interface Invariant {
  /** A sentence that is true, such as `every organization has an owner`. */
  name: string;
  /** A query that returns the rows that contradict it: none. Names tables with their schema. */
  sql: string;
}
