import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dropDatabase, newDatabase, testService } from '#ops/testing/test-services.js';
import { newCertificate, startTlsProxy, type TlsProxy } from '#ops/testing/tls-proxy.js';
import { Client } from './client.js';
import { freePort, newFolder, sharedSettings, startProcess } from './start-process.js';

const [redisUrl, mongodbUrl] = [testService('REDIS'), testService('MONGODB')];

// Without them there is nothing to encrypt.
const describeWithServers = redisUrl && mongodbUrl ? describe : describe.skip;

describeWithServers('PostgreSQL, Redis and MongoDB by TLS', () => {
  let databaseUrl: string;
  const proxies: TlsProxy[] = [];
  let authority: string;
  let foreign: string;
  let addresses: Record<'DATABASE_URL' | 'REDIS_URL' | 'MONGODB_URL', URL>;

  beforeAll(async () => {
    databaseUrl = await newDatabase();
    const own = newCertificate('localhost');
    const folder = newFolder();
    authority = join(folder, 'ca.pem');
    writeFileSync(authority, own.certificate);
    foreign = join(folder, 'foreign.pem');
    writeFileSync(foreign, newCertificate('localhost').certificate);
    const behindTls = async (url: string, protocol?: 'postgres') => {
      const address = new URL(url);
      const proxy = await startTlsProxy(Number(address.port), own, protocol);
      proxies.push(proxy);
      return Object.assign(address, { hostname: 'localhost', port: String(proxy.port) });
    };
    addresses = {
      DATABASE_URL: await behindTls(databaseUrl, 'postgres'),
      REDIS_URL: Object.assign(new URL(`rediss${(await behindTls(redisUrl as string)).href.slice('redis'.length)}`)),
      MONGODB_URL: await behindTls(mongodbUrl as string),
    };
    addresses.MONGODB_URL.pathname = `/tls_${crypto.randomUUID().replaceAll('-', '')}`;
    addresses.MONGODB_URL.searchParams.set('tls', 'true');
  });
  afterAll(async () => {
    for (const proxy of proxies) proxy.close();
    await dropDatabase(databaseUrl);
  });

  const settingsWith = (sslmode: string | undefined, more: Record<string, string>): Record<string, string> => {
    const database = new URL(addresses.DATABASE_URL);
    if (sslmode) database.searchParams.set('sslmode', sslmode);
    const { REDIS_URL, MONGODB_URL } = addresses;
    return {
      ...sharedSettings(database.href),
      REDIS_URL: REDIS_URL.href,
      MONGODB_URL: MONGODB_URL.href,
      ...more,
    };
  };

  /** Returns what doctor says about each of the three: its level, and what it is about. */
  async function doctor(environment: Record<string, string>) {
    const { output } = await startProcess('subgraphs/doctor.js', ['--json'], { environment });
    const { checks } = JSON.parse(output().slice(output().indexOf('{')));
    return ['PostgreSQL', 'Redis', 'MongoDB'].map((wanted) => {
      const { findings } = checks.find(({ name }: { name: string }) => name === wanted);
      return findings.some(({ level }: { level: string }) => level === 'problem')
        ? findings.map(({ message }: { message: string }) => message).join(' ')
        : 'ok';
    });
  }

  it.each(['verify-full', 'require'])('is used with sslmode=%s and NODE_EXTRA_CA_CERTS', async (sslmode) => {
    expect(await doctor(settingsWith(sslmode, { NODE_EXTRA_CA_CERTS: authority }))).toEqual(['ok', 'ok', 'ok']);
  });

  it('is refused without the certificate of its authority, or with another', async () => {
    for (const more of [{}, { NODE_EXTRA_CA_CERTS: foreign }] as Record<string, string>[]) {
      const found = await doctor(settingsWith('verify-full', more));
      for (const message of found) expect(message).toMatch(/self-signed certificate|unable to verify|certificate/i);
    }
  });

  it('is refused for another host than that of the certificate', async () => {
    const settings = settingsWith('verify-full', { NODE_EXTRA_CA_CERTS: authority });
    const elsewhere = Object.entries(settings).map(([name, value]) => [name, value.replace('localhost', '127.0.0.1')]);
    for (const message of await doctor(Object.fromEntries(elsewhere)))
      expect(message).toMatch(/does not match|altnames|ERR_TLS_CERT_ALTNAME_INVALID/i);
  });

  it('is all that a gateway with its jobs needs', async () => {
    const port = await freePort();
    const { stop } = await startProcess('gateway/main.js', [], {
      environment: {
        ...settingsWith('verify-full', { NODE_EXTRA_CA_CERTS: authority }),
        PORT: String(port),
        DEMO_DATA: 'false',
        RATE_LIMIT_ANONYMOUS: '0',
      },
      readyWhen: /Press Ctrl-C to stop/,
    });
    const url = `http://127.0.0.1:${port}`;
    const { client } = await new Client(url).signUp('Ada');
    expect((await client.ask('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
    const ready = (await (await fetch(`${url}/ready`)).json()) as { checks: Record<string, string> };
    expect([...new Set(Object.values(ready.checks))]).toEqual(['ok']);
    expect(await stop('SIGTERM')).toBe(0);
  });
});
