import { EntitySchema } from 'typeorm';
import type { AlertKind } from './alert-rule.js';

/** What a rule found out about one target, until it is over. */
export interface Alert {
  id: string;
  organizationId: string;
  ruleId: string;
  kind: AlertKind;
  /** One alert of a rule is open per key. */
  targetKey: string;
  /** The name of the target. */
  target: string;
  message: string;
  clientId: string | null;
  accountId: string | null;
  /** The opaque id. */
  campaignId: string | null;
  /** Every account it is about; it is seen where all of them are. */
  accountIds: string[];
  connectionId: string | null;
  /** The last day it is about; null where it is about now. */
  day: string | null;
  raisedAt: Date;
  resolvedAt: Date | null;
  /** Why it is over. */
  resolution: string | null;
  acknowledgedAt: Date | null;
  acknowledgedByUserId: string | null;
  /** Until then nothing is sent about it, nor about the next one of its target. */
  mutedUntil: Date | null;
}

export const AlertEntity = new EntitySchema<Alert>({
  name: 'Alert',
  tableName: 'alert',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    ruleId: { type: 'uuid', name: 'rule_id' },
    kind: { type: 'text' },
    targetKey: { type: 'text', name: 'target_key' },
    target: { type: 'text' },
    message: { type: 'text' },
    clientId: { type: 'uuid', name: 'client_id', nullable: true },
    accountId: { type: 'uuid', name: 'account_id', nullable: true },
    campaignId: { type: 'text', name: 'campaign_id', nullable: true },
    accountIds: { type: 'uuid', array: true, name: 'account_ids' },
    connectionId: { type: 'uuid', name: 'connection_id', nullable: true },
    day: { type: 'date', nullable: true },
    raisedAt: { type: 'timestamptz', name: 'raised_at' },
    resolvedAt: { type: 'timestamptz', name: 'resolved_at', nullable: true },
    resolution: { type: 'text', nullable: true },
    acknowledgedAt: { type: 'timestamptz', name: 'acknowledged_at', nullable: true },
    acknowledgedByUserId: { type: 'uuid', name: 'acknowledged_by_user_id', nullable: true },
    mutedUntil: { type: 'timestamptz', name: 'muted_until', nullable: true },
  },
});
