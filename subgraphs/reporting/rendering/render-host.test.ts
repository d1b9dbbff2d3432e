import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { isRunning, processesBelow } from '#ops/testing/processes-below.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { RenderHost } from './render-host.js';

const { manifest } = memoryDataset([{ id: 'campaigns', columns: [column('campaign', 'TEXT')], rows: [['A']] }]);
const branding = { name: 'A', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };
const host = new RenderHost();
afterAll(() => host.close());

function render(lines: () => AsyncGenerator<Buffer>, signal = new AbortController().signal) {
  const dataset = { manifest, lines } as unknown as StoredDataset;
  return host.render({ dataset, format: 'xlsx', presentation: { language: 'en', branding }, signal });
}

describe('a file that is being rendered', () => {
  it('fails with what broke off its rows', async () => {
    const file = render(async function* () {
      yield* [];
      throw new Error('The rows are gone.');
    });
    await expect(file).rejects.toThrow(/^The rows are gone\.$/);
    await eventually('no process renders', () => host.running === 0);
  });

  it('fails with what its process says, when rows are none', async () => {
    const file = render(async function* () {
      yield Buffer.from('"');
    });
    await expect(file.then(buffer)).rejects.toThrow(/^The process that rendered xlsx ended with 1: .*Error/s);
    await eventually('no process renders', () => host.running === 0);
  });

  it('ends with its reader, also where its process hangs', async () => {
    const gone = new AbortController();
    const file = render(async function* () {
      yield* [];
      await new Promise(() => {});
    }, gone.signal);
    await eventually('a process renders', () => processesBelow(process.pid, 'render-child').length === 1);
    const [child] = processesBelow(process.pid, 'render-child');
    process.kill(child!, 'SIGSTOP');
    gone.abort(new Error('The reader is gone.'));
    await expect(file).rejects.toThrow('The reader is gone.');
    await eventually('the process is gone', () => !isRunning(child!) && host.running === 0);
  });
});
