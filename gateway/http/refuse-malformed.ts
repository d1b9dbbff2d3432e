import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from '#runtime/log/logger.js';

/** How long a refused client may take to read the response. */
const READ_TIMEOUT_MS = 1_000;

const statusByCode: Record<string, [status: number, reason: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are too large.'],
};

/** Returns a `clientError` handler that answers and logs requests that cannot be parsed; no hook runs for them. */
export function refuseMalformed(logger: Logger) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
    const [status, reason, message] = statusByCode[error.code ?? ''] ?? [
      400,
      'Bad Request',
      'This is no HTTP request.',
    ];
    const requestId = randomUUID();
    logger.info({ requestId, status, code: error.code }, 'Malformed request refused');
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST', requestId } }] });
    const headers = [
      `HTTP/1.1 ${status} ${reason}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), READ_TIMEOUT_MS).unref();
  };
}
