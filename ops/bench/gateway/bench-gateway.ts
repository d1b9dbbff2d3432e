import { register } from 'node:module';
import type { GatewayOrder } from './gateway-process.js';
import { switchedSources } from './switched-sources.js';

// The program gateway-process.ts starts. The switches are put in before anything that watches is loaded.
const order = JSON.parse(String(process.argv[2])) as GatewayOrder;
register('./switched-modules.js', import.meta.url, {
  data: [...switchedSources(new URL('../../../', import.meta.url))],
});
const { serveBenchGateway } = await import('./serve-bench-gateway.js');
await serveBenchGateway(order);
