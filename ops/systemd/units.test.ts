import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isInstalled } from '#ops/testing/is-installed.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { subgraphNames } from '#schema/type-definitions.js';

const folder = join(projectRoot, 'ops/systemd');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

describe('the units for systemd', () => {
  it.each(units)('%s starts a program there is, as a user without rights, and waits for its stop', (name) => {
    const text = read(`ops/systemd/${name}`);
    const [, program = ''] = /^ExecStart=\/usr\/bin\/node dist\/(\S+)\.js/m.exec(text) ?? [];
    expect(existsSync(join(projectRoot, `${program}.ts`))).toBe(true);
    for (const line of ['User=webmetrics', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'UMask=0077'])
      expect(text.split('\n')).toContain(line);
    expect(text).toContain('EnvironmentFile=/etc/webmetrics/webmetrics.env\n');
    // STOP_DELAY_MS of up to a minute, and the 28 seconds after which a process ends in any case.
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(text) ?? [];
    expect(text.includes('Type=oneshot') || Number(seconds) >= 88).toBe(true);
  });

  it('names the subgraphs there are', () => {
    const gateway = read('ops/systemd/webmetrics-gateway.service');
    expect([...gateway.matchAll(/webmetrics-subgraph@(\w+)\.service/g)].map(([, name]) => name).sort()).toEqual(
      [...subgraphNames].sort(),
    );
  });

  const itWithSystemd = isInstalled('systemd-analyze', '--version') ? it : it.skip;
  itWithSystemd('are what systemd understands', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units.map((name) => join(folder, name))], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('the examples of reverse proxies', () => {
  const nginx = read('ops/proxy/nginx.conf');
  const caddy = read('ops/proxy/Caddyfile');

  it('pass on the client, keep operators’ paths closed, and log no token of a share link', () => {
    for (const header of ['X-Forwarded-For $remote_addr', 'X-Forwarded-Proto $scheme', 'X-Forwarded-Host $host'])
      expect(nginx).toContain(`proxy_set_header ${header};`);
    expect(nginx).toMatch(/location ~ \^\/\(metrics\|jobs\) \{\s+allow/);
    expect(nginx).toMatch(/~\^\/shared\/ 0;/);
    expect(caddy).toMatch(/path \/metrics \/jobs \/jobs\/\*/);
    for (const text of [nginx, caddy]) expect(text).toContain('TRUSTED_PROXIES=127.0.0.1');
  });

  it('pass streams and files on as they come', () => {
    const [, pattern = ''] = /location ~ (\^\/\(api\S+\)) \{/.exec(nginx) ?? [];
    for (const path of ['/api/reports/1/events', '/reports/1/events', '/reports/1/download.pdf', '/mcp'])
      expect(path).toMatch(new RegExp(pattern));
    expect('/api/reports').not.toMatch(new RegExp(pattern));
  });

  const itWithNginx = isInstalled('nginx', '-v') ? it : it.skip;
  itWithNginx('are what nginx understands', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
    // Without certificates of that name, and without the right to listen there.
    const text = nginx
      .replace(/^\s*ssl_certificate.*$/gm, '')
      .replace('listen 443 ssl', 'listen 8443')
      .replace('listen 80', 'listen 8081');
    const config = join(scratch, 'nginx.conf');
    writeFileSync(config, `pid ${scratch}/pid;\nevents {}\nhttp {\n${text.replaceAll('/var/log/nginx', scratch)}\n}\n`);
    const { status, stderr } = spawnSync('nginx', ['-t', '-q', '-c', config], { encoding: 'utf8' });
    rmSync(scratch, { recursive: true });
    expect([status, stderr.split('\n').filter((line) => line.includes('[emerg]'))]).toEqual([0, []]);
  });

  const itWithCaddy = isInstalled('caddy', 'version') ? it : it.skip;
  itWithCaddy('are what Caddy understands', () => {
    const config = join(projectRoot, 'ops/proxy/Caddyfile');
    expect(spawnSync('caddy', ['adapt', '--config', config]).status).toBe(0);
  });
});
