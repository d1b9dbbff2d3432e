import { EntitySchema } from 'typeorm';

export const alertKinds = [
  'OVER_PACE',
  'UNDER_PACE',
  'SPEND_UNUSUAL',
  'CPA_UNUSUAL',
  'NOTHING_SPENT',
  'TRACKING_GONE',
  'CONNECTION_FAILING',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What an organization wants to be alerted to. Without clients, accounts and campaigns it watches the whole organization. */
export interface AlertRule {
  id: string;
  organizationId: string;
  kind: AlertKind;
  name: string;
  clientIds: string[];
  accountIds: string[];
  /** Opaque ids. */
  campaignIds: string[];
  /** Percent off pace, or how many times the usual spread; null for kinds without one. */
  threshold: number | null;
  /** Users who get mails. */
  recipientIds: string[];
  /** null for an API key. */
  createdByUserId: string | null;
  isPaused: boolean;
  createdAt: Date;
}

const numeric = { from: (text: string | null) => (text === null ? null : Number(text)), to: (value: number) => value };

export const AlertRuleEntity = new EntitySchema<AlertRule>({
  name: 'AlertRule',
  tableName: 'alert_rule',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    kind: { type: 'text' },
    name: { type: 'text' },
    clientIds: { type: 'uuid', array: true, name: 'client_ids' },
    accountIds: { type: 'uuid', array: true, name: 'account_ids' },
    campaignIds: { type: 'text', array: true, name: 'campaign_ids' },
    threshold: { type: 'numeric', nullable: true, transformer: numeric },
    recipientIds: { type: 'uuid', array: true, name: 'recipient_ids' },
    createdByUserId: { type: 'uuid', name: 'created_by_user_id', nullable: true },
    isPaused: { type: 'boolean', name: 'is_paused' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
