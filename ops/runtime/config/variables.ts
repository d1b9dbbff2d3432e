import { isIP } from 'node:net';
import { z } from 'zod';

// Schemas of settings. Each message continues the variable's name: "PORT must be a port number".

export const portNumber = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a port number')
    .transform(Number)
    .refine((value) => value <= 65535, 'must be a port number up to 65535')
    .default(fallback);

/** Database clients percent-decode user, password and path. */
function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false;
  }
}

function problemOfUrl(text: string, protocols: string[]): string | undefined {
  const begins = protocols.some((protocol) => text.toLowerCase().startsWith(`${protocol}//`));
  if (!begins || /\s/.test(text) || !URL.canParse(text)) {
    return `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  }
  const address = new URL(text);
  // A PostgreSQL URL may name the folder of a socket instead.
  if (!address.hostname && !address.searchParams.has('host')) return 'must name a host';
  return isDecodable(address) ? undefined : 'must have each % of its user, password or path written as %25';
}

/** Links are made by appending to it. */
function problemOfWebAddress(text: string): string | undefined {
  const problem = problemOfUrl(text, ['http:', 'https:']);
  if (problem) return problem;
  const { search, hash, username, password } = new URL(text);
  return search || hash || username || password ? 'must be an address alone, without user, ? and #' : undefined;
}

const text = (problemOf: (value: string) => string | undefined) =>
  z
    .string()
    .check(({ value, issues }) => {
      const message = problemOf(value);
      if (message) issues.push({ code: 'custom', message, input: value });
    })
    .optional();

export const url = (...protocols: string[]) => text((value) => problemOfUrl(value, protocols));

export const webAddress = text(problemOfWebAddress);

/** Returns a MongoDB URL with its first host only: the several of a replica set do not parse as a URL. */
export function withFirstHost(text: string): string {
  return text.replace(/^(mongodb:\/\/(?:[^@/]*@)?[^,/?]+),[^/?]+/, '$1');
}

export const mongodbUrl = text((value) => problemOfUrl(withFirstHost(value), ['mongodb:', 'mongodb+srv:']));

/** The largest integer of PostgreSQL, and the longest timer. */
const LARGEST = 2_147_483_647;

export const wholeNumber = (fallback: number, most = LARGEST) =>
  z
    .string()
    .regex(/^[1-9]\d*$/, { message: 'must be a whole number above 0', abort: true })
    .transform(Number)
    .refine((value) => value <= most, `must be at most ${most}`)
    .default(fallback);

export const secret = z
  .string()
  .refine(
    (text) => text.length >= 32 && new Set(text).size >= 10,
    'must be random text of at least 32 characters, for example from `openssl rand -hex 32`',
  )
  .optional();

/** Returns the parts of a list separated by commas. */
export const listOf = (text: string | undefined) => (text ?? '').split(',').flatMap((part) => part.trim() || []);

/** Whether a text is an address, or a network like 10.0.0.0/8. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return !text.includes('/') || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export const networks = z
  .string()
  .refine(
    (text) => listOf(text).every(isNetwork),
    'must list addresses or networks like 10.0.0.0/8, separated by commas',
  )
  .optional();

/** Returns the key in `text`, 64 hexadecimal digits or base64 of 32 bytes; undefined when it is neither. */
export function parseEncryptionKey(text: string): Buffer | undefined {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return key.length === 32 ? key : undefined;
}

export const encryptionKey = z
  .string()
  .refine((text) => parseEncryptionKey(text), 'must be 32 bytes, as 64 hexadecimal digits or base64')
  .optional();
