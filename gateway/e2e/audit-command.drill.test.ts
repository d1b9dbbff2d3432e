import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAuditAccess } from '#ops/audit/audit-jobs.js';
import { writeCheckpoints } from '#ops/audit/write-checkpoints.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { digestPersonalPart, genesisHash, hashAuditEvent } from '#runtime/audit/chain-hash.js';
import type { Services } from '#runtime/services.js';
import { startProcess } from './start-process.js';

const EVENTS = 12_000;

/** Writes a whole trail at once: one event after the other takes a minute. */
async function write({ operations }: Services, organizationId: string, count: number): Promise<void> {
  const none = { address: null, userAgent: null, before: null, after: null };
  const rows: object[] = [];
  let previousHash = genesisHash(organizationId);
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const event = {
      ...{ organizationId, sequence, id: randomUUID(), occurredAt: new Date(), action: 'test.done' },
      ...{ actorKind: 'service', actorId: null, requestId: 'test', targetType: null, targetId: null },
      ...{ outcome: 'SUCCESS' as const, personalDigest: digestPersonalPart(none, 'salt'), previousHash },
    };
    previousHash = hashAuditEvent(event);
    const columns = Object.entries({ ...event, salt: 'salt', hash: previousHash }).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]);
    rows.push(Object.fromEntries(columns));
  }
  const statement = 'SELECT * FROM jsonb_populate_recordset(NULL::operations.audit_event, $1::jsonb)';
  await operations.query(`INSERT INTO operations.audit_event ${statement}`, [JSON.stringify(rows)]);
  await operations.query('INSERT INTO operations.audit_chain (organization_id, sequence, hash) VALUES ($1, $2, $3)', [
    ...[organizationId, count, previousHash],
  ]);
}

describe('the command that verifies audit trails', () => {
  let services: Services;
  let environment: Record<string, string>;
  const organizationId = randomUUID();
  const other = randomUUID();

  beforeAll(async () => {
    const secrets = {
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    };
    services = await openTestServices({ environment: secrets });
    const { databaseUrl, config } = services;
    environment = { ...secrets, DATABASE_URL: databaseUrl, DATA_DIR: config.dataDir };
    await write(services, organizationId, EVENTS);
    await write(services, other, 3);
    await writeCheckpoints(await openAuditAccess(services), services.operations, () => new Date());
  });
  afterAll(() => services.lifecycle.close());

  async function audit(...args: string[]) {
    const { child, output } = await startProcess('ops/setup/audit.js', args, { environment });
    return { status: child.exitCode, output: output() };
  }

  it('reports no bad event in an unchanged trail, and prints the checkpoints', async () => {
    const { status, output } = await audit('verify');
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining('Verified 12,003 events of 2 trails: nothing was changed.'),
    });
    const printed = await audit('checkpoints', '--organization', organizationId, '--json');
    expect(JSON.parse(printed.output)).toMatchObject({ kind: 'head', sequence: EVENTS, verdict: 'good' });
    expect(JSON.parse(printed.output).places).toEqual([
      join(services.config.dataDir, 'audit'),
      'operations.audit_checkpoint',
    ]);
  });

  it('ends with status 1 and names the first bad event', async () => {
    await services.operations.query(
      `UPDATE operations.audit_event SET action = 'test.undone' WHERE organization_id = $1 AND sequence = 7345`,
      [organizationId],
    );
    const { status, output } = await audit('verify', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      isSound: false,
      trails: 2,
      problems: [{ organizationId, sequence: 7345, kind: 'edited' }],
    });
    expect((await audit('verify', '--organization', other)).status).toBe(0);
  });

  it('reports a table that is empty or missing', async () => {
    await services.operations.query('TRUNCATE operations.audit_event, operations.audit_chain');
    const emptied = await audit('verify', '--json');
    expect(emptied.status).toBe(1);
    expect(JSON.parse(emptied.output).problems).toHaveLength(2);
    await services.operations.query('DROP TABLE operations.audit_event');
    expect(await audit('verify')).toEqual({
      status: 1,
      output: expect.stringContaining(
        'The tables of the audit trail are gone, though there are checkpoints of 2 trails',
      ),
    });
    rmSync(join(services.config.dataDir, 'audit'), { recursive: true });
  });

  it.each([[['check']], [[]], [['verify', '--organization', 'x']]])('rejects %j with a usage message', async (args) => {
    const { status, output } = await audit(...args);
    expect(status).toBe(1);
    expect(output).toMatch(/^The audit trail was not looked at\. (Say what to do|--organization must be)/m);
  });
});
