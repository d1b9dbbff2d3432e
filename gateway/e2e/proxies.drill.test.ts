import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, fetch, type RequestInit } from 'undici';
import { eventually } from '#ops/testing/eventually.js';
import { isInstalled } from '#ops/testing/is-installed.js';
import { newCertificate } from '#ops/testing/tls-proxy.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { freePort, newFolder } from './start-process.js';
import { openTenant, type Tenant } from './tenant.js';

const example = (name: string) => readFileSync(join(projectRoot, 'ops/proxy', name), 'utf8');

/** A client elsewhere, of whom no setting knows. */
const ELSEWHERE = '127.0.0.2';
const HERE = '127.0.0.1';
const FORGED = '203.0.113.9';

interface Given {
  folder: string;
  /** Of the proxy, by TLS. */
  port: number;
  /** Of the proxy, without TLS. */
  plainPort: number;
  /** Of WebMetrics. */
  upstreamPort: number;
}

interface Proxy {
  name: string;
  flag: string;
  command(given: Given): string[];
}

/** The example, with the addresses and files of this test. */
const proxies: Proxy[] = [
  {
    name: 'nginx',
    flag: '-v',
    command({ folder, port, plainPort, upstreamPort }) {
      const server = example('nginx.conf')
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace('listen 80', `listen 127.0.0.1:${plainPort}`)
        .replace('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`)
        .replaceAll('metrics.example.com', 'localhost')
        .replaceAll('/etc/ssl/webmetrics', folder)
        .replaceAll('/var/log/nginx', folder);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (of) => `${of}_temp_path ${folder}/${of};`,
      );
      const user = process.getuid?.() === 0 ? 'user root;' : '';
      const text = `daemon off; pid ${folder}/pid; ${user}\nevents {}\nhttp {\n${temporary.join('\n')}\n${server}\n}\n`;
      writeFileSync(join(folder, 'nginx.conf'), text);
      return ['-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
    },
  },
  {
    name: 'caddy',
    flag: 'version',
    command({ folder, port, plainPort, upstreamPort }) {
      const site = example('Caddyfile')
        .replace(
          'metrics.example.com {',
          `https://localhost:${port} {\n\ttls ${folder}/fullchain.pem ${folder}/privkey.pem`,
        )
        .replace('127.0.0.1:8080', `127.0.0.1:${upstreamPort}`);
      const text = `{\n\tadmin off\n\thttp_port ${plainPort}\n\thttps_port ${port}\n\tstorage file_system ${folder}\n}\n${site}`;
      writeFileSync(join(folder, 'Caddyfile'), text);
      return ['run', '--config', join(folder, 'Caddyfile')];
    },
  },
];

for (const proxy of proxies) {
  const describeWithProxy = isInstalled(proxy.name, proxy.flag) ? describe : describe.skip;
  describeWithProxy(`WebMetrics behind ${proxy.name}, as the example sets it up`, () => {
    const folder = newFolder();
    let transport: OpenTransport;
    let tenant: Tenant;
    let url: string;
    let plainUrl: string;
    let child: ChildProcess;
    let output = '';
    const agents = Object.fromEntries(
      [HERE, ELSEWHERE].map((localAddress) => [
        localAddress,
        new Agent({ localAddress, connect: { rejectUnauthorized: false } }),
      ]),
    );

    beforeAll(async () => {
      const [port, plainPort] = [await freePort(), await freePort()];
      url = `https://localhost:${port}`;
      plainUrl = `http://localhost:${plainPort}`;
      transport = await openTransport('in-process', { TRUSTED_PROXIES: HERE });
      tenant = await openTenant(new Client(transport.url), 'Nora');
      const { certificate, key } = newCertificate('localhost');
      writeFileSync(join(folder, 'fullchain.pem'), certificate);
      writeFileSync(join(folder, 'privkey.pem'), key);
      const given = { folder, port, plainPort, upstreamPort: Number(new URL(transport.url).port) };
      // biome-ignore lint/style/noProcessEnv: where programs are
      const { PATH } = process.env;
      child = spawn(proxy.name, proxy.command(given), {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH, HOME: folder },
      });
      child.stderr?.on('data', (text: Buffer) => {
        output += text;
      });
      await eventually('the proxy answers', async () => {
        if (child.exitCode !== null) throw new Error(output);
        return (await ask('/ready').catch(() => undefined))?.status === 200;
      });
    }, 300_000);
    afterAll(async () => {
      if (child?.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      for (const agent of Object.values(agents)) await agent.destroy();
      await transport?.close();
    });

    const ask = (path: string, init: RequestInit = {}, from = ELSEWHERE) =>
      fetch(url + path, { dispatcher: agents[from]!, redirect: 'manual', ...init });
    const asTenant = () => ({ authorization: `Bearer ${tenant.accessToken}` });

    it('knows the address of a client, and believes no header of theirs', async () => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': FORGED, 'x-forwarded-proto': 'http' };
      const query = `mutation { signUp(name: "Ada", email: "ada@example.com", password: "correct horse battery", companyName: "C") {
      user { sessions { address } } } }`;
      const answer = await ask('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
      expect(await answer.json()).toMatchObject({ data: { signUp: { user: { sessions: [{ address: ELSEWHERE }] } } } });
    });

    it.each(['/metrics', '/jobs', '/jobs/api'])('has %s for operators of this machine only', async (path) => {
      expect((await ask(path)).status).toBe(403);
      expect((await ask(path, { headers: { 'x-forwarded-for': HERE } })).status).toBe(403);
      expect((await ask(path, {}, HERE)).status).not.toBe(403);
    });

    it('serves the dashboard, and files compressed', async () => {
      const page = await ask('/app/overview', { headers: { accept: 'text/html' } });
      const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
      const loaded = await ask(script);
      expect([page.status, loaded.status]).toEqual([200, 200]);
      expect(loaded.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
    });

    it('refuses a body that is too large, and takes one as large as a logo may be', async () => {
      const body = 'x'.repeat(3 * 1024 * 1024);
      const headers = { ...asTenant(), 'content-type': 'application/json' };
      const { status } = await ask('/graphql', { method: 'POST', headers, body });
      expect(status).toBe(413);
      const logo = Buffer.alloc(2 * 1024 * 1024);
      const picture = { ...asTenant(), 'content-type': 'image/png' };
      const taken = await ask('/api/branding/logo', { method: 'PUT', headers: picture, body: logo });
      expect(await taken.json()).toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('passes events on as they come', async () => {
      const ended = new AbortController();
      const answer = await ask('/api/connections/events', { headers: asTenant(), signal: ended.signal });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/event-stream'),
      ]);
      // It stays open: what is read has not waited for its end.
      const { value, done } = await answer.body!.getReader().read();
      expect([done, Buffer.from(value as Uint8Array).length > 0]).toEqual([false, true]);
      ended.abort();
    });

    it('passes a report on to its last byte', async () => {
      const answer = await ask(`/reports/${tenant.reportId}/download.pdf`, { headers: asTenant() });
      const file = Buffer.from(await answer.arrayBuffer());
      expect([answer.status, file.subarray(0, 5).toString(), file.subarray(-6).toString().trim()]).toEqual([
        200,
        '%PDF-',
        '%%EOF',
      ]);
    });

    it('shows a shared report, and logs no token of it', async () => {
      const { data } = await tenant.client.ask('mutation ($id: ID!) { createReportShare(reportId: $id) { url } }', {
        id: tenant.reportId,
      });
      const { pathname } = new URL(data.createReportShare.url);
      const page = await ask(pathname);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')]);
      const log = join(folder, 'webmetrics.access.log');
      const logged = existsSync(log) ? readFileSync(log, 'utf8') : '';
      expect(logged + output).not.toContain(pathname.split('/').at(-1));
    });

    it('sends browsers without TLS to the address with it', async () => {
      const { status, headers } = await fetch(`${plainUrl}/app/overview`, {
        redirect: 'manual',
        dispatcher: agents[HERE]!,
      });
      expect([301, 308]).toContain(status);
      expect(headers.get('location')).toMatch(/^https:\/\/localhost.*\/app\/overview$/);
    });
  });
}
