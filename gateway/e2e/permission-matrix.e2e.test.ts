import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isObjectType } from 'graphql';
import { schemaFile } from '#schema/type-definitions.js';
import { type MatrixRow, permissionMatrix } from '#subgraphs/permission-matrix/permission-matrix.js';
import { printPermissions } from '#subgraphs/permission-matrix/print-permissions.js';
import { api, parts, rows } from './describe-permission-matrix.js';

describe('the matrix', () => {
  it('has a row for every field of the API, and none for anything else', () => {
    const fields = Object.values(api.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) =>
        isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
      );
    expect(rows.map(({ name }) => name).sort()).toEqual(fields.sort());
  });

  it('is the one that is committed', () => {
    expect(readFileSync(schemaFile('permissions.md'), 'utf8')).toBe(printPermissions(rows, parts));
  });

  it('opens only plans, previews and sign-in to anonymous callers', () => {
    const open = rows.filter(({ verdicts }) => verdicts.anonymous === 'yes').map(({ name }) => name.split('.')[0]);
    expect([...new Set(open)].sort()).toEqual([
      'AcceptInvitationPayload',
      'AuthPayload',
      'InvitationPreview',
      'Money',
      'Mutation',
      'Plan',
      'PlanLimit',
      'PlanOverage',
      'PlanPrice',
      'Query',
    ]);
  });

  it('closes people, keys, sessions and connecting to API keys', () => {
    const open = rows.filter(({ verdicts }) => verdicts['key with'] === 'yes').map(({ name }) => name);
    expect(open.filter((name) => name.startsWith('Mutation.')).sort()).toEqual([
      'Mutation.acknowledgeAlert',
      'Mutation.addReportRecipient',
      'Mutation.approveReportDelivery',
      'Mutation.archiveClient',
      'Mutation.cancelReport',
      'Mutation.cancelWebhookDelivery',
      'Mutation.createAlertRule',
      'Mutation.createAnnotation',
      'Mutation.createClient',
      'Mutation.createReportSchedule',
      'Mutation.createReportShare',
      'Mutation.createReportTemplate',
      'Mutation.createWebhookEndpoint',
      'Mutation.deleteAlertRule',
      'Mutation.deleteAnnotation',
      'Mutation.deleteClient',
      'Mutation.deleteReport',
      'Mutation.deleteReportSchedule',
      'Mutation.deleteReportTemplate',
      'Mutation.deleteWebhookEndpoint',
      'Mutation.disableWebhookEndpoint',
      'Mutation.enableWebhookEndpoint',
      'Mutation.generateReport',
      'Mutation.muteAlert',
      'Mutation.pauseReportSchedule',
      'Mutation.rejectReportDelivery',
      'Mutation.removeReportRecipient',
      'Mutation.replayFailedWebhooks',
      'Mutation.replayWebhookDelivery',
      'Mutation.restoreClient',
      'Mutation.resumeReportSchedule',
      'Mutation.retryReport',
      'Mutation.revokeReportShare',
      'Mutation.rotateWebhookSecret',
      'Mutation.runReportScheduleNow',
      'Mutation.sendTestWebhook',
      'Mutation.setBudget',
      'Mutation.skipNextReportRun',
      'Mutation.updateAlertRule',
      'Mutation.updateAnnotation',
      'Mutation.updateClient',
      'Mutation.updateReportSchedule',
      'Mutation.updateReportTemplate',
      'Mutation.updateWebhookEndpoint',
    ]);
    expect(open.filter((name) => /ApiKey|AuthPayload|Session|\.me$/.test(name) && !/^Analytics/.test(name))).toEqual(
      [],
    );
  });
});

describe('a field whose rule is wider than the matrix says', () => {
  it('changes a row, and makes the file stale', () => {
    const wide = parts.map((part) =>
      part.name === 'billing' ? { ...part, permissions: { ...part.permissions, fields: {} } } : part,
    );
    const changed = permissionMatrix(wide).filter(
      (row, index) => JSON.stringify(row.verdicts) !== JSON.stringify((rows[index] as MatrixRow).verdicts),
    );
    expect(changed.map(({ name }) => name)).toContain('Organization.subscription');
  });
});
