import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sealer } from '#runtime/sealing/crypto.js';
import { type RotationOptions, rotateKeys } from '#runtime/sealing/rotate-keys.js';
import type { Context } from './context.js';
import { createJobContext } from './create-context.js';
import { type Access, openDependencies } from './dependencies.js';
import { type Connection, ConnectionEntity } from './entities/connection.js';
import { integrations } from './index.js';
import { openAccess } from './services/tokens/open-access.js';
import { renewTokens } from './services/tokens/renew-tokens.js';
import { openTokens } from './services/tokens/token-seal.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const CONNECTIONS = 10;
const CALLS = 200;

describe('the rotation of the credential key, while connections are used and renewed', () => {
  let stage: Stage;
  let connections: Connection[];
  let oldSealer: Sealer;
  const newKey = randomBytes(32);

  beforeAll(async () => {
    stage = await openStage();
    for (let count = 0; count < CONNECTIONS; count += 1) {
      await stage.connect(someone(), count % 2 ? 'google-ads' : 'meta-ads');
    }
    const { database } = await openDependencies(stage.services);
    connections = await database.manager.find(ConnectionEntity);
    oldSealer = stage.services.sealer;
  });
  afterAll(() => stage.close());

  /** The subgraph as another process runs it. */
  const processWith = async (sealer: Sealer): Promise<Context> =>
    createJobContext(await openDependencies({ ...stage.services, sealer }));
  const oldKey = () => stage.services.secrets.tokenEncryptionKeys()[0];

  it('keeps every token readable', async () => {
    expect(connections).toHaveLength(CONNECTIONS);
    // In a rolling restart some processes know the new key and seal with the old one still.
    const late = await processWith(new Sealer(oldKey(), newKey));
    const renewed = await processWith(new Sealer(newKey, oldKey()));
    const options: RotationOptions = {
      database: renewed.database,
      sealer: renewed.services.sealer,
      columns: integrations.sealedColumns,
      logger: stage.services.logger,
    };
    let done = 0;
    let endRound = () => {};
    const afterOneRound = new Promise<void>((resolve) => {
      endRound = resolve;
    });
    const results: Access[] = [];
    const calls = Array.from({ length: CALLS }, async (_, call) => {
      if (call >= CALLS / 2) await afterOneRound;
      const context = call % 4 === 0 ? late : renewed;
      const connection = connections[call % CONNECTIONS] as Connection;
      const isRenewal = call % 3 === 0;
      results.push(
        isRenewal
          ? await renewTokens(context, { connection, needsRenewal: () => true })
          : await openAccess(context, connection),
      );
      done += 1;
    });
    let rounds = 0;
    const rotating = async () => {
      do {
        await rotateKeys(options);
        rounds += 1;
        endRound();
      } while (done < CALLS);
    };
    await Promise.all([...calls, rotating()]);
    expect(rounds).toBeGreaterThan(1);

    const { state } = await rotateKeys(options);
    expect(state).toMatchObject({
      isComplete: true,
      columns: [{ keys: { [renewed.services.sealer.currentKeyId]: 10 } }, { keys: {} }],
    });
    const onlyNew = new Sealer(newKey);
    for (const row of await renewed.database.manager.find(ConnectionEntity)) {
      const tokens = openTokens(onlyNew, row);
      const last = results
        .filter(({ connection }) => connection.id === row.id)
        .reduce((one, other) => (other.connection.version > one.connection.version ? other : one));
      expect(last.connection.version).toBe(row.version);
      expect(tokens).toEqual(last.tokens);
      expect(row.version).toBeGreaterThan(1);
      expect(() => openTokens(oldSealer, row)).toThrow('is not configured');
    }
  });

  it('keeps connections working once the old key is gone', async () => {
    const context = await processWith(new Sealer(newKey));
    for (const connection of connections) {
      const { tokens } = await renewTokens(context, { connection, needsRenewal: () => true });
      expect(tokens.accessToken).toBeTruthy();
    }
  });
});
