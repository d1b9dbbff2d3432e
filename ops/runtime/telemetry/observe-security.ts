import { Counter } from 'prom-client';
import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import type { KeyCounts } from '#runtime/sealing/sealed-column.js';
import { FigureSource, figureGauge } from './figure-source.js';
import { boundLabel, registry } from './registry.js';

const MAX_CODES = 50;

const logIns = new Counter({
  name: 'webmetrics_log_ins_total',
  help: 'Attempts to log in with a password or a code, by outcome: ok, or the code of the error.',
  labelNames: ['outcome'],
  registers: [registry],
});

const codeLabel = boundLabel(MAX_CODES);

/** Counts an attempt to log in. */
export function observeLogIn(outcome: string): void {
  logIns.inc({ outcome: codeLabel(outcome) });
}

/** Every value is read to count it by its key. */
const MEMORY_MS = 5 * 60 * 1000;

/** By subgraph: each has columns of its own. */
const readers = new Map<string, () => Promise<Record<string, KeyCounts>>>();
const source = new FigureSource<Record<string, KeyCounts>[]>();
source.watch(() => Promise.all([...readers.values()].map((read) => read())));

/** Shows in the metrics which keys seal the columns of a subgraph, read at most every five minutes; undefined = no longer. */
export function watchSealedColumns(
  subgraph: string,
  reader: (() => Promise<Record<string, KeyCounts>>) | undefined,
): void {
  if (reader) readers.set(subgraph, rememberBriefly(reader, MEMORY_MS));
  else readers.delete(subgraph);
}

figureGauge(source, {
  name: 'webmetrics_sealed_values',
  help: 'Sealed values in the database, by column and by the id of the key that opens them.',
  labelNames: ['column', 'key'],
  samples: (all) =>
    all.flatMap((columns) =>
      Object.entries(columns).flatMap(([column, keys]) =>
        Object.entries(keys).map(([key, value]) => ({ labels: { column, key }, value })),
      ),
    ),
});
