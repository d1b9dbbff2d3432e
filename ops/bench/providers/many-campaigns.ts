import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

// A proxy for the simulated Google Ads, in its own process, with many campaigns active on every day.

const SEARCH = /\/customers\/\d+\/googleAds:searchStream$/;
const DAYS = /BETWEEN '([\d-]+)' AND '([\d-]+)'/;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_ID = 20_000_000_000_000_001n;

const metricsOn = (campaign: number, day: number) => ({
  impressions: String(1_000 + ((campaign * 31 + day * 17) % 9_000)),
  clicks: String(10 + ((campaign * 7 + day * 3) % 500)),
  costMicros: String(BigInt(campaign * 13 + day) * 10_000n),
  conversions: ((campaign + day) % 40) / 2,
  conversionsValue: ((campaign * 3 + day) % 4_000) / 4,
});

const campaignAt = (campaign: number) => ({
  id: String(FIRST_ID + BigInt(campaign) * 2n),
  name: `Campaign ${campaign}`,
  status: 'ENABLED',
  advertisingChannelType: 'SEARCH',
});

/** Streams one chunk for the list, or one per day, as Google does. */
function answer(response: ServerResponse, query: string, campaigns: number): void {
  const [, start = '', end = ''] = DAYS.exec(query) ?? [];
  const [first, last] = [Date.parse(start) / DAY_MS, Date.parse(end) / DAY_MS];
  const all = Array.from({ length: campaigns }, (_, campaign) => campaign);
  const chunk = (results: object[]) => JSON.stringify({ results });
  response.writeHead(200, { 'content-type': 'application/json' });
  if (query.includes('campaign.name')) {
    response.end(
      `[${chunk(all.map((campaign) => ({ campaign: campaignAt(campaign), metrics: metricsOn(campaign, first) })))}]`,
    );
    return;
  }
  for (let day = first; day <= last; day += 1) {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    const results = all.map((campaign) => ({
      campaign: { id: campaignAt(campaign).id },
      segments: { date },
      metrics: metricsOn(campaign, day),
    }));
    response.write(`${day === first ? '[' : ','}${chunk(results)}`);
  }
  response.end(']');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function forward(request: IncomingMessage, response: ServerResponse, body: string, simulatorUrl: string) {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
  const answered = await fetch(`${simulatorUrl}/googleads.googleapis.com${request.url}`, {
    method: request.method,
    headers: headers as Record<string, string>,
    ...(body && { body }),
  });
  response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'application/json' });
  response.end(await answered.text());
}

/** Listens on a free port and sends the URL to its parent. */
export function serveManyCampaigns(simulatorUrl: string, campaigns: number): void {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const query = SEARCH.test(request.url ?? '') ? String(JSON.parse(body).query) : '';
    if (query.includes('FROM campaign ')) answer(response, query, campaigns);
    else await forward(request, response, body, simulatorUrl);
  });
  process.once('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

const [simulatorUrl = '', campaigns = ''] = process.argv.slice(2);
serveManyCampaigns(simulatorUrl, Number(campaigns));
