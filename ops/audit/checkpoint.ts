import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '#runtime/config/secrets.js';
import { isSameSecret } from '#runtime/same-secret.js';

/** The signed state of a trail at one event. */
export interface Checkpoint {
  /**
   * `head`: the last event when it was signed. `cut`: events up to this one were verified and removed. `restored`: a
   * restored backup ends here.
   */
  kind: 'head' | 'cut' | 'restored';
  organizationId: string;
  sequence: number;
  hash: string;
  /** RFC 3339. */
  at: string;
}

export interface SignedCheckpoint extends Checkpoint {
  kid: string;
  /** HMAC-SHA-256 over all other fields, in hexadecimal. */
  mac: string;
}

const form = z.object({
  kind: z.enum(['head', 'cut', 'restored']),
  organizationId: z.guid(),
  sequence: z.number().int().nonnegative(),
  hash: z.string(),
  at: z.string(),
  kid: z.string(),
  mac: z.string(),
});

/** Parses a line; undefined when it is invalid, as the last line of a killed process may be. */
export function parseCheckpoint(line: string): SignedCheckpoint | undefined {
  try {
    return form.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

interface Key {
  kid: string;
  secret: Buffer;
}

function keyFrom(encryptionKey: Buffer): Key {
  const secret = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'webmetrics audit checkpoints', 32));
  return { kid: createHash('sha256').update(secret).digest('hex').slice(0, 8), secret };
}

function macOf({ kind, organizationId, sequence, hash, at }: Checkpoint, { kid, secret }: Key): string {
  const text = JSON.stringify(['v1', kid, kind, organizationId, sequence, hash, at]);
  return createHmac('sha256', secret).update(text).digest('hex');
}

function macOfFields(fields: readonly (string | number)[], { kid, secret }: Key): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['v1', kid, ...fields]))
    .digest('hex');
}

/** Signs checkpoints with a key derived from TOKEN_ENCRYPTION_KEY and verifies those of previous keys as well. */
export class CheckpointSigner {
  readonly #current: Key;
  readonly #keys: Map<string, Key>;

  constructor({ tokenEncryptionKeys }: Pick<Secrets, 'tokenEncryptionKeys'>) {
    const [current, ...previous] = tokenEncryptionKeys();
    this.#current = keyFrom(current);
    const keys = [this.#current, ...previous.map(keyFrom)];
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
  }

  get kid(): string {
    return this.#current.kid;
  }

  sign({ kind, organizationId, sequence, hash, at }: Checkpoint): SignedCheckpoint {
    const checkpoint = { kind, organizationId, sequence, hash, at };
    return { ...checkpoint, kid: this.kid, mac: macOf(checkpoint, this.#current) };
  }

  /** Signs other fields than those of a checkpoint; the first names what they are. */
  signFields(fields: readonly (string | number)[]): { kid: string; mac: string } {
    return { kid: this.kid, mac: macOfFields(fields, this.#current) };
  }

  /** Verifies such a signature; `unknown` when its key is not configured. */
  judgeFields(
    fields: readonly (string | number)[],
    { kid, mac }: { kid: string; mac: string },
  ): 'good' | 'forged' | 'unknown' {
    const key = this.#keys.get(kid);
    if (!key) return 'unknown';
    return isSameSecret(mac, macOfFields(fields, key)) ? 'good' : 'forged';
  }

  /** Verifies a signature; `unknown` when its key is not configured. */
  judge(checkpoint: SignedCheckpoint): 'good' | 'forged' | 'unknown' {
    const key = this.#keys.get(checkpoint.kid);
    if (!key) return 'unknown';
    return isSameSecret(checkpoint.mac, macOf(checkpoint, key)) ? 'good' : 'forged';
  }
}

/** Append-only storage of checkpoints. All stores are read, so that one makes up for losses of another. */
export interface CheckpointStore {
  name: string;
  /** Idempotent. */
  add(checkpoints: SignedCheckpoint[]): Promise<void>;
  of(organizationId: string): Promise<SignedCheckpoint[]>;
  organizations(): Promise<string[]>;
}
