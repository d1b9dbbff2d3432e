import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import S3rver from 's3rver';
import type { S3Config } from '#runtime/config/operations-config.js';
import { CheckpointSigner } from './checkpoint.js';
import { openCheckpointBucket } from './checkpoint-bucket.js';

const root = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: root,
  configureBuckets: [{ name: 'backups' }],
});
let config: S3Config;

beforeAll(async () => {
  const { port } = await server.run();
  config = {
    bucket: 'backups',
    prefix: 'of/us',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  };
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const signer = new CheckpointSigner({ tokenEncryptionKeys: () => [Buffer.alloc(32, 1)] });
const checkpoint = (organizationId: string, sequence: number) =>
  signer.sign({ kind: 'head', organizationId, sequence, hash: 'h', at: '2026-11-23T01:00:00.000Z' });

it('the bucket returns every added checkpoint by trail', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const writing = await openCheckpointBucket(config);
  await writing.add([checkpoint(one, 1), checkpoint(other, 5)]);
  await writing.add([checkpoint(one, 2)]);
  const reading = await openCheckpointBucket(config);
  const found = await reading.of(one);
  expect(found.map(({ sequence }) => sequence).sort()).toEqual([1, 2]);
  expect(found.map((each) => signer.judge(each))).toEqual(['good', 'good']);
  expect((await reading.organizations()).sort()).toEqual([one, other].sort());
  expect(await reading.of(randomUUID())).toEqual([]);
});

it('a bucket that cannot be written to is said so', async () => {
  const missing = await openCheckpointBucket({ ...config, bucket: 'missing' });
  await expect(missing.add([checkpoint(randomUUID(), 1)])).rejects.toThrow('check BACKUP_S3_*');
});
