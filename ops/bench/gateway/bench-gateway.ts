import { register } from 'node:module';
import type { GatewayOptions } from './gateway-process.js';
import { switchedSources } from './switched-sources.js';

// Started by gateway-process.ts. Switches must be registered before instrumented modules load.
const options = JSON.parse(String(process.argv[2])) as GatewayOptions;
register('./switched-modules.js', import.meta.url, {
  data: [...switchedSources(new URL('../../../', import.meta.url))],
});
const { serveBenchGateway } = await import('./serve-bench-gateway.js');
await serveBenchGateway(options);
