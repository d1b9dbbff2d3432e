import { Counter } from 'prom-client';
import { boundLabel, registry } from './registry.js';

const MAX_CODES = 50;

const errors = new Counter({
  name: 'webmetrics_errors_total',
  help: 'Errors in the answers of the gateway, by their code.',
  labelNames: ['code'],
  registers: [registry],
});

const codeLabel = boundLabel(MAX_CODES);

/** Counts an error a client was told. */
export function observeError(code: string): void {
  errors.inc({ code: codeLabel(code) });
}
