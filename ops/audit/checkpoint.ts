import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '#runtime/config/secrets.js';
import { isSameSecret } from '#runtime/same-secret.js';

/** Up to where a trail is vouched for. */
export interface Checkpoint {
  /**
   * `head`: the trail had this event last. `cut`: events up to this one were found sound and removed for their age.
   * `restored`: a backup was restored that ends here, and what was after it is gone.
   */
  kind: 'head' | 'cut' | 'restored';
  organizationId: string;
  sequence: number;
  /** Of the event with this number. */
  hash: string;
  /** When it was signed, RFC 3339. */
  at: string;
}

export interface SignedCheckpoint extends Checkpoint {
  /** Names the key. */
  kid: string;
  /** HMAC-SHA-256 over all the rest, in hexadecimal. */
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

/** Returns the checkpoint in a line, or undefined when it is none: the last line of a process that died may be half. */
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

/**
 * Signs checkpoints, with a key of their own derived from TOKEN_ENCRYPTION_KEY; those derived from
 * TOKEN_ENCRYPTION_KEY_PREVIOUS still verify.
 */
export class CheckpointSigner {
  readonly #current: Key;
  readonly #keys: Map<string, Key>;

  constructor({
    tokenEncryptionKey,
    previousTokenEncryptionKeys,
  }: Pick<Secrets, 'tokenEncryptionKey' | 'previousTokenEncryptionKeys'>) {
    this.#current = keyFrom(tokenEncryptionKey);
    const keys = [this.#current, ...previousTokenEncryptionKeys.map(keyFrom)];
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
  }

  /** The key that signs. */
  get kid(): string {
    return this.#current.kid;
  }

  sign({ kind, organizationId, sequence, hash, at }: Checkpoint): SignedCheckpoint {
    const checkpoint = { kind, organizationId, sequence, hash, at };
    return { ...checkpoint, kid: this.kid, mac: macOf(checkpoint, this.#current) };
  }

  /** Whether a checkpoint holds; `unknown` when its key is not configured. */
  judge(checkpoint: SignedCheckpoint): 'good' | 'forged' | 'unknown' {
    const key = this.#keys.get(checkpoint.kid);
    if (!key) return 'unknown';
    return isSameSecret(checkpoint.mac, macOf(checkpoint, key)) ? 'good' : 'forged';
  }
}

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
