import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { freePort, newFolder, startProcess } from './start-process.js';

// A network of its own, whose loopback has no 127.0.0.1.
const IPV6_ONLY = [
  'unshare',
  '--net',
  'sh',
  '-c',
  'ip link set lo up && ip addr del 127.0.0.1/8 dev lo && exec "$0" "$@"',
];

/** Whether this machine lets its user have one. */
const canBeIpv6Only = () => spawnSync(IPV6_ONLY[0] as string, [...IPV6_ONLY.slice(1), 'true']).status === 0;

describe('a start with everything embedded', () => {
  const start = async (environment: Record<string, string>, under?: string[]) => {
    const port = await freePort();
    const settings = { PORT: String(port), SIMULATOR_PORT: '0', DATA_DIR: newFolder(), ...environment };
    const started = await startProcess('gateway/main.js', [], {
      environment: settings,
      readyWhen: /Press Ctrl-C to stop/,
      under,
    });
    return { started, port };
  };

  it('on HOST=::1 fills the demo and answers there', async () => {
    const { started, port } = await start({ HOST: '::1' });
    expect(started.output()).toContain(`http://[::1]:${port}/graphql`);
    expect(started.output()).not.toContain('continues at the next start');
    const { data } = await new Client(`http://[::1]:${port}`).ask('{ plans { id } }');
    expect(data.plans.length).toBeGreaterThan(0);
    expect(await started.stop()).toBe(0);
  });

  it('on a machine whose loopback is ::1 only fills the demo, and stops PostgreSQL with itself', async () => {
    if (!canBeIpv6Only()) return process.stderr.write('Not tried: this user may not make a network of its own.\n');
    const { started, port } = await start({}, IPV6_ONLY);
    expect(started.output()).toContain(`http://[::1]:${port}/graphql`);
    expect(started.output()).not.toContain('continues at the next start');
    expect(await started.stop()).toBe(0);
  });
});
