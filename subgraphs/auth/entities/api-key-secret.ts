import { EntitySchema } from 'typeorm';

/** One secret of an API key. */
export interface ApiKeySecret {
  /** SHA-256 in hexadecimal; the secret itself is nowhere. */
  hash: string;
  apiKeyId: string;
  organizationId: string;
  /** The beginning of the secret, to recognise it by. */
  prefix: string;
  createdAt: Date;
  /** When a newer one took its place; null = it is the newest. */
  replacedAt: Date | null;
  validUntil: Date;
}

export const ApiKeySecretEntity = new EntitySchema<ApiKeySecret>({
  name: 'ApiKeySecret',
  tableName: 'api_key_secret',
  columns: {
    hash: { type: 'text', primary: true },
    apiKeyId: { type: 'uuid', name: 'api_key_id' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    prefix: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    replacedAt: { type: 'timestamptz', name: 'replaced_at', nullable: true },
    validUntil: { type: 'timestamptz', name: 'valid_until' },
  },
});
