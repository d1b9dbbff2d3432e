import { register } from 'node:module';
import type { GatewayOrder } from './gateway-process.js';
import { emptiedModules } from './watching-parts.js';

// The program gateway-process.ts starts. What is left out is left out before anything that watches is loaded.
const { settings, watching } = JSON.parse(String(process.argv[2])) as GatewayOrder;
const build = new URL('../../', import.meta.url);
const emptied = Object.entries(emptiedModules(watching)).map(([path, source]) => [new URL(path, build).href, source]);
register('./empty-modules.js', import.meta.url, { data: emptied });
const { serveBenchGateway } = await import('./serve-bench-gateway.js');
await serveBenchGateway(settings);
