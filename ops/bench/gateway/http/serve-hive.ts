import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

// Started by `subjects.ts` with a folder that has the packages of Hive, and the file of a supergraph: Hive's gateway with its native
// planner, configured as in the public benchmark. Tells its parent the address.

interface HiveRuntime {
  createGatewayRuntime(options: {
    supergraph: string;
    unifiedGraphHandler: unknown;
    inboundInflightRequestDeduplication: boolean;
    logging: boolean;
  }): RequestListener;
}

const [folder = '', supergraph = ''] = process.argv.slice(2);
const load = createRequire(join(folder, 'package.json'));
const { createGatewayRuntime } = load('@graphql-hive/gateway-runtime') as HiveRuntime;
const { unifiedGraphHandler } = load('@graphql-hive/router-runtime') as { unifiedGraphHandler: unknown };
const runtime = createGatewayRuntime({
  supergraph: readFileSync(supergraph, 'utf8'),
  unifiedGraphHandler,
  inboundInflightRequestDeduplication: true,
  logging: false,
});
const server = createServer(runtime);
process.once('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` });
});
