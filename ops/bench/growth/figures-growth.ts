import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Connection } from '#integrations/entities/connection.js';
import { sealTokens } from '#integrations/services/tokens/token-seal.js';
import { analyzeDays, type CopiedSize, copyDays } from '#ops/bench/answers/copied-days.js';
import { askPerformance, type QuestionedPlatform, rangeAt } from '#ops/bench/answers/performance-question.js';
import { ownerOf, queryGateway } from '#ops/bench/bench-platform.js';
import { answerCampaignList } from './google-campaigns.js';
import type { Subject } from './subject.js';

const DAYS = 60;

/** The accounts answer with as many campaigns as are copied of them. */
async function connect({ platform, database }: QuestionedPlatform, organizationId: string): Promise<void> {
  const { services, http } = platform;
  const [connection] = await database.query<Connection[]>(
    'SELECT id, organization_id AS "organizationId" FROM integrations.connection WHERE organization_id = $1',
    [organizationId],
  );
  if (!connection) throw new Error('There is no connection.');
  const { sealedTokens } = sealTokens(services.sealer, connection, { accessToken: 'bench', expiresAt: null });
  await database.query(
    'UPDATE integrations.connection SET sealed_tokens = $2, last_sync_at = now() WHERE organization_id = $1',
    [organizationId, sealedTokens],
  );
  const counted = await database.query<{ externalId: string; count: number }[]>(
    `SELECT account.external_id AS "externalId", count(*)::int AS count FROM integrations.history_campaign AS campaign
     JOIN integrations.account ON account.organization_id = campaign.organization_id AND account.id = campaign.account_id
     WHERE campaign.organization_id = $1 GROUP BY account.external_id`,
    [organizationId],
  );
  const counts = new Map(counted.map(({ externalId, count }) => [externalId, count]));
  http.standIn = (request) => answerCampaignList(request, (externalId) => counts.get(externalId) ?? 0);
}

/** Returns a new organization at Google Ads alone. */
async function organizationOf(platform: QuestionedPlatform, size: CopiedSize): Promise<string> {
  const organizationId = randomUUID();
  const { database } = platform;
  await copyDays(database, [organizationId], size);
  await database.query(
    "UPDATE integrations.account SET provider_id = 'google-ads', currency = 'EUR' WHERE organization_id = $1",
    [organizationId],
  );
  await database.query("UPDATE integrations.account_history SET currency = 'EUR' WHERE organization_id = $1", [
    organizationId,
  ]);
  await analyzeDays(database);
  await connect(platform, organizationId);
  return organizationId;
}

const PAGE = /* GraphQL */ `
  query ($range: DateRangeInput!, $after: String) {
    organization {
      campaigns(range: $range, first: 50, after: $after, orderBy: { field: COST, direction: DESC }) {
        edges { cursor node { name status metrics(range: $range) { clicks cost { amount } } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

const DAILY = /* GraphQL */ `
  query ($range: DateRangeInput!) {
    organization {
      accounts {
        campaigns(range: $range, first: 1000) {
          edges { node { metricsDaily(range: $range) { date metrics { clicks cost { amount } } } } }
        }
      }
    }
  }
`;

const DASHBOARD = /* GraphQL */ `
  query ($range: DateRangeInput!) {
    organization {
      accounts {
        name
        campaigns(range: $range, first: 50) {
          edges { node { name status metrics(range: $range) { impressions clicks cost { amount } conversions } } }
        }
      }
    }
  }
`;

interface Campaigns {
  organization: { campaigns: { edges: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
}

const PAGES = 15;

const pageOfCampaigns: Subject = {
  name: 'A page of Organization.campaigns by cost',
  of: 'campaigns',
  sizes: [1_000, 5_000, 25_000],
  growsWith: 'nothing',
  async prepare(platform, campaigns) {
    const accounts = 5;
    const organizationId = await organizationOf(platform, { accounts, campaigns: campaigns / accounts, days: 10 });
    const { gateway } = platform;
    const range = rangeAt(0, 10);
    let page = 1;
    let after: string | null = null;
    return {
      // Page after page.
      async ask() {
        const { organization } = await queryGateway<Campaigns>(gateway, ownerOf(organizationId), PAGE, {
          range,
          after,
        });
        if (organization.campaigns.edges.length !== 50) throw new Error('The page is not full.');
        const { hasNextPage, endCursor } = organization.campaigns.pageInfo;
        page = hasNextPage && page < PAGES ? page + 1 : 1;
        after = page === 1 ? null : endCursor;
      },
    };
  },
};

/** A subject that is asked over days that were copied of one new organization at Google Ads. */
function overCopiedDays(
  subject: Pick<Subject, 'name' | 'of' | 'sizes'>,
  query: string,
  sizeOf: (size: number) => CopiedSize,
): Subject {
  return {
    ...subject,
    growsWith: 'answer',
    async prepare(platform, count) {
      const size = sizeOf(count);
      const organizationId = await organizationOf(platform, size);
      const range = rangeAt(0, size.days);
      return { ask: () => queryGateway(platform.gateway, ownerOf(organizationId), query, { range }) };
    },
  };
}

const dailyFigures = overCopiedDays(
  { name: 'metricsDaily of each campaign in a list', of: 'campaigns', sizes: [100, 400, 800] },
  DAILY,
  (campaigns) => ({ accounts: 1, campaigns, days: 30 }),
);

const dashboardOfAccounts = overCopiedDays(
  { name: 'A dashboard of all accounts', of: 'accounts', sizes: [5, 20, 80] },
  DASHBOARD,
  (accounts) => ({ accounts, campaigns: 20, days: 30 }),
);

const performanceOfDays: Subject = {
  name: 'Organization.performance over a range',
  of: 'days',
  sizes: [30, 120, 360],
  growsWith: 'answer',
  async prepare({ gateway, database }, days) {
    const organizationId = randomUUID();
    await copyDays(database, [organizationId], { accounts: 5, campaigns: 20, days: 400 });
    await analyzeDays(database);
    return { ask: () => askPerformance(gateway, organizationId, rangeAt(0, days)) };
  },
};

const TEAM = { accounts: 2, campaigns: 5, days: DAYS };

/** Returns `count` organizations of the same size. */
async function addOrganizations(database: DataSource, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const AT_ONCE = 200;
  for (let at = 0; at < count; at += AT_ONCE) await copyDays(database, ids.slice(at, at + AT_ONCE), TEAM);
  await analyzeDays(database);
  return ids;
}

const ASKING = 5;

const performanceAmongOthers: Subject = {
  name: 'Organization.performance among organizations',
  of: 'organizations',
  sizes: [20, 200, 2_000],
  growsWith: 'nothing',
  async prepare({ gateway, database }, count) {
    const ids = await addOrganizations(database, count);
    // The same few, so that each size reads as much of the caches.
    const asking = ids.slice(0, ASKING);
    let next = 0;
    return {
      ask: () => {
        next += 1;
        return askPerformance(gateway, asking[next % ASKING] ?? '', rangeAt(next, 30));
      },
    };
  },
};

const queueHistories: Subject = {
  name: 'The job that finds due accounts, none of which is due',
  of: 'organizations',
  sizes: [20, 200, 2_000],
  growsWith: 'nothing',
  async prepare({ platform, database }, count) {
    await addOrganizations(database, count);
    const integrations = platform.running.find(({ name }) => name === 'integrations');
    const job = integrations?.jobs.find(({ name }) => name === 'integrations.queue-histories');
    if (!job) throw new Error('There is no such job.');
    return { ask: async () => job.run(undefined as never, undefined as never) };
  },
};

/** What grows with campaigns, accounts, days and organizations. */
export const figuresGrowth: Subject[] = [
  dailyFigures,
  pageOfCampaigns,
  dashboardOfAccounts,
  performanceOfDays,
  performanceAmongOthers,
  queueHistories,
];
