import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { projectRoot } from '#runtime/process/project-root.js';

const LINES = 500;
const built = pathToFileURL(join(projectRoot, 'dist/ops/runtime/log/logger.js')).href;

// More than a pipe's buffer, so that the process has to wait for the reader.
const program = (end: string) => `
  import { createLogger } from '${built}';
  const logger = createLogger({ level: 'info', isPretty: false });
  for (let number = 0; number < ${LINES}; number += 1) logger.info({ number, filler: 'x'.repeat(300) }, 'line');
  logger.error('last');
  ${end}
`;

it.each([
  ['process.exit(3)'],
  ['throw new Error("nobody catches this")'],
  ['process.kill(process.pid, "SIGTERM")'],
  ['process.kill(process.pid, "SIGKILL")'],
])('the logger flushes every line before %s', async (end) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(end)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await once(child, 'close');
  const lines = text.split('\n').slice(0, -1);
  expect(lines).toHaveLength(LINES + 1);
  expect(JSON.parse(lines[LINES - 1] as string)).toMatchObject({ number: LINES - 1, level: 'info' });
  expect(JSON.parse(lines[LINES] as string)).toMatchObject({ msg: 'last', level: 'error' });
});
