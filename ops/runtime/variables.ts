import { z } from 'zod';

// The forms a setting can have. Each message follows the variable's name: "PORT must be a port number".

export const portNumber = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a port number')
    .transform(Number)
    .refine((value) => value <= 65535, 'must be a port number up to 65535')
    .default(fallback);

export const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    )
    .optional();

/** Returns a URL with the first of its hosts only: MongoDB's lists every member of a replica set, which no URL may. */
export function withFirstHost(text: string): string {
  return text.replace(/^(mongodb:\/\/(?:[^@/]*@)?[^,/?]+),[^/?]+/, '$1');
}

export const mongodbUrl = z
  .string()
  .refine(
    (text) => url('mongodb:', 'mongodb+srv:').safeParse(withFirstHost(text)).success,
    'must be a URL that begins with mongodb:// or mongodb+srv://',
  )
  .optional();

export const wholeNumber = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d*$/, 'must be a whole number above 0')
    .transform(Number)
    .default(fallback);

export const secret = z
  .string()
  .refine(
    (text) => text.length >= 32 && new Set(text).size >= 10,
    'must be random text of at least 32 characters, for example from `openssl rand -hex 32`',
  )
  .optional();

/** Returns the key in `text` (64 hexadecimal digits or base64 of 32 bytes), or undefined when it is neither. */
export function parseEncryptionKey(text: string): Buffer | undefined {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return key.length === 32 ? key : undefined;
}

export const encryptionKey = z
  .string()
  .refine((text) => parseEncryptionKey(text), 'must be 32 bytes, as 64 hexadecimal digits or base64')
  .optional();
