import { createHash } from 'node:crypto';
import type { SectionEnd } from './backup-format.js';

/** Counts and hashes row lines. */
export class RowDigest {
  #hash = createHash('sha256');
  #rows = 0;

  /** Takes lines, each with its line break. */
  add(text: string, rows: number): void {
    this.#hash.update(text);
    this.#rows += rows;
  }

  get rows(): number {
    return this.#rows;
  }

  end(): SectionEnd {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}
