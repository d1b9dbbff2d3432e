import { afterEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { newDatabase } from '#ops/testing/test-services.js';
import { ConfigurationError } from '#runtime/errors.js';
import { createLogger } from '#runtime/log/logger.js';
import { reachDatabase } from './reach-database.js';

describe('a start whose PostgreSQL is away', () => {
  const silent = createLogger({ level: 'silent', isPretty: false });
  let proxy: TcpProxy | undefined;
  afterEach(() => proxy?.close());

  it('waits for it, and says for what', async () => {
    const address = new URL(await newDatabase());
    const server = await startTcpProxy(Number(address.port));
    proxy = server;
    server.cut();
    address.port = String(server.port);
    const lines: unknown[][] = [];
    const warn = (...line: unknown[]) => {
      lines.push(line);
      server.mend();
    };
    await reachDatabase({ databaseUrl: address.href, logger: { ...silent, warn } });
    const message = `PostgreSQL at ${address.host}${address.pathname} (DATABASE_URL) cannot be reached: it is tried again`;
    expect(lines).toEqual([[{ reason: expect.any(String), attempt: 1 }, message]]);
    expect(JSON.stringify(lines)).not.toContain(address.password);
  });

  it('ends after a while, and names the setting, the server and the reason', async () => {
    const databaseUrl = 'postgres://webmetrics:hush@127.0.0.1:1/webmetrics';
    const failure = await reachDatabase({ databaseUrl, logger: silent, limitMs: 1_500 }).catch((error) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure.message).toContain('127.0.0.1:1/webmetrics (DATABASE_URL) cannot be used, for 2 seconds:');
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.message).not.toContain('hush');
  });

  it('does not wait where the server refuses the user', async () => {
    const address = new URL(await newDatabase());
    address.password = 'wrong';
    address.username = 'nobody';
    await expect(reachDatabase({ databaseUrl: address.href, logger: silent })).rejects.toThrow(
      /cannot be used: .*nobody/,
    );
  });
});
