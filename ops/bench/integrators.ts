import { availableParallelism, loadavg } from 'node:os';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { describeClient, measureClient } from './integrators/client.js';
import { describeRest, measureRest } from './integrators/rest.js';
import { describeWebhooks, measureWebhooks } from './integrators/webhooks.js';
import { round } from './statistics.js';

// `npm run bench:integrators [-- --scale 0.2] [rest webhooks client …]`: what integrators use.

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function run(): Promise<void> {
  const { flags, words } = readCommandLine({ scale: { type: 'string' } });
  const scale = Number(flags.scale ?? 1);
  const parts = new Set(words.length > 0 ? words : ['rest', 'webhooks', 'client']);
  const [loadBefore = 0] = loadavg();
  const rest = parts.has('rest') ? await measureRest(logger, scale) : undefined;
  if (rest) print(describeRest(rest));
  const webhooks = parts.has('webhooks') ? await measureWebhooks(logger, scale) : undefined;
  if (webhooks) print(describeWebhooks(webhooks));
  const client = parts.has('client') ? measureClient() : undefined;
  if (client) print(describeClient(client));
  const perSecond = webhooks?.alone.deliveriesPerSecond;
  const ratios = {
    ...(rest && {
      restVsGraphqlCpu: Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, one.cpuRatio])),
    }),
    ...(webhooks &&
      perSecond && {
        webhooksVsBareRequests: round(perSecond / webhooks.bareRequestsPerSecond),
        webhooksBesideSlowVsAlone: round(webhooks.besideSlowEndpoint.deliveriesPerSecond / perSecond),
      }),
  };
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  print(JSON.stringify({ bench: 'integrators', ratios, figures: { machine, rest, webhooks, client } }));
}

run().catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
