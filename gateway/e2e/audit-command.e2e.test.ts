import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAuditAccess } from '../../ops/audit/open-audit-access.js';
import { writeCheckpoints } from '../../ops/audit/write-checkpoints.js';
import { recordAudit } from '../../ops/runtime/audit/record-audit.js';
import type { Runtime } from '../../ops/runtime/runtime.js';
import { openTestRuntime } from '../../ops/testing/test-runtime.js';
import { startProcess } from './start-process.js';

const EVENTS = 12_000;

describe('the command that verifies audit trails', () => {
  let runtime: Runtime;
  let environment: Record<string, string>;
  const organizationId = randomUUID();
  const other = randomUUID();

  beforeAll(async () => {
    const secrets = {
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    };
    runtime = await openTestRuntime({ environment: secrets });
    const { databaseUrl, config } = runtime;
    environment = { ...secrets, DATABASE_URL: databaseUrl, DATA_DIR: config.dataDir };
    const identity = { kind: 'service', scopes: [], requestId: 'test' } as const;
    const write = (trail: string, count: number) =>
      runtime.operations.transaction(async (manager) => {
        for (let number = 0; number < count; number += 1) {
          await recordAudit(manager, { ...identity, scopes: [] }, { organizationId: trail, action: 'test.done' });
        }
      });
    await write(organizationId, EVENTS);
    await write(other, 3);
    await writeCheckpoints(await openAuditAccess(runtime), runtime.operations, () => new Date());
  });
  afterAll(() => runtime.lifecycle.close());

  async function audit(...args: string[]) {
    const { child, output } = await startProcess('ops/setup/audit.js', args, { environment });
    return { status: child.exitCode, output: output() };
  }

  it('finds nothing where nothing was changed, and tells the checkpoints', async () => {
    const { status, output } = await audit('verify');
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining('Verified 12,003 events of 2 trails: nothing was changed.'),
    });
    const told = await audit('checkpoints', '--organization', organizationId, '--json');
    expect(JSON.parse(told.output)).toMatchObject({ kind: 'head', sequence: EVENTS, verdict: 'good' });
    expect(JSON.parse(told.output).places).toEqual([
      join(runtime.config.dataDir, 'audit'),
      'operations.audit_checkpoint',
    ]);
  });

  it('ends with status 1 and names the first bad event', async () => {
    await runtime.operations.query(
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

  it('misses a table that is empty, or gone', async () => {
    await runtime.operations.query('TRUNCATE operations.audit_event, operations.audit_chain');
    const emptied = await audit('verify', '--json');
    expect(emptied.status).toBe(1);
    expect(JSON.parse(emptied.output).problems).toHaveLength(2);
    await runtime.operations.query('DROP TABLE operations.audit_event');
    expect(await audit('verify')).toEqual({
      status: 1,
      output: expect.stringContaining(
        'The tables of the audit trail are gone, though there are checkpoints of 2 trails',
      ),
    });
    rmSync(join(runtime.config.dataDir, 'audit'), { recursive: true });
  });

  it.each([[['check']], [[]], [['verify', '--organization', 'x']]])('refuses %j clearly', async (args) => {
    const { status, output } = await audit(...args);
    expect(status).toBe(1);
    expect(output).toMatch(/^The audit trail was not looked at\. (Say what to do|--organization must be)/m);
  });
});
