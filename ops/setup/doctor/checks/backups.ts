import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeGoLive, type Check, type CheckContext, serviceTimeoutMs } from '#ops/setup/doctor/check.js';
import { type Finding, ok, problem } from '#ops/setup/doctor/finding.js';
import type { S3Config } from '#runtime/config/operations-config.js';
import { reasonOf } from '#runtime/log/reason-of.js';

async function tryBucket(s3: S3Config, signal: AbortSignal): Promise<Finding> {
  const { bucket, prefix, region, endpoint, accessKeyId, secretAccessKey } = s3;
  // The SDK of S3 is the largest of our packages.
  const { DeleteObjectCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    region,
    endpoint,
    // Other stores than Amazon's rarely have a host per bucket.
    forcePathStyle: endpoint !== undefined,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: serviceTimeoutMs(), requestTimeout: serviceTimeoutMs() },
  });
  const probe = { Bucket: bucket, Key: `${prefix ? `${prefix}/` : ''}webmetrics-doctor-${randomUUID()}` };
  try {
    await client.send(new PutObjectCommand({ ...probe, Body: 'probe' }), { abortSignal: signal });
    await client.send(new DeleteObjectCommand(probe), { abortSignal: signal });
    return ok(`Copied to the bucket ${bucket}, which can be written`);
  } catch (error) {
    const { name } = error as Error;
    const reason = name === 'Error' ? reasonOf(error) : `${name}: ${reasonOf(error)}`;
    const advice = 'Correct BACKUP_S3_*, and let this key put, get, list and delete objects there.';
    return problem(`The bucket ${bucket} cannot be written (${reason})`, advice);
  } finally {
    client.destroy();
  }
}

function isOnAnotherDisk(folder: string | undefined, dataDir: string): boolean {
  if (!folder || !existsSync(folder) || !existsSync(dataDir)) return false;
  return statSync(folder).dev !== statSync(dataDir).dev;
}

async function place(context: CheckContext): Promise<Finding> {
  const { backup, dataDir } = context.config;
  if (backup.s3) return tryBucket(backup.s3, context.signal);
  if (isOnAnotherDisk(backup.folder, dataDir)) return ok(`Kept in ${backup.folder}, on another disk or machine`);
  const message = `Kept on the same disk only, in ${backup.folder ?? join(dataDir, 'backups')}`;
  const advice = 'Set BACKUP_S3_BUCKET, or BACKUP_DIR to a folder of another machine.';
  return context.isProduction ? beforeGoLive(context, message, advice) : ok(message);
}

function sealing(context: CheckContext): Finding {
  if (context.config.backup.encryptionKey) return ok('Encrypted');
  const advice = 'Set BACKUP_ENCRYPTION_KEY (openssl rand -hex 32), and keep a copy of it somewhere else.';
  return context.isProduction ? beforeGoLive(context, 'Not encrypted', advice) : ok('Not encrypted');
}

function keys({ environment, problems }: CheckContext): Finding[] {
  // Reported as an invalid setting.
  if (problems.some(({ argument }) => /^BACKUP_S3_.*ACCESS_KEY/.test(argument))) return [];
  const { BACKUP_S3_BUCKET, BACKUP_S3_ACCESS_KEY_ID: id, BACKUP_S3_SECRET_ACCESS_KEY: secret } = environment;
  if (!BACKUP_S3_BUCKET || Boolean(id) === Boolean(secret)) return [];
  const message = 'Only one of BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY is set';
  return [problem(message, 'Set both, or neither.')];
}

export const backups: Check = {
  name: 'Backups',
  prepare: async ({ config }) => void (config.backup.s3 && (await import('@aws-sdk/client-s3'))),
  run: async (context) => {
    const { everyHours, keep } = context.config.backup;
    const rhythm = ok(`Every ${everyHours} hours; the newest ${keep} are kept`);
    return [rhythm, await place(context), ...keys(context), sealing(context)];
  },
};
