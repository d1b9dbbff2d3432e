import { EntitySchema } from 'typeorm';
import type { FaultCode } from '#integrations/faults/fault-code.js';
import type { StoredFault } from './stored-fault.js';

/** An account at a provider, one row per organization. */
export interface Account {
  id: string;
  organizationId: string;
  /** The connection it is read with, or was last. */
  connectionId: string;
  providerId: string;
  externalId: string;
  name: string;
  currency: string | null;
  timeZone: string;
  isActive: boolean;
  /** Why it is not; null = it is closed, or active. */
  inactiveFault: FaultCode | null;
  /** null = no connection opens it, and it is not listed. */
  access: Record<string, string> | null;
  fault: StoredFault | null;
  /** For how many days figures may change; null = as the provider's default. */
  restatedDays: number | null;
}

export const AccountEntity = new EntitySchema<Account>({
  name: 'Account',
  tableName: 'account',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    connectionId: { type: 'uuid', name: 'connection_id' },
    providerId: { type: 'text', name: 'provider_id' },
    externalId: { type: 'text', name: 'external_id' },
    name: { type: 'text' },
    currency: { type: 'text', nullable: true },
    timeZone: { type: 'text', name: 'time_zone' },
    isActive: { type: 'boolean', name: 'is_active' },
    inactiveFault: { type: 'text', name: 'inactive_fault', nullable: true },
    access: { type: 'jsonb', nullable: true },
    fault: { type: 'jsonb', nullable: true },
    restatedDays: { type: 'int', name: 'restated_days', nullable: true },
  },
});
