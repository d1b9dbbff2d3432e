import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { here, npmTool, run } from './tools.js';

/** Listens on loopback and passes requests on with an API key, which the suite cannot send. */
async function openProxy(url, apiKey) {
  const { port: target } = new URL(url);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-api-key': apiKey };
    const { method, url: path } = incoming;
    const passedOn = request({ host: '127.0.0.1', port: target, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on('error', () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

/** Runs the conformance suite of the Model Context Protocol; `mcp-baseline.yaml` lists scenarios that need tools of its own. */
export async function judgeMcp({ url, apiKey }) {
  const proxy = await openProxy(url, apiKey);
  const baseline = join(here, 'mcp-baseline.yaml');
  try {
    // It needs Node.js 22.
    const suite = [npmTool('conformance'), 'server', '--url', `${proxy.url}/mcp`, '--expected-failures', baseline];
    await run(join(here, '..', 'on-node.sh'), ['22', 'node', ...suite]);
  } finally {
    proxy.close();
  }
}
