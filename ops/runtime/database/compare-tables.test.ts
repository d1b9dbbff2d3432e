import { describe, expect, it } from '@jest/globals';
import { findIncompatibilities } from './compare-tables.js';
import type { Table } from './read-tables.js';

const released: Table = {
  columns: { id: 'uuid not null default', name: 'text not null', note: 'text', size: 'integer not null default' },
  rules: { plan_pkey: 'PRIMARY KEY (id)', plan_name_check: "CHECK ((name <> ''::text))" },
};

const found = (change: { columns?: Record<string, string>; rules?: Record<string, string> }) =>
  findIncompatibilities(
    { 'billing.plan': released },
    { 'billing.plan': { columns: change.columns ?? released.columns, rules: change.rules ?? released.rules } },
  );

describe('the last release on new tables', () => {
  it('runs where only is added what it need not know, or dropped what refused its rows', () => {
    const columns = { ...released.columns, colour: 'text', weight: 'integer not null default' };
    expect(found({ columns, rules: { plan_pkey: 'PRIMARY KEY (id)' } })).toEqual([]);
    const more = { 'billing.plan': released, 'billing.new': { columns: { id: 'uuid not null' }, rules: {} } };
    expect(findIncompatibilities({ 'billing.plan': released }, more)).toEqual([]);
    // The same rule under another name.
    expect(found({ rules: { plan_pkey: 'PRIMARY KEY (id)', renamed: "CHECK ((name <> ''::text))" } })).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a column is dropped or renamed', { note: '' }, 'billing.plan.note is gone: it is read and written'],
    ['a column has another type', { note: 'jsonb' }, 'billing.plan.note was text and is jsonb'],
    [
      'a column must be given',
      { note: 'text not null' },
      'billing.plan.note must be given now: rows are stored without it',
    ],
    [
      'a default is dropped',
      { size: 'integer not null' },
      'billing.plan.size must be given now: rows are stored without it',
    ],
    [
      'a new column must be given',
      { colour: 'text not null' },
      'billing.plan.colour is new and must be given: rows are stored without it',
    ],
  ])('does not run where %s', (_what, change, problem) => {
    const all = Object.entries({ ...released.columns, ...change }).filter(([, type]) => type !== '');
    expect(found({ columns: Object.fromEntries(all) })).toEqual([problem]);
  });

  it('does not run without its tables, and may not where a rule is new or stricter', () => {
    expect(findIncompatibilities({ 'billing.plan': released }, {})).toEqual(['billing.plan is gone']);
    const unique = 'CREATE UNIQUE INDEX plan_name ON billing.plan (name)';
    expect(found({ rules: { ...released.rules, plan_name: unique } })).toEqual([
      `billing.plan: plan_name is new, and may refuse what is stored: ${unique}`,
    ]);
    expect(found({ rules: { ...released.rules, plan_name_check: 'CHECK ((length(name) > 3))' } })).toEqual([
      'billing.plan: plan_name_check is another rule, and may refuse what is stored: CHECK ((length(name) > 3))',
    ]);
  });
});
