import { once } from 'node:events';
import { connect } from 'node:tls';

const TIMEOUT_MS = 5_000;
const HTTPS_PORT = 443;

/** Returns when the certificate at an https address ends, whoever issued it. Rejects when none can be read. */
export async function certificateEnd(url: string): Promise<Date> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: Number(port) || HTTPS_PORT,
    servername: /^[\d.]+$|:/.test(host) ? undefined : host,
    // Nothing is sent: a certificate that is invalid, as it has ended, is to be read as well.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return new Date(socket.getPeerCertificate().valid_to);
  } finally {
    socket.destroy();
  }
}
