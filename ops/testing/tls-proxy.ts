import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { selfSignedCertificate } from '#simulator/google-oauth/self-signed-certificate.js';

/** The request of PostgreSQL's clients to encrypt a connection (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** A certificate of a server at a host, which is its own authority. */
export interface TestCertificate {
  /** PEM. */
  certificate: string;
  key: string;
}

/** Returns a new certificate. */
export function newCertificate(host: string): TestCertificate {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { certificate: selfSignedCertificate(host, keys), key };
}

/** A server that is reached by TLS only. */
export interface TlsProxy {
  port: number;
  close(): void;
}

/**
 * Starts a proxy on a free loopback port that encrypts in front of a server without TLS: `postgres` begins with the request for it, others
 * with TLS at once.
 */
export async function startTlsProxy(
  port: number,
  { certificate, key }: TestCertificate,
  protocol: 'postgres' | 'plain' = 'plain',
): Promise<TlsProxy> {
  const sockets = new Set<Socket>();
  const encrypt = (socket: Socket) => {
    const secureContext = createSecureContext({ cert: certificate, key });
    const client = new TLSSocket(socket, { isServer: true, secureContext });
    const server = createConnection({ port, host: '127.0.0.1' });
    for (const end of [client, server]) end.on('error', () => {});
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  };
  const proxy = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => void sockets.delete(socket)));
    if (protocol === 'plain') return encrypt(socket);
    socket.once('data', (asked) => {
      // As a server that admits by TLS only.
      if (!asked.equals(SSL_REQUEST)) return void socket.destroy();
      socket.write('S', () => encrypt(socket));
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as { port: number }).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
