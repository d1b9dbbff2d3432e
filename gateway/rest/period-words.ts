import { once } from 'es-toolkit/function';
import { assertEnumType } from 'graphql';
import { apiSchema } from './api-schema.js';

/** Returns the word for a value of the enum `Period`: `last_30d` for LAST_30_DAYS. */
export const wordOfPeriod = (period: string): string =>
  period.toLowerCase().replace(/_(\d+)_(day|month)s$/, (_whole, count: string, [unit]: string) => `_${count}${unit}`);

const periodsByWord = once((): ReadonlyMap<string, string> => {
  const values = assertEnumType(apiSchema().getType('Period')).getValues();
  return new Map(values.map(({ name }) => [wordOfPeriod(name), name]));
});

/** Returns the words for days that `period` takes in REST and MCP. */
export const periodWords = (): string[] => [...periodsByWord().keys()];

/** Returns the value of the enum `Period` of a word; undefined for an unknown one. */
export const periodOfWord = (word: unknown): string | undefined => periodsByWord().get(word as string);
