import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { pseudonymizeAudit } from '#runtime/audit/pseudonymize-audit.js';
import { type AuditEntry, INSTALLATION, recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { openAuditAccess } from './audit-jobs.js';
import { CheckpointSigner } from './checkpoint.js';
import { inspectTrail } from './inspect-trail.js';
import { listTrails } from './list-trails.js';
import { readGaps } from './trail-gaps.js';
import { trimTrails } from './trim-trails.js';
import { storeCheckpoints, writeCheckpoints } from './write-checkpoints.js';

const ada: Identity = {
  kind: 'user',
  userId: randomUUID(),
  scopes: [],
  requestId: 'request-1',
  client: { address: '192.0.2.7', userAgent: 'Firefox' },
};

describe('an audit trail', () => {
  let services: Services;
  let clock = new Date();

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock, environment: { DATABASE_POOL_SIZE: '50' } });
  });
  afterAll(() => services.lifecycle.close());

  const sql = (statement: string, values: unknown[] = []) => services.operations.query(statement, values);

  async function record(organizationId: string, count = 1, more: Partial<AuditEntry> = {}, who = ada): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      await services.operations.transaction((manager) =>
        recordAudit(manager, who, {
          organizationId,
          action: 'client.created',
          target: { type: 'Client', id: `c${number}` },
          before: { name: 'Straße', sizes: [1, 2.5], nested: { b: 1, a: null } },
          after: { at: new Date(0), left: undefined, odd: '\0 \ud800' },
          ...more,
        }),
      );
    }
  }

  const access = () => openAuditAccess(services);
  const inspect = async (organizationId: string) => inspectTrail(await access(), organizationId);
  const sign = async () => writeCheckpoints(await access(), services.operations, () => clock);
  const trim = async (keepEvents = 10_000, keepMonths = 6) =>
    trimTrails(await access(), services.operations, { keepEvents, keepMonths, now: () => clock });
  const file = (organizationId: string) => join(services.config.dataDir, 'audit', `${organizationId}.jsonl`);

  async function newTrail(count: number): Promise<string> {
    const organizationId = randomUUID();
    await record(organizationId, count);
    return organizationId;
  }

  it('records actor, action, address and request', async () => {
    const organizationId = await newTrail(1);
    const [row] = await sql('SELECT * FROM operations.audit_event WHERE organization_id = $1', [organizationId]);
    expect(row).toMatchObject({
      sequence: '1',
      action: 'client.created',
      outcome: 'SUCCESS',
      actor_kind: 'user',
      actor_id: ada.userId,
      address: '192.0.2.7',
      user_agent: 'Firefox',
      request_id: 'request-1',
      target_type: 'Client',
      target_id: 'c1',
      before: { name: 'Straße', sizes: [1, 2.5], nested: { a: null, b: 1 } },
      after: { at: '1970-01-01T00:00:00.000Z', odd: '\ufffd \ufffd' },
    });
  });

  it('keeps no secrets, whatever it was given', async () => {
    const organizationId = randomUUID();
    await record(organizationId, 1, { after: { password: 'hunter22', nested: { refreshToken: 'wmr_x' } } });
    const [row] = await sql('SELECT after::text FROM operations.audit_event WHERE organization_id = $1', [
      organizationId,
    ]);
    expect(row.after).not.toMatch(/hunter22|wmr_x/);
    expect((await inspect(organizationId)).problem).toBeUndefined();
  });

  it('leaves nothing of a transaction that was rolled back, and no gap', async () => {
    const organizationId = await newTrail(1);
    const failing = services.operations.transaction(async (manager) => {
      await recordAudit(manager, ada, { organizationId, action: 'client.deleted' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await record(organizationId);
    expect(await inspect(organizationId)).toMatchObject({ events: 2, last: { sequence: 2 } });
  });

  it('is one chain though many write at once', async () => {
    const organizationId = randomUUID();
    const others = [randomUUID(), randomUUID()];
    await Promise.all([
      ...Array.from({ length: 40 }, () => record(organizationId)),
      ...others.map((other) => record(other, 5)),
    ]);
    const { events, problem } = await inspect(organizationId);
    expect({ events, problem }).toEqual({ events: 40, problem: undefined });
    for (const other of others) expect(await inspect(other)).toMatchObject({ events: 5, last: { sequence: 5 } });
  });

  it('lets organizations write at the same time, and events of one wait for each other', async () => {
    const [one, other] = [await newTrail(1), await newTrail(1)];
    const order: string[] = [];
    let second: Promise<void> | undefined;
    await services.operations.transaction(async (manager) => {
      await recordAudit(manager, ada, { organizationId: one, action: 'client.created' });
      second = record(one).then(() => void order.push('same'));
      await record(other);
      order.push('other');
    });
    await second;
    expect(order).toEqual(['other', 'same']);
  });

  describe('when the table is tampered with', () => {
    const change = (statement: string) => async (organizationId: string) =>
      sql(statement.replaceAll('$org', `'${organizationId}'`));
    const swap = `WITH five AS (SELECT * FROM operations.audit_event WHERE organization_id = $org AND sequence = 5),
      six AS (DELETE FROM operations.audit_event WHERE organization_id = $org AND sequence = 6 RETURNING *)
      UPDATE operations.audit_event SET target_id = six.target_id FROM six
      WHERE audit_event.organization_id = $org AND audit_event.sequence = 5`;
    const where = 'WHERE organization_id = $org AND sequence';
    const copied = (sequence: number) =>
      `INSERT INTO operations.audit_event SELECT organization_id, ${sequence}, gen_random_uuid(), occurred_at, action, outcome,
       actor_kind, actor_id, request_id, target_type, target_id, address, user_agent, before, after, salt, personal_digest,
       previous_hash, hash FROM operations.audit_event ${where} = 4`;
    it.each([
      ['edits what was done', `UPDATE operations.audit_event SET action = 'nothing' ${where} = 4`, 4],
      ['edits who did it', `UPDATE operations.audit_event SET actor_id = 'eve' ${where} = 1`, 1],
      [
        'edits when it was',
        `UPDATE operations.audit_event SET occurred_at = occurred_at + interval '1 ms' ${where} = 9`,
        9,
      ],
      ['edits where it came from', `UPDATE operations.audit_event SET address = '203.0.113.1' ${where} = 4`, 4],
      ['edits what it was before', `UPDATE operations.audit_event SET before = '{"name":"x"}' ${where} = 4`, 4],
      ['edits the last one', `UPDATE operations.audit_event SET outcome = 'REFUSED' ${where} = 10`, 10],
      ['deletes one', `DELETE FROM operations.audit_event ${where} = 6`, 6],
      ['deletes the first ones', `DELETE FROM operations.audit_event ${where} < 3`, 1],
      ['deletes the last ones', `DELETE FROM operations.audit_event ${where} > 7`, 8],
      ['empties it', `DELETE FROM operations.audit_event ${where} > 0`, 1],
      ['swaps two', swap, 5],
      [
        'exchanges the numbers of two',
        `UPDATE operations.audit_event SET sequence = 9 - sequence + 100 ${where} IN (4, 5)`,
        4,
      ],
      ['inserts one at the end', copied(11), 11],
      [
        'erases what is personal without saying so',
        `UPDATE operations.audit_event SET salt = NULL, address = NULL, user_agent = NULL, before = NULL, after = NULL ${where} = 4`,
        4,
      ],
    ])('and %s, it names the first bad event', async (_what, statement, sequence) => {
      const organizationId = await newTrail(10);
      expect((await inspect(organizationId)).problem).toBeUndefined();
      await change(statement)(organizationId);
      expect((await inspect(organizationId)).problem?.sequence).toBe(sequence);
    });

    it('by cutting both the end and the chain, the external checkpoint reveals it', async () => {
      const organizationId = await newTrail(10);
      await sign();
      await sql('DELETE FROM operations.audit_checkpoint WHERE organization_id = $1', [organizationId]);
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence > 8', [organizationId]);
      await sql(
        `UPDATE operations.audit_chain SET sequence = 8, hash =
           (SELECT hash FROM operations.audit_event WHERE organization_id = $1 AND sequence = 8) WHERE organization_id = $1`,
        [organizationId],
      );
      expect((await inspect(organizationId)).problem).toMatchObject({ sequence: 9, kind: 'missing' });
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1', [organizationId]);
      await sql('DELETE FROM operations.audit_chain WHERE organization_id = $1', [organizationId]);
      const { stores } = await access();
      expect(await listTrails(services.operations, stores)).toContain(organizationId);
      expect((await inspect(organizationId)).problem).toMatchObject({ sequence: 1, kind: 'missing' });
    });

    it('by rewriting all of it, the external checkpoint reveals it', async () => {
      const organizationId = await newTrail(5);
      await sign();
      for (const table of ['audit_event', 'audit_chain', 'audit_checkpoint']) {
        await sql(`DELETE FROM operations.${table} WHERE organization_id = $1`, [organizationId]);
      }
      await record(organizationId, 7);
      expect((await inspect(organizationId)).problem).toMatchObject({ sequence: 5, kind: 'replaced' });
    });

    it('signs nothing for it any more', async () => {
      const organizationId = await newTrail(5);
      await sign();
      await record(organizationId, 5);
      await sql(`UPDATE operations.audit_event SET action = 'x' WHERE organization_id = $1 AND sequence = 7`, [
        organizationId,
      ]);
      const { damaged } = await sign();
      expect(damaged).toContainEqual({ organizationId, problem: expect.objectContaining({ sequence: 7 }) });
      expect([...(await inspect(organizationId)).checkpoints.heads.keys()]).toEqual([5]);
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1', [organizationId]);
      await sql('DELETE FROM operations.audit_chain WHERE organization_id = $1', [organizationId]);
    });
  });

  describe('checkpoints', () => {
    it('are written once for what grew', async () => {
      const organizationId = await newTrail(3);
      await sign();
      expect((await sign()).signed).toBe(0);
      await record(organizationId);
      expect((await sign()).signed).toBe(1);
      expect([...(await inspect(organizationId)).checkpoints.heads.keys()]).toEqual([3, 4]);
    });

    it('that were forged, or are half a line, count for nothing', async () => {
      const organizationId = await newTrail(3);
      await sign();
      const [line = ''] = readFileSync(file(organizationId), 'utf8').split('\n');
      appendFileSync(file(organizationId), `\n${JSON.stringify({ ...JSON.parse(line), sequence: 9 })}\n{"kind":"he`);
      await record(organizationId);
      await sign();
      const { checkpoints, problem } = await inspect(organizationId);
      expect(problem).toBeUndefined();
      expect([...checkpoints.heads.keys()]).toEqual([3, 4]);
      expect(checkpoints.forged).toBe(1);
    });

    it('of an earlier key still hold, and are renewed with the current one', async () => {
      const organizationId = await newTrail(3);
      await sign();
      const previous = services.secrets;
      const newKey = Buffer.alloc(32, 7);
      services.secrets = { ...previous, tokenEncryptionKeys: () => [newKey, ...previous.tokenEncryptionKeys()] };
      expect((await inspect(organizationId)).checkpoints.heads.size).toBe(1);
      await sign();
      services.secrets = { ...previous, tokenEncryptionKeys: () => [newKey] };
      const { checkpoints, problem } = await inspect(organizationId);
      expect(problem).toBeUndefined();
      expect([...checkpoints.heads.keys()]).toEqual([3]);
      expect(checkpoints.unknown).toBe(1);
      services.secrets = previous;
      await sign();
    });

    it('record that a restored backup replaced the history', async () => {
      const organizationId = await newTrail(5);
      await sign();
      const older = await access();
      const [event] = await sql('SELECT hash FROM operations.audit_event WHERE organization_id = $1 AND sequence = 3', [
        organizationId,
      ]);
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence > 3', [organizationId]);
      await sql('UPDATE operations.audit_chain SET sequence = 3, hash = $2 WHERE organization_id = $1', [
        organizationId,
        event.hash,
      ]);
      expect((await inspect(organizationId)).problem?.sequence).toBe(4);
      clock = new Date(clock.getTime() + 1000);
      const at = clock.toISOString();
      const restored = new CheckpointSigner(services.secrets).sign({
        kind: 'restored',
        organizationId,
        sequence: 3,
        hash: event.hash,
        at,
      });
      await storeCheckpoints(older, [restored]);
      await record(organizationId, 4);
      expect((await inspect(organizationId)).problem).toBeUndefined();
    });
  });

  describe('trimming', () => {
    it('keeps the newest, and what is left verifies', async () => {
      const organizationId = await newTrail(12);
      await trim(5);
      const { events, last, problem, checkpoints } = await inspect(organizationId);
      expect({ events, last: last.sequence, problem }).toEqual({ events: 5, last: 12, problem: undefined });
      expect(checkpoints.cut?.sequence).toBe(7);
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence = 8', [organizationId]);
      expect((await inspect(organizationId)).problem).toMatchObject({ sequence: 8, kind: 'missing' });
    });

    it('removes what is older than its months, also all of it', async () => {
      const organizationId = await newTrail(3);
      const today = clock;
      clock = new Date(today.getTime() + 170 * 24 * 60 * 60 * 1000);
      await trim();
      expect((await inspect(organizationId)).events).toBe(3);
      clock = new Date(today.getTime() + 190 * 24 * 60 * 60 * 1000);
      await trim();
      expect(await inspect(organizationId)).toMatchObject({ events: 0, last: { sequence: 3 } });
      expect((await inspect(organizationId)).problem).toBeUndefined();
      await record(organizationId);
      expect(await inspect(organizationId)).toMatchObject({ events: 1, last: { sequence: 4 } });
      clock = today;
    });

    describe('a trail that sessions fill', () => {
      const actionsOf = async (organizationId: string): Promise<Record<string, number>> => {
        const rows = await sql(
          'SELECT action, count(*)::int FROM operations.audit_event WHERE organization_id = $1 GROUP BY 1',
          [organizationId],
        );
        return Object.fromEntries(rows.map(({ action, count }: { action: string; count: number }) => [action, count]));
      };

      async function flooded(): Promise<string> {
        const organizationId = randomUUID();
        const of = (action: string, count: number) => record(organizationId, count, { action });
        await of('role.changed', 1);
        await of('session.started', 8);
        await of('client.created', 2);
        await of('session.ended', 6);
        // The last signed event is among those that are removed.
        await sign();
        await of('two-factor.refused', 2);
        await of('api-key.created', 1);
        await of('session.started', 4);
        return organizationId;
      }

      it('keeps roles, keys and clients, and what is left verifies', async () => {
        const organizationId = await flooded();
        expect((await trim(5)).damaged).not.toContainEqual(expect.objectContaining({ organizationId }));
        const kept = { 'role.changed': 1, 'client.created': 2, 'api-key.created': 1 };
        const refused = { 'two-factor.refused': 1 };
        expect(await actionsOf(organizationId)).toEqual({ ...kept, ...refused, 'session.started': 4 });
        const { problem, removed, events, last } = await inspect(organizationId);
        expect({ problem, removed, events, last: last.sequence }).toEqual({
          problem: undefined,
          removed: 15,
          events: 9,
          last: 24,
        });
        await record(organizationId, 7, { action: 'session.started' });
        expect((await sign()).damaged).not.toContainEqual(expect.objectContaining({ organizationId }));
        await trim(5);
        expect(await actionsOf(organizationId)).toEqual({ ...kept, 'session.started': 5 });
        expect((await inspect(organizationId)).problem).toBeUndefined();
        await record(organizationId, 6, { action: 'role.changed' });
        await trim(5);
        expect((await inspect(organizationId)).problem).toBeUndefined();
        const today = clock;
        clock = new Date(today.getTime() + 190 * 24 * 60 * 60 * 1000);
        await trim();
        clock = today;
        const emptied = await inspect(organizationId);
        expect([emptied.events, emptied.problem]).toEqual([0, undefined]);
        expect(await sql('SELECT FROM operations.audit_gap WHERE organization_id = $1', [organizationId])).toEqual([]);
      });

      it.each([
        ['a signed gap is deleted', 'DELETE FROM operations.audit_gap WHERE organization_id = $1 AND first = 2', 2],
        [
          'a gap is widened, with the event behind it',
          `WITH gone AS (DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence = 10 RETURNING hash)
           UPDATE operations.audit_gap SET last = 10, hash = gone.hash FROM gone WHERE organization_id = $1 AND first = 2`,
          2,
        ],
        [
          'an event between gaps is deleted',
          'DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence = 11',
          11,
        ],
        [
          'an event beside a gap is edited',
          "UPDATE operations.audit_event SET action = 'x' WHERE organization_id = $1 AND sequence = 10",
          10,
        ],
      ])('names the first bad event when %s', async (_what, statement, sequence) => {
        const organizationId = await flooded();
        await trim(5);
        await sql(statement, [organizationId]);
        expect((await inspect(organizationId)).problem).toMatchObject({ sequence });
        for (const table of ['event', 'chain', 'gap', 'checkpoint']) {
          await sql(`DELETE FROM operations.audit_${table} WHERE organization_id = $1`, [organizationId]);
        }
      });

      it('renews gaps that a previous key signed', async () => {
        const organizationId = await flooded();
        await trim(5);
        const previous = services.secrets;
        const newKey = Buffer.alloc(32, 9);
        services.secrets = { ...previous, tokenEncryptionKeys: () => [newKey, ...previous.tokenEncryptionKeys()] };
        await trim(5);
        const signer = new CheckpointSigner({ tokenEncryptionKeys: () => [newKey] });
        const gaps = await readGaps(services.operations, signer, organizationId);
        expect(gaps.map(({ first, last }) => [first, last])).toEqual([
          [2, 9],
          [12, 18],
        ]);
        services.secrets = previous;
      });
    });

    it('skips a damaged trail', async () => {
      const organizationId = await newTrail(12);
      await sql('DELETE FROM operations.audit_event WHERE organization_id = $1 AND sequence = 3', [organizationId]);
      const { damaged } = await trim(5);
      expect(damaged).toContainEqual({ organizationId, problem: expect.objectContaining({ sequence: 3 }) });
      const [{ count }] = await sql('SELECT count(*)::int FROM operations.audit_event WHERE organization_id = $1', [
        organizationId,
      ]);
      expect(count).toBe(11);
    });

    it('that was killed after signing the cut is no damage, and is finished the next time', async () => {
      const organizationId = await newTrail(12);
      const [event] = await sql('SELECT hash FROM operations.audit_event WHERE organization_id = $1 AND sequence = 7', [
        organizationId,
      ]);
      const { signer, stores } = await access();
      const cut = signer.sign({ kind: 'cut', organizationId, sequence: 7, hash: event.hash, at: clock.toISOString() });
      for (const store of stores) await store.add([cut]);
      expect((await inspect(organizationId)).problem).toBeUndefined();
      await trim(5);
      expect(await inspect(organizationId)).toMatchObject({ events: 5, last: { sequence: 12 } });
    });
  });

  it('erases personal data and stays valid', async () => {
    const organizationId = await newTrail(3);
    const bob = { ...ada, userId: randomUUID() };
    await record(organizationId, 2, {}, bob);
    await services.operations.transaction((manager) =>
      pseudonymizeAudit(manager, organizationId, { actorId: bob.userId }),
    );
    expect(await inspect(organizationId)).toMatchObject({ events: 6, erased: 2 });
    expect((await inspect(organizationId)).problem).toBeUndefined();
    await services.operations.transaction((manager) => pseudonymizeAudit(manager, organizationId));
    expect(await inspect(organizationId)).toMatchObject({ events: 7, erased: 5 });
    expect((await inspect(organizationId)).problem).toBeUndefined();
    const rows = await sql('SELECT * FROM operations.audit_event WHERE organization_id = $1', [organizationId]);
    expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2\.7|Firefox|Straße/);
  });

  it('of the installation is one of its own', async () => {
    await record(INSTALLATION);
    expect((await inspect(INSTALLATION)).problem).toBeUndefined();
  });

  it('without a single row in any table is missed', async () => {
    const organizationId = await newTrail(2);
    await sign();
    await sql('TRUNCATE operations.audit_event, operations.audit_chain, operations.audit_checkpoint');
    expect((await inspect(organizationId)).problem).toMatchObject({ sequence: 1, kind: 'missing' });
    writeFileSync(file(organizationId), '');
    expect((await inspect(organizationId)).problem).toBeUndefined();
  });
});
