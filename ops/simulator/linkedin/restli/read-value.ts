import { invalidParameter } from '#simulator/linkedin/linkedin-error.js';
import type { RestliRecord, RestliValue } from './parse-value.js';

// Each throws 400 with the path for a value of another type.

export function readText(value: RestliValue, path: string): string {
  if (typeof value === 'string') return value;
  throw invalidParameter(path, 'Expected a single value');
}

export function readList(value: RestliValue, path: string): RestliValue[] {
  if (Array.isArray(value)) return value;
  throw invalidParameter(path, 'Expected a list written as List(a,b), its brackets and commas not encoded');
}

/** Returns a record that has only `known` keys. */
export function readRecord(value: RestliValue, path: string, known: readonly string[]): RestliRecord {
  if (typeof value === 'string' || Array.isArray(value))
    throw invalidParameter(path, 'Expected an object written as (key:value), its brackets and colons not encoded');
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw invalidParameter(`${path}.${key}`, `${key} is not a field of this object`);
  return value;
}

export function readInteger(value: RestliValue, path: string, least: number, most: number): number {
  const text = readText(value, path);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw invalidParameter(path, `Expected a whole number from ${least} to ${most}, not ${text}`);
}

export function readBoolean(value: RestliValue, path: string): boolean {
  const text = readText(value, path);
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidParameter(path, `Expected true or false, not ${text}`);
}

export function readChoice<T extends string>(value: RestliValue, path: string, choices: readonly T[]): T {
  const text = readText(value, path);
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw invalidParameter(path, `Expected one of ${choices.join(', ')}, not ${text}`);
}

/** Returns the id of a URN such as urn:li:sponsoredCampaign:444. */
export function readUrn(value: RestliValue, path: string, entity: string): string {
  const text = readText(value, path);
  const prefix = `urn:li:${entity}:`;
  if (text.startsWith(prefix) && /^\d+$/.test(text.slice(prefix.length))) return text.slice(prefix.length);
  throw invalidParameter(path, `Expected a URN such as ${prefix}123, not ${text}`);
}

/** Returns a 64-bit id. */
export function readId(value: RestliValue, path: string): string {
  const text = readText(value, path);
  if (/^\d{1,19}$/.test(text)) return text;
  throw invalidParameter(path, `Expected a number, not ${text}`);
}
