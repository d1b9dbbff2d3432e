import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from '#runtime/config/operations-config.js';

function credentialsOf({ accessKeyId, secretAccessKey }: S3Config) {
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

/** Returns a client for an S3-compatible store. */
export async function connectBucket(config: S3Config): Promise<S3Client> {
  // Loaded on demand, for its size.
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    region: config.region,
    endpoint: config.endpoint,
    // Other stores rarely support a host name per bucket.
    forcePathStyle: config.endpoint !== undefined,
    credentials: credentialsOf(config),
    // Other stores lack Amazon's newer checksums; uploads are compared anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
