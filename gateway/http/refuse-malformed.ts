import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { pathOf } from '#runtime/http/watch-requests.js';
import type { Logger } from '#runtime/log/logger.js';
import { PROBLEM_TYPE, problemOf, sendsProblems } from './problem.js';

/** How long a refused client may take to read the response. */
const READ_TIMEOUT_MS = 1_000;
const MAX_LINE_LENGTH = 1_000;

type Refusal = [status: number, reason: string, message: string];

const NO_HTTP: Refusal = [400, 'Bad Request', 'This is no HTTP request.'];
/** RFC 9110, section 15.6.2. */
const UNKNOWN_METHOD: Refusal = [501, 'Not Implemented', 'This method is unknown.'];

const statusByCode: Record<string, Refusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are too large.'],
};

/** Returns the URL in the first line of what could not be parsed; empty when there is none. */
const urlIn = (packet: unknown) => {
  const line = Buffer.isBuffer(packet) ? packet.toString('latin1', 0, MAX_LINE_LENGTH) : '';
  return /^[A-Z]+ (\/[!-~]*) HTTP/.exec(line)?.[1] ?? '';
};

/** Returns a `clientError` handler that answers and logs requests that cannot be parsed; no hook runs for them. */
export function refuseMalformed(logger: Logger) {
  return (error: NodeJS.ErrnoException & { rawPacket?: unknown }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
    const url = urlIn(error.rawPacket);
    const isUnknownMethod = error.code === 'HPE_INVALID_METHOD' && url !== '';
    const [status, reason, message] = isUnknownMethod ? UNKNOWN_METHOD : (statusByCode[error.code ?? ''] ?? NO_HTTP);
    const requestId = randomUUID();
    logger.info({ requestId, status, code: error.code }, 'Malformed request refused');
    const refusal = { message, extensions: { code: 'BAD_REQUEST' as const, requestId } };
    const isProblem = sendsProblems(url);
    const body = JSON.stringify(
      isProblem ? { ...problemOf(refusal, status), instance: pathOf(url) } : { errors: [refusal] },
    );
    const headers = [
      `HTTP/1.1 ${status} ${reason}`,
      `content-type: ${isProblem ? PROBLEM_TYPE : 'application/json'}; charset=utf-8`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), READ_TIMEOUT_MS).unref();
  };
}
