import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '#runtime/config/config.js';
import type { CheckContext } from './check.js';
import { webhooks } from './checks/addresses.js';
import { judge } from './checks/clock.js';
import { configuration } from './checks/configuration.js';
import { connectionsNeeded, judgeVersion } from './checks/postgres.js';
import { isAtLeast } from './checks/versions.js';

describe('a version range', () => {
  it.each([
    ['20.19.0', '>=20.19', true],
    ['20.18.3', '>=20.19', false],
    ['22.0.0', '>=20.19', true],
    ['18.20.0', '>=20.19', false],
    ['10.9.2', '>=10', true],
    ['9.8.1', '>=10', false],
  ])('%s is at least %s: %s', (version, range, expected) => {
    expect(isAtLeast(version, range)).toBe(expected);
  });
});

describe('a version of PostgreSQL', () => {
  it.each<[number, string, string]>([
    [13, 'problem', 'too old'],
    [14, 'warning', 'no more security fixes'],
    [15, 'ok', 'PostgreSQL 15 at db.acme.io'],
    [18, 'ok', 'PostgreSQL 18 at db.acme.io'],
    [19, 'warning', 'newer than what WebMetrics was tested with'],
  ])('%d is %s: %s', (version, level, message) => {
    expect(judgeVersion(version, 'db.acme.io')).toMatchObject({ level, message: expect.stringContaining(message) });
  });
});

describe('a clock skew', () => {
  it.each([
    [0, 'ok'],
    [-2_900, 'ok'],
    [4_000, 'warning'],
    [-4_000, 'warning'],
    [31_000, 'problem'],
    [-120_000, 'problem'],
  ])('of %i ms is a finding of level %s', (ahead, level) => {
    expect(judge('PostgreSQL', ahead).level).toBe(level);
  });

  it('is reported as ahead or behind', () => {
    expect(judge('Redis', 4_000).message).toBe('This clock is 4.0 seconds ahead of that of Redis');
    expect(judge('Redis', -40_000).message).toBe('This clock is 40.0 seconds behind that of Redis');
  });
});

describe('networks that webhooks may reach', () => {
  const judged = (networks: string, isProduction = true) =>
    webhooks({
      config: parseConfig({ WEBHOOK_ALLOWED_NETWORKS: networks }),
      isProduction,
      isGoLive: true,
    } as CheckContext);

  it.each([
    ['0.0.0.0/0', ['127.0.0.1, 169.254.169.254, 168.63.129.16']],
    ['fd00::/8, ::1', ['::1, fd00:ec2::254']],
    ['169.254.0.0/16', ['169.254.169.254']],
    ['10.20.0.0/16, fd12::/16', []],
  ])('are a problem in production when %s has addresses of the machine or its cloud', (networks, addresses) => {
    const found = judged(networks);
    expect(found).toEqual(addresses.map(() => expect.objectContaining({ level: 'problem' })));
    for (const [index, list] of addresses.entries()) expect(found[index]?.message).toContain(`reach ${list}:`);
    expect(judged(networks, false)).toEqual([]);
  });
});

describe('the maximum of connections to PostgreSQL', () => {
  it('is counted for one process', () => {
    expect(connectionsNeeded(parseConfig({}), 4)).toEqual({ processes: 1, connections: 49 });
    expect(connectionsNeeded(parseConfig({ DATABASE_POOL_SIZE: '4' }), 4).connections).toBe(25);
  });

  it('is counted for one process per subgraph and a worker', () => {
    const urls = ['AUTH', 'INTEGRATIONS', 'REPORTING', 'BILLING'].map((name) => [`SUBGRAPH_${name}_URL`, 'http://x']);
    const { processes, connections } = connectionsNeeded(parseConfig(Object.fromEntries(urls)), 4);
    expect({ processes, connections }).toEqual({ processes: 5, connections: 4 * 19 + 49 });
  });
});

describe('the explorer', () => {
  const findingsOf = async (environment: Record<string, string>) => {
    const context = { environment, config: parseConfig(environment), problems: [], isGoLive: false };
    return (await configuration.run(context as unknown as CheckContext)).map(({ message }) => message);
  };

  it('needs introspection', async () => {
    const warning = 'The explorer may not read the schema';
    expect(await findingsOf({ GRAPHQL_INTROSPECTION: 'off' })).toContain(warning);
    expect(await findingsOf({ GRAPHQL_INTROSPECTION: 'off', EXPLORER: 'off' })).not.toContain(warning);
    expect(await findingsOf({})).not.toContain(warning);
  });
});
