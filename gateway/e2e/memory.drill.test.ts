import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const DISTINCT_OPERATIONS = 20_000;
const CONCURRENCY = 4;
/** Of the process with everything in it; it begins at about 300 MB. */
const MAX_RESIDENT_MB = 900;

const list = <T>(length: number, of: (at: number) => T) => Array.from({ length }, (_, at) => of(at));

/** Operations that differ in their aliases: small, deep, wide, and for several subgraphs. */
function operation(at: number): string {
  const kinds = [
    `{ me { a${at}: id name } }`,
    `{ plans { ${list(30, (field) => `a${at}b${field}: name`).join(' ')} } }`,
    `{ a${at}: organization { name connections { id status provider { name } accounts { id name } } reports { edges { node { title } } } subscription { status plan { name } } } }`,
    `query Q${at} { organization { ${list(20, (field) => `a${at}b${field}: connections { fault { account { connection { fault { account { id name } } } } } }`).join(' ')} } }`,
  ];
  return kinds[at % kinds.length] as string;
}

describe('the memory of one process', () => {
  let started: StartedProcess;
  let client: Client;
  let url: string;

  async function logIn(): Promise<void> {
    const { data } = await new Client(url).ask(
      'mutation { logIn(email: "demo@webmetrics.test", password: "webmetrics-demo") { accessToken } }',
    );
    client = new Client(url).as(data.logIn.accessToken);
  }

  beforeAll(async () => {
    const port = await freePort();
    const unlimited = { COST_LIMIT: '0', RATE_LIMIT_SIGNED_IN: '0', RATE_LIMIT_ANONYMOUS: '0' };
    started = await startProcess('gateway/main.js', [], {
      environment: {
        PORT: String(port),
        SIMULATOR_PORT: '0',
        DATA_DIR: newFolder(),
        NODE_OPTIONS: '--max-old-space-size=768',
        ...unlimited,
      },
      readyWhen: /Press Ctrl-C to stop/,
    });
    url = `http://localhost:${port}`;
    await logIn();
  });
  afterAll(() => started.stop());

  const residentMb = () => {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${started.child.pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  };

  async function askAll(count: number, ask: (at: number) => Promise<unknown>): Promise<void> {
    let next = 0;
    const work = async () => {
      for (let at = next++; at < count; at = next++) await ask(at);
    };
    await Promise.all(list(CONCURRENCY, work));
  }

  it('is not used up by names, whatever their length', async () => {
    const names = (letters: number) => 'n'.repeat(letters);
    const rows = (name: string) =>
      `{ organization { reports(first: 1) { edges { node { sections { rows(first: 1000) { edges { ${name}: cursor } } } } } } } }`;
    const codes = new Set<string>();
    await askAll(100, async (at) => {
      const query = [rows(names(950_000)), rows(names(100_000)), `{ plans { ${names(120_000)}: id } }`][
        at % 3
      ] as string;
      const { errors } = await client.ask(query);
      codes.add(errors?.[0]?.extensions.code);
    });
    expect([...codes].sort()).toEqual(['NAME_LIMIT_EXCEEDED', 'REQUEST_TOO_LARGE']);
    expect(residentMb()).toBeLessThan(MAX_RESIDENT_MB);
  });

  it('stays below a bound with large operations that repeat', async () => {
    await askAll(300, async (at) => {
      const { errors } = await client.ask(operation(4 * (at % 50) + 3));
      expect(errors).toBeUndefined();
    });
    expect(residentMb()).toBeLessThan(MAX_RESIDENT_MB);
  });

  it(`stays below a bound after ${DISTINCT_OPERATIONS} distinct operations`, async () => {
    const seen: number[] = [];
    await askAll(DISTINCT_OPERATIONS, async (at) => {
      // An access token is valid for 15 minutes.
      if (at % 4_000 === 0) await logIn();
      const { errors } = await client.ask(operation(at));
      expect(errors).toBeUndefined();
      if (at % 1_000 === 0) seen.push(residentMb());
    });
    process.stdout.write(`Resident size in MB, each 1,000 operations: ${seen.join(' ')}\n`);
    expect(Math.max(...seen, residentMb())).toBeLessThan(MAX_RESIDENT_MB);
  }, 1_800_000);
});
