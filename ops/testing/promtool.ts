import { spawnSync } from 'node:child_process';
import { isInstalled } from './is-installed.js';

/** Whether Prometheus' tool is here: `promtool`, of Debian's package `prometheus`. */
export const hasPromtool = isInstalled('promtool');

/** Returns how promtool ended, and what it said. */
export function promtool(...words: string[]): { isOk: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  return { isOk: status === 0, output: `${stdout}${stderr}` };
}
