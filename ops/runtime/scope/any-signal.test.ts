import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

const built = pathToFileURL(join(projectRoot, 'dist/ops/runtime/scope/any-signal.js')).href;

// In a process of its own, in which garbage can be collected.
const PROGRAM = `
  const { anySignal } = await import(${JSON.stringify(built)});
  const { signal } = new AbortController();
  const inner = anySignal(AbortSignal.timeout(200), signal);
  const outer = anySignal(inner, signal);
  const aborted = new Promise((resolve) => outer.addEventListener('abort', () => resolve('aborted')));
  const collecting = setInterval(globalThis.gc, 10);
  setTimeout(() => { console.log('never'); process.exit(); }, 10_000);
  console.log(await aborted, outer.reason.name);
  process.exit();
`;

it('a timeout among several signals aborts also after garbage was collected', () => {
  const args = ['--expose-gc', '--input-type=module', '--eval', PROGRAM];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('aborted TimeoutError\n');
});
