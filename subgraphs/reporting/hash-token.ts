import { createHash } from 'node:crypto';

/** Returns the SHA-256 of a token in hexadecimal, as it is stored: 256 random bits need no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
