import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

const SEALED = /^v1\.([0-9a-f]{8})\./;

function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** Returns the id of the key that sealed a value; undefined when it is not a sealed value. */
export function keyIdIn(sealed: string): string | undefined {
  return SEALED.exec(sealed)?.[1];
}

/**
 * Seals small secrets with AES-256-GCM (NIST SP 800-38D): `v1.<key id>.<iv, ciphertext and tag>`. With the row as associated
 * data, a sealed value does not open when it is copied to another one.
 */
export class Sealer {
  #read: () => [Buffer, ...Buffer[]];
  #known: { keys: Map<string, Buffer>; currentKeyId: string } | undefined;

  /** The first key seals; all of them open. */
  constructor(...keys: [Buffer, ...Buffer[]]) {
    this.#read = () => keys;
  }

  /** Returns a sealer that reads its keys when it is used: a process may have none, and no use for them. */
  static whenUsed(read: () => [Buffer, ...Buffer[]]): Sealer {
    const sealer = new Sealer(Buffer.alloc(0));
    sealer.#read = read;
    return sealer;
  }

  get #keys(): Map<string, Buffer> {
    return this.#load().keys;
  }

  get currentKeyId(): string {
    return this.#load().currentKeyId;
  }

  #load() {
    if (this.#known) return this.#known;
    const keys = this.#read();
    this.#known = { keys: new Map(keys.map((key) => [keyIdOf(key), key])), currentKeyId: keyIdOf(keys[0]) };
    return this.#known;
  }

  hasKey(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  seal(plain: string, associatedData: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.currentKeyId) as Buffer, iv, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(Buffer.from(associatedData));
    const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.currentKeyId}.${sealed.toString('base64url')}`;
  }

  /** Throws when the value was changed, is sealed for other associated data, or its key is not configured. */
  open(sealed: string, associatedData: string): string {
    const [version, keyId, body] = sealed.split('.');
    const key = this.#keys.get(keyId ?? '');
    if (version !== 'v1' || !body) throw new Error('A sealed secret has an unknown form.');
    if (!key) throw new Error(`The key ${keyId} that sealed a secret is not configured.`);
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('A sealed secret has been cut.');
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(associatedData));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}
