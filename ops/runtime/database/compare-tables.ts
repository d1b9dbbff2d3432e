import type { Table, Tables } from './read-tables.js';

const isRequired = (type: string) => / not null\b/.test(type) && !/ default\b/.test(type);
const plainType = (type: string) => type.replace(/ not null\b| default\b/g, '');

function* compareColumns(name: string, before: Table, after: Table): Generator<string> {
  for (const [column, type] of Object.entries(before.columns)) {
    const now = after.columns[column];
    if (now === undefined) yield `${name}.${column} is gone: it is read and written`;
    else if (plainType(now) !== plainType(type)) yield `${name}.${column} was ${type} and is ${now}`;
    else if (isRequired(now) && !isRequired(type))
      yield `${name}.${column} must be given now: rows are stored without it`;
  }
  for (const [column, type] of Object.entries(after.columns)) {
    if (!(column in before.columns) && isRequired(type))
      yield `${name}.${column} is new and must be given: rows are stored without it`;
  }
}

function* compareRules(name: string, before: Table, after: Table): Generator<string> {
  for (const [rule, text] of Object.entries(after.rules)) {
    if (before.rules[rule] === text) continue;
    // By what it says: PostgreSQL chooses names.
    if (Object.values(before.rules).includes(text)) continue;
    yield `${name}: ${rule} is ${rule in before.rules ? 'another rule' : 'new'}, and may refuse what is stored: ${text}`;
  }
}

/**
 * Returns why statements written for the tables `before` may fail on the tables `after`: what is gone or has another type, what must be
 * given now, and rules that were not there. Tables and columns that are added, and rules that are dropped, change nothing for them.
 */
export function findIncompatibilities(before: Tables, after: Tables): string[] {
  return Object.entries(before).flatMap(([name, table]) => {
    const now = after[name];
    if (!now) return [`${name} is gone`];
    return [...compareColumns(name, table, now), ...compareRules(name, table, now)];
  });
}
