import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLField } from 'graphql';
import { schemaFile } from '#schema/type-definitions.js';

/** Of mutations that make or send something each time they run. */
const CREATING = ['add', 'create', 'generate', 'invite', 'replay', 'rotate', 'run', 'send'];
/** Of those that set a state, which is the same when they run again, or that a token, a code or a state admits once. */
const REPEATABLE = [
  ...['accept', 'acknowledge', 'apply', 'approve', 'archive', 'authorize', 'backfill', 'cancel', 'change', 'check'],
  ...['complete', 'confirm', 'decline', 'delete', 'disable', 'disconnect', 'enable', 'end', 'export', 'keep', 'leave'],
  ...[
    'lift',
    'limit',
    'log',
    'mute',
    'open',
    'pause',
    'refresh',
    'regenerate',
    'reject',
    'remove',
    'request',
    'require',
  ],
  ...['resend', 'reset', 'restore', 'resume', 'retry', 'revoke', 'set', 'sign', 'skip', 'start', 'stop', 'switch'],
  ...['transfer', 'update', 'verify'],
];
/** Of the latter, those that take a key all the same. */
const ALSO = ['startCheckout'];

const verbOf = ({ name }: { name: string }) => /^[a-z]+/.exec(name)?.[0] as string;

describe('mutations that create', () => {
  const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}) as GraphQLField<unknown, unknown>[];

  it('are known by their verbs', () => {
    const known = new Set([...CREATING, ...REPEATABLE]);
    expect(mutations.filter((mutation) => !known.has(verbOf(mutation))).map(({ name }) => name)).toEqual([]);
    expect(new Set(mutations.map(verbOf))).toEqual(known);
  });

  it('take an idempotency key, and no others do', () => {
    const taking = mutations.filter(({ args }) =>
      args.some(({ name, type }) => name === 'idempotencyKey' && String(type) === 'String'),
    );
    const creating = mutations.filter(({ name, ...rest }) => CREATING.includes(verbOf({ name, ...rest })));
    expect(taking.map(({ name }) => name).sort()).toEqual([...creating.map(({ name }) => name), ...ALSO].sort());
    for (const { args } of taking)
      expect(args.find(({ name }) => name === 'idempotencyKey')?.description).toMatch(/`Idempotency-Key`/);
  });
});
