import { randomUUID } from 'node:crypto';
import { mapAsync } from 'es-toolkit/array';
import { connectBucket } from '#ops/backup/store/connect-bucket.js';
import type { S3Config } from '#runtime/config/operations-config.js';
import { AppError } from '#runtime/errors.js';
import { type CheckpointStore, parseCheckpoint, type SignedCheckpoint } from './checkpoint.js';

const READS_AT_ONCE = 16;

/** Opens the checkpoints in the backup bucket, one object per write below `audit/`. All are read once, on first use. */
export async function openCheckpointBucket(config: S3Config): Promise<CheckpointStore> {
  const { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const client = await connectBucket(config);
  const { bucket: Bucket } = config;
  const prefix = `${config.prefix ? `${config.prefix}/` : ''}audit/`;
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      const message = `Audit checkpoints cannot be ${what} the bucket ${Bucket}: check BACKUP_S3_*.`;
      throw new AppError(message, 'CONFIGURATION', { cause });
    }
  };
  const read = async (Key: string): Promise<SignedCheckpoint[]> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const lines = (await Body?.transformToString())?.split('\n') ?? [];
    return lines.map(parseCheckpoint).filter((checkpoint) => checkpoint !== undefined);
  };
  const readAll = () =>
    attempt('read from', async () => {
      const byOrganization = new Map<string, SignedCheckpoint[]>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
        const objects = await mapAsync(Contents, ({ Key = '' }) => read(Key), { concurrency: READS_AT_ONCE });
        for (const checkpoint of objects.flat()) {
          const { organizationId } = checkpoint;
          const list = byOrganization.get(organizationId);
          if (list) list.push(checkpoint);
          else byOrganization.set(organizationId, [checkpoint]);
        }
      }
      return byOrganization;
    });
  let known: ReturnType<typeof readAll> | undefined;
  const cached = () => {
    known ??= readAll();
    return known;
  };
  return {
    name: `s3://${Bucket}/${prefix}`,
    add: (checkpoints) =>
      attempt('written to', async () => {
        const Key = `${prefix}${checkpoints[0]?.at ?? ''}-${randomUUID()}.jsonl`;
        const Body = checkpoints.map((checkpoint) => JSON.stringify(checkpoint)).join('\n');
        await client.send(new PutObjectCommand({ Bucket, Key, Body }));
      }),
    of: async (organizationId) => (await cached()).get(organizationId) ?? [],
    organizations: async () => [...(await cached()).keys()],
  };
}
