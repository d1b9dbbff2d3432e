import type { SignedCheckpoint } from './checkpoint.js';

/** Somewhere checkpoints are kept. All of them are asked, and what one has lost another may have. */
export interface CheckpointPlace {
  /** For people. */
  name: string;
  /** Adds them for good: nothing there is ever changed. Safe to do twice. */
  add(checkpoints: SignedCheckpoint[]): Promise<void>;
  /** Those of one trail, in no particular order. */
  of(organizationId: string): Promise<SignedCheckpoint[]>;
  /** Whose trails it knows. */
  organizations(): Promise<string[]>;
}
