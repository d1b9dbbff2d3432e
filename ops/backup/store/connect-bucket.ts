import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from '#runtime/config/operations-config.js';

function credentialsOf({ accessKeyId, secretAccessKey }: S3Config) {
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

/** Returns a client of the S3-compatible store, whoever made it. Nothing is sent yet. */
export async function connectBucket(config: S3Config): Promise<S3Client> {
  // Loaded only where it is used: it is larger than the rest of a program that backs up.
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    region: config.region,
    endpoint: config.endpoint,
    // Stores of other makers are rarely reached by a host name per bucket.
    forcePathStyle: config.endpoint !== undefined,
    credentials: credentialsOf(config),
    // And they do not know Amazon's newer checksums; what is uploaded is read back and compared anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
