import type { CallLog } from '#simulator/call-log.js';
import type { Faults } from '#simulator/faults.js';
import type { SimulatedProvider } from '#simulator/provider.js';
import type { World } from '#simulator/world.js';

/** What the admin paths can look at and change. */
export interface AdminTools {
  world: World;
  calls: CallLog;
  faults: Faults;
  providers: readonly SimulatedProvider[];
  /** Writes the state file after a change that is not one of the grants'. */
  save: () => void;
}

export interface AdminRequest {
  method: string;
  /** Path below /_simulator. */
  path: string;
  query: URLSearchParams;
  body: string;
}

/** An operator's mistake, answered with 400. */
export class AdminInputError extends Error {}
