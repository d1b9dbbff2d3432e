import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

export interface SpanCollector {
  url: string;
  spans(): number;
}

/** Starts a collector on a free port. */
export async function startSpanCollector(lifecycle: Lifecycle): Promise<SpanCollector> {
  let spans = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    spans += Buffer.concat(parts).toString().split('"spanId":').length - 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lifecycle.onClose('Collector', () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans: () => spans };
}
