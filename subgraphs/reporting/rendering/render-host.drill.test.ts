import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { isRunning, processesBelow } from '#ops/testing/processes-below.js';
import { projectRoot } from '#runtime/process/project-root.js';

const built = (path: string) => JSON.stringify(join(projectRoot, 'dist/subgraphs/reporting', path));

/** Renders a file whose rows never come, as its database accepts connections only, and closes its host when stdin ends. */
const PROGRAM = `
  import { once } from 'node:events';
  import { createServer } from 'node:net';
  import { RenderHost } from ${built('rendering/render-host.js')};
  import { column, memoryDataset } from ${built('testing/memory-dataset.js')};
  const columns = [column('campaign', 'TEXT')];
  const { manifest } = memoryDataset([{ id: 'campaigns', columns, rows: [['A']] }]);
  const dataset = { manifest, attempt: 1 };
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  silent.unref();
  const branding = { name: 'A', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };
  const databaseUrl = 'postgres://user:password-of-the-database@127.0.0.1:' + silent.address().port + '/none';
  const host = new RenderHost({ databaseUrl });
  host.open();
  const { signal } = new AbortController();
  const render = () => host.render({ dataset, format: 'xlsx', presentation: { language: 'en', branding }, signal });
  render().catch((error) => console.log(error.message));
  if (process.env.HANGS) setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  process.stdin.on('end', async () => {
    await host.close();
    await render().catch((error) => console.log(error.message));
  }).resume();
`;

let parent: ChildProcess | undefined;
afterEach(() => void parent?.kill('SIGKILL'));

/** Starts the program, and returns its processes once a file is being rendered. */
async function start(env: NodeJS.ProcessEnv = {}): Promise<{ program: ChildProcess; launcher: number; child: number }> {
  // With flags of its own, which are not for the processes that it starts.
  parent = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', PROGRAM], {
    env: { SECRET: 'secret', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const below = (name: string) => processesBelow(parent!.pid!, name)[0]!;
  await eventually('a file is being rendered', () => below('render-child') !== undefined);
  return { program: parent, launcher: below('render-launcher'), child: below('render-child') };
}

describe('processes that render', () => {
  it('get neither the environment nor the flags of the process they render for, and have low priority', async () => {
    const { launcher, child } = await start();
    const read = (pid: number, name: string) => readFileSync(`/proc/${pid}/${name}`, 'latin1');
    expect(read(launcher, 'environ')).not.toContain('SECRET');
    expect(read(child, 'environ').replaceAll('\0', '')).toBe('');
    for (const pid of [launcher, child]) {
      expect(read(pid, 'cmdline')).not.toMatch(/--expose-gc|password-of-the-database/);
      expect(getPriority(pid)).toBe(constants.priority.PRIORITY_LOW);
    }
  });

  it('end when that process is killed', async () => {
    const { program, launcher, child } = await start();
    program.kill('SIGKILL');
    await eventually('no process is left', () => !isRunning(launcher) && !isRunning(child));
  });

  it('end when it is killed before it received the socket of a file', async () => {
    const { program, launcher, child } = await start({ HANGS: '1' });
    program.kill('SIGKILL');
    await eventually('no process is left', () => !isRunning(launcher) && !isRunning(child));
  });

  it('end when it is killed together with the process that starts them', async () => {
    const { program, launcher, child } = await start();
    process.kill(launcher, 'SIGKILL');
    program.kill('SIGKILL');
    await eventually('no process is left', () => !isRunning(child));
  });

  it('end when their host is closed, which renders nothing more', async () => {
    const { program, launcher, child } = await start();
    let said = '';
    program.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    program.stdin!.end();
    expect((await once(program, 'close'))[0]).toBe(0);
    expect(said).toBe('The process that renders was ended.\nThis process stops.\n');
    expect([isRunning(launcher), isRunning(child)]).toEqual([false, false]);
  });
});
