import { NotSimulated } from '#simulator/not-simulated.js';
import type { Raw, RawFields } from './read-form.js';
import { invalidRequest, type StripeError } from './stripe-error.js';

/** Reads one parameter strictly; `name` is its whole name, such as `items[0][price]`. Throws Stripe's 400. */
export interface Rule<T> {
  read(raw: Raw, name: string): T;
}

interface RequiredRule<T> extends Rule<T> {
  isRequired: true;
}

export type Fields = Record<string, Rule<unknown>>;
export type Values<F extends Fields> = {
  [Name in keyof F]: F[Name] extends RequiredRule<infer T> ? T : F[Name] extends Rule<infer T> ? T | undefined : never;
};

/** A parameter that must be sent. */
export function required<T>(rule: Rule<T>): RequiredRule<T> {
  return { read: (raw, name) => rule.read(raw, name), isRequired: true };
}

/** Text that is not empty; empty text means "unset", which only `emptyable` parameters can be. */
export function text({ max = 5_000 }: { max?: number } = {}): Rule<string> {
  return {
    read(raw, name) {
      if (typeof raw !== 'string') throw invalid('string', raw, name);
      if (raw === '') throw emptyText(name);
      if (raw.length > max)
        throw invalidRequest(`Invalid string: ${raw.slice(0, 20)}...; must be at most ${max} characters`, {
          param: name,
        });
      return raw;
    },
  };
}

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return {
    read(raw, name) {
      if (raw === '') throw emptyText(name);
      if (typeof raw === 'string' && (words as readonly string[]).includes(raw)) return raw as T;
      throw invalidRequest(`Invalid ${name}: must be ${listed(words)}`, { param: name });
    },
  };
}

/** A whole number, by default one that is not negative. */
export function integer({ min = 0, max = Number.MAX_SAFE_INTEGER } = {}): Rule<number> {
  return {
    read(raw, name) {
      if (typeof raw !== 'string' || !/^-?\d{1,16}$/.test(raw))
        throw invalidRequest(`Invalid integer: ${shown(raw)}`, { code: 'parameter_invalid_integer', param: name });
      const value = Number(raw);
      if (value < min)
        throw invalidRequest(`This value must be greater than or equal to ${min}.`, {
          code: 'parameter_invalid_integer',
          param: name,
        });
      if (value > max)
        throw invalidRequest(`This value must be less than or equal to ${max} (it currently is '${raw}').`, {
          code: 'parameter_invalid_integer',
          param: name,
        });
      return value;
    },
  };
}

/** A decimal number, exactly as it was sent. */
export function decimal(): Rule<string> {
  return {
    read(raw, name) {
      if (typeof raw === 'string' && /^-?\d{1,15}(\.\d{1,12})?$/.test(raw)) return raw;
      throw invalidRequest(`Invalid decimal: ${shown(raw)}`, { param: name });
    },
  };
}

/** `true` or `false`. */
export function boolean(): Rule<boolean> {
  return {
    read(raw, name) {
      if (raw === 'true' || raw === 'false') return raw === 'true';
      if (raw === '') throw emptyText(name);
      throw invalidRequest(`Invalid boolean: ${shown(raw)}`, { param: name });
    },
  };
}

/** A point in time in seconds since 1970. */
export function timestamp(): Rule<number> {
  return {
    read(raw, name) {
      if (typeof raw === 'string' && /^\d{1,11}$/.test(raw)) return Number(raw);
      throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp', { param: name });
    },
  };
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** A currency in three lower-case letters, however it was sent. */
export function currency(): Rule<string> {
  return {
    read(raw, name) {
      const code = typeof raw === 'string' ? raw.toLowerCase() : '';
      if (CURRENCIES.has(code)) return code;
      throw invalidRequest(`Invalid currency: ${shown(raw)}. Stripe currently supports these currencies: usd, eur, …`, {
        param: name,
      });
    },
  };
}

/** Names and values; refuses names that are not known, also below. `notSimulated` are names that only Stripe knows. */
export function object<F extends Fields>(fields: F, notSimulated: readonly string[] = []): Rule<Values<F>> {
  return {
    read(raw, name) {
      if (typeof raw === 'string') throw invalid('object', raw, name);
      return readFields(fields, raw, { name, notSimulated });
    },
  };
}

/** A list of values, sent with numbers or with empty brackets. */
export function array<T>(rule: Rule<T>, { max = 100 }: { max?: number } = {}): Rule<T[]> {
  return {
    read(raw, name) {
      if (typeof raw === 'string' || Object.keys(raw).some((key) => !/^\d+$/.test(key)))
        throw invalidRequest('Invalid array', { param: name });
      const entries = Object.entries(raw).sort(([one], [other]) => Number(one) - Number(other));
      if (entries.length > max)
        throw invalidRequest(`Array ${name} exceeded maximum ${max} allowed elements.`, { param: name });
      return entries.map(([key, value]) => rule.read(value, `${name}[${key}]`));
    },
  };
}

/** Values by names of the caller's choice. */
export function record<T>(rule: Rule<T>, key: Rule<string> = text()): Rule<Record<string, T>> {
  return {
    read(raw, name) {
      if (typeof raw === 'string') throw invalid('object', raw, name);
      return Object.fromEntries(
        Object.entries(raw).map(([one, value]) => [key.read(one, name), rule.read(value, `${name}[${one}]`)]),
      );
    },
  };
}

/** A parameter that empty text unsets: null. */
export function emptyable<T>(rule: Rule<T>): Rule<T | null> {
  return { read: (raw, name) => (raw === '' ? null : rule.read(raw, name)) };
}

/** Either a word or what another rule reads, such as `now` or a timestamp. */
export function wordOr<const W extends string, T>(words: readonly W[], rule: Rule<T>): Rule<W | T> {
  return {
    read: (raw, name) =>
      typeof raw === 'string' && (words as readonly string[]).includes(raw) ? (raw as W) : rule.read(raw, name),
  };
}

/** Metadata: at most 50 keys of 40 characters with values of 500; an empty value unsets its key, empty metadata all. */
export function metadata(): Rule<Record<string, string> | null> {
  return {
    read(raw, name) {
      if (raw === '') return null;
      if (typeof raw === 'string') throw invalid('object', raw, name);
      const entries = Object.entries(raw);
      if (entries.length > 50) throw invalidRequest('You can only have up to 50 keys in metadata.', { param: name });
      for (const [key, value] of entries) {
        const param = `${name}[${key}]`;
        if (key.length > 40)
          throw invalidRequest(`Metadata keys must be at most 40 characters long; got ${key.length}.`, { param });
        if (typeof value !== 'string') throw invalid('string', value, param);
        if (value.length > 500)
          throw invalidRequest(`Metadata values must be at most 500 characters long; got ${value.length}.`, { param });
      }
      return raw as Record<string, string>;
    },
  };
}

/** A moment, or a range of them, as lists filter by it. */
export function range(): Rule<{ gt?: number; gte?: number; lt?: number; lte?: number }> {
  const bounds = object({ gt: timestamp(), gte: timestamp(), lt: timestamp(), lte: timestamp() });
  return {
    read(raw, name) {
      if (typeof raw === 'object') return bounds.read(raw, name);
      const moment = timestamp().read(raw, name);
      return { gte: moment, lte: moment };
    },
  };
}

/** An address, each part of which can be emptied. */
export function address() {
  return object({
    city: emptyable(text()),
    country: emptyable(text({ max: 2 })),
    line1: emptyable(text()),
    line2: emptyable(text()),
    postal_code: emptyable(text()),
    state: emptyable(text()),
  });
}

/** Reads all fields of an object. Throws for unknown names first, then for missing ones, as Stripe does. */
export function readFields<F extends Fields>(
  fields: F,
  raw: RawFields,
  { name = '', notSimulated = [] }: { name?: string; notSimulated?: readonly string[] } = {},
): Values<F> {
  const nameOf = (field: string) => (name === '' ? field : `${name}[${field}]`);
  const unknown = Object.keys(raw).filter((field) => !Object.hasOwn(fields, field));
  const foreign = unknown.filter((field) => !notSimulated.includes(field)).map(nameOf);
  if (foreign.length > 0)
    throw invalidRequest(`Received unknown parameter${foreign.length > 1 ? 's' : ''}: ${foreign.join(', ')}`, {
      code: 'parameter_unknown',
      param: foreign[0] as string,
    });
  if (unknown[0] !== undefined) throw new NotSimulated(`the parameter ${nameOf(unknown[0])} of Stripe`);
  const values: Record<string, unknown> = {};
  for (const [field, rule] of Object.entries(fields)) {
    const value = raw[field];
    if (value !== undefined) values[field] = rule.read(value, nameOf(field));
    else if ('isRequired' in rule)
      throw invalidRequest(`Missing required param: ${nameOf(field)}.`, {
        code: 'parameter_missing',
        param: nameOf(field),
      });
  }
  return values as Values<F>;
}

function emptyText(name: string): StripeError {
  return invalidRequest(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param: name },
  );
}

function invalid(type: string, raw: Raw, name: string): StripeError {
  return invalidRequest(`Invalid ${type}: ${shown(raw)}`, { param: name });
}

function shown(raw: Raw): string {
  return (typeof raw === 'string' ? raw : JSON.stringify(raw)).slice(0, 200);
}

function listed(words: readonly string[]): string {
  if (words.length < 3) return `one of ${words.join(' or ')}`;
  return `one of ${words.slice(0, -1).join(', ')}, or ${words.at(-1)}`;
}
