import type { CallLog } from '#simulator/call-log.js';
import type { Faults } from '#simulator/faults.js';
import type { SimulatedProvider } from '#simulator/provider.js';
import type { World } from '#simulator/world.js';

/** What the admin routes can read and change. */
export interface AdminTools {
  world: World;
  calls: CallLog;
  faults: Faults;
  providers: readonly SimulatedProvider[];
  /** Writes the state file; grants write theirs themselves. */
  save: () => void;
}

export interface AdminRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
}

/** Invalid input, answered with 400. */
export class AdminInputError extends Error {}
