import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '#ops/setup/settings-list.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { runbooks } from '#runtime/alerts/runbooks.js';
import { errorCodes } from '#runtime/error-codes.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Services } from '#runtime/services.js';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { registry } from '#runtime/telemetry/registry.js';

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), 'utf8');
const pages = runbooks.map((name) => [name, read('ops', 'runbooks', `${name}.md`)] as const);
const commandsIn = (page: string) =>
  [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));
const commands = pages.flatMap(([name, page]) => commandsIn(page).map((command) => [name, command] as const));

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
/** Of errors, faults and states. */
const codes = new Set([
  ...Object.keys(errorCodes),
  ...(read('schema', 'api.graphql').match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []),
]);
const composed = Object.keys(parse(read('docker-compose.yml')).services);
const deployments = readdirSync(join(projectRoot, 'ops', 'kubernetes', 'base'))
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(read('ops', 'kubernetes', 'base', file)).map((document) => document.toJS()))
  .filter(({ kind }) => kind === 'Deployment')
  .map(({ metadata }) => metadata.name);

/** Programs of a server, and whether what follows is there. */
const isKnown: Record<string, (words: string) => boolean> = {
  npm: (words) => (/^run ([\w:-]+)/.exec(words)?.[1] ?? '') in scripts,
  curl: (words) =>
    ['/health', '/ready', '/metrics', '/api/status'].includes(/localhost:8080(\S+)/.exec(words)?.[1] ?? ''),
  docker: (words) => {
    const [, command, rest = ''] = /^compose (ps|logs)(.*)$/.exec(words) ?? [];
    const service = rest.split(' ').filter((word) => /^[a-z]+$/.test(word));
    return command !== undefined && service.every((name) => composed.includes(name));
  },
  kubectl: (words) => {
    const deployment = /deployment\/(\S+)/.exec(words)?.[1];
    return words.startsWith('-n webmetrics ') && (deployment === undefined || deployments.includes(deployment));
  },
  psql: (words) => words.startsWith('"$DATABASE_URL" -c '),
  promtool: (words) =>
    readdirSync(join(projectRoot, 'ops', 'prometheus')).some((file) => words.endsWith(`ops/prometheus/${file}`)),
  'redis-cli': (words) => words.startsWith('-u "$REDIS_URL" '),
  openssl: () => true,
  timedatectl: () => true,
  df: () => true,
  du: () => true,
};

describe('the runbooks', () => {
  let services: Services;
  beforeAll(async () => {
    services = await openTestServices();
  });
  afterAll(() => services.lifecycle.close());

  it('are one page for each alert, and no others', () => {
    const files = readdirSync(join(projectRoot, 'ops', 'runbooks')).filter((file) => file.endsWith('.md'));
    expect(files.sort()).toEqual([...runbooks.map((name) => `${name}.md`), 'README.md'].sort());
    const listed = [...read('ops', 'runbooks', 'README.md').matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...runbooks].sort());
  });

  it.each(pages)('say of %s what users see, how to look, how to mend, and when it is over', (_name, page) => {
    expect(page).toMatch(/^# \S/);
    const parts = [...page.matchAll(/^\*\*(\w+)/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Users', 'Look', 'Mend', 'Over']);
    expect(page.split('\n').length).toBeLessThan(40);
  });

  it.each(commands)('name a command there is: %s, %s', (_name, command) => {
    const [program = '', ...words] = command.split(' ');
    expect([command, isKnown[program]?.(words.join(' '))]).toEqual([command, true]);
  });

  it('ask the database what it can answer', async () => {
    const statements = commands.flatMap(([, command]) => /-c (["'])(.*)\1$/.exec(command)?.[2] ?? []);
    expect(statements.length).toBeGreaterThan(5);
    for (const statement of statements) await services.operations.query(statement);
  });

  it('name metrics, settings and pages there are', async () => {
    await renderMetrics();
    const exported = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const recorded = [...read('ops', 'prometheus', 'objectives.yaml').matchAll(/record: (\S+)/g)].map(
      ([, name]) => name,
    );
    const known = new Set([...exported, ...exported.map((name) => `${name}_count`), ...recorded]);
    const variables = new Set(settings.map(({ name }) => name));
    for (const [name, page] of pages) {
      const metrics = page.match(/\bwebmetrics[:_][a-z0-9_:]+/g) ?? [];
      expect([name, metrics.filter((metric) => !known.has(metric))]).toEqual([name, []]);
      const named = [...page.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g)].map(([, variable]) => variable ?? '');
      const unknown = named.filter((variable) => !variables.has(variable));
      expect([name, unknown.filter((variable) => !codes.has(variable))]).toEqual([name, []]);
      const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link);
      expect([name, links.filter((link) => !runbooks.some((other) => link === `${other}.md`))]).toEqual([name, []]);
    }
  });
});
