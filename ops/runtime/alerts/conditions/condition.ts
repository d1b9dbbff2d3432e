import type { AlertCategory } from '#runtime/alert.js';
import type { Runbook } from '#runtime/alerts/runbooks.js';

/** Programs of an installation are started together: what was never reached since this one started is no outage for so long. */
export const START_MS = 120_000;

/** One thing for which a condition holds. */
export interface Holding {
  /** Of several for which it can hold: a subgraph, a provider, a host. */
  subject?: string;
  /** What it means, and to whom. */
  message: string;
  /** When it began; absent = now. */
  since?: Date;
  /** When it was over, where that was between two evaluations; absent = it still holds. */
  until?: Date;
  details?: Record<string, unknown>;
}

/** Something of which operators are notified when it begins to hold, and when it is over. */
export interface Condition {
  /** Of the alert, and of its page. */
  name: Runbook;
  category: AlertCategory;
  /** Conditions that explain this one: while one of them holds, this one is not reported. */
  causes?: Runbook[];
  /** Returns everything for which it holds now; undefined = it is not known. */
  evaluate(): Promise<Holding[] | undefined>;
}
