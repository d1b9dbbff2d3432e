import { Counter } from 'prom-client';
import { boundLabel, registry } from './registry.js';

const MAX_OUTCOMES = 50;

const calls = new Counter({
  name: 'webmetrics_mcp_tool_calls_total',
  help: 'Tools that AI agents called at /mcp, by outcome: ok, or the code of the error.',
  labelNames: ['tool', 'outcome'],
  registers: [registry],
});

const outcomeLabel = boundLabel(MAX_OUTCOMES);

/** Counts a call of a tool. `tool` is of the list of tools, `outcome` ok or an error code. */
export function observeToolCall(tool: string, outcome: string): void {
  calls.inc({ tool, outcome: outcomeLabel(outcome) });
}
