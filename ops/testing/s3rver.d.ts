// What the tests use of s3rver, which has no types of its own.
declare module 's3rver' {
  import type { EventEmitter } from 'node:events';

  class S3rver extends EventEmitter {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets?: { name: string }[];
    });
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }
  export = S3rver;
}
