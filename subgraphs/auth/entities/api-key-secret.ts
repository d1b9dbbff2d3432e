import { EntitySchema } from 'typeorm';

export interface ApiKeySecret {
  /** SHA-256 in hexadecimal. */
  hash: string;
  apiKeyId: string;
  organizationId: string;
  /** The first characters, to recognize the secret by. */
  prefix: string;
  createdAt: Date;
  /** null = the current one. */
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
