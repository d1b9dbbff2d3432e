import { buildSubgraphSchema } from '@apollo/subgraph';
import { resolvers as auth } from '#auth/resolvers/index.js';
import { resolvers as billing } from '#billing/resolvers/index.js';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import { createAuthenticate } from '#gateway/identity/authenticate.js';
import { resolvers as integrations } from '#integrations/resolvers/index.js';
import { createExecutor } from '#kit/executor.js';
import { type BenchPlatform, queryGateway } from '#ops/bench/bench-platform.js';
import { dashboardAnswers, dashboardAsk, dashboardRequests } from '#ops/bench/gateway/dashboard-load.js';
import { seedOrganization } from '#ops/bench/seed-organization.js';
import { type Comparison, type Pace, sideBySide } from '#ops/bench/side-by-side.js';
import { quantile, round } from '#ops/bench/statistics.js';
import { resolvers as reporting } from '#reporting/resolvers/index.js';
import type { Identity } from '#runtime/identity/identity.js';
import { scalars } from '#schema/scalars.js';
import { type SubgraphName, typeDefinitionsOf } from '#schema/type-definitions.js';

const resolversOf: Record<SubgraphName, object> = { auth, integrations, reporting, billing };
const SIGN_UP = /* GraphQL */ `mutation ($email: String!) {
  signUp(name: "Ada", email: $email, password: "correct horse battery", companyName: "Engines") { accessToken }
}`;

/** The cost of authentication, and of permissions against none. */
export interface AccessChecks {
  authenticationUs: { p50: number; p99: number };
  shield: Comparison;
  /** Both, as a share of a dashboard query's CPU time. */
  share: number;
}

async function gatewaysOver({ running, startGateway, services }: BenchPlatform) {
  const guarded = running.map(({ name, execute }) => [name, new InProcessDataSource(execute)] as const);
  const bare = running.map(({ name, createContext }) => {
    const resolvers = { ...scalars, ...resolversOf[name] };
    const schema = buildSubgraphSchema({ typeDefs: typeDefinitionsOf(name), resolvers });
    return [name, new InProcessDataSource(createExecutor(schema, createContext, services.logger))] as const;
  });
  return { guarded: await startGateway(new Map(guarded)), bare: await startGateway(new Map(bare)) };
}

async function measureAuthentication({ services, running }: BenchPlatform, accessTokens: string[], times: number) {
  const auth = running.find(({ name }) => name === 'auth') as BenchPlatform['running'][number];
  const authenticate = createAuthenticate(services, new InProcessDataSource(auth.execute));
  const timesUs: number[] = [];
  for (let iteration = 0; iteration < times; iteration += 1) {
    const startedAt = performance.now();
    await authenticate(`Bearer ${accessTokens[iteration % accessTokens.length]}`, 'bench');
    timesUs.push((performance.now() - startedAt) * 1_000);
  }
  return { p50: round(quantile(timesUs, 0.5), 1), p99: round(quantile(timesUs, 0.99), 1) };
}

/** Measures authentication and permissions of a dashboard query. */
export async function measureChecks(platform: BenchPlatform, pace: Pace, organizations: number): Promise<AccessChecks> {
  const { guarded, bare } = await gatewaysOver(platform);
  const users: Identity[] = [];
  const accessTokens: string[] = [];
  const anonymousIdentity: Identity = { kind: 'anonymous', scopes: [], requestId: 'bench' };
  for (let index = 0; index < organizations; index += 1) {
    users.push(await seedOrganization(platform, guarded, `Organization ${index}`));
    const email = `ada-${index}@example.com`;
    const { signUp } = await queryGateway<{ signUp: { accessToken: string } }>(guarded, anonymousIdentity, SIGN_UP, {
      email,
    });
    accessTokens.push(signUp.accessToken);
  }
  const requests = dashboardRequests(users);
  platform.http.mode = 'record';
  await dashboardAnswers(guarded, requests);
  platform.http.mode = 'replay';
  await dashboardAnswers(bare, requests);
  const shield = await sideBySide(dashboardAsk(guarded, requests), dashboardAsk(bare, requests), pace);
  const authenticationUs = await measureAuthentication(platform, accessTokens, 5_000);
  const ofShield = Math.max(0, 1 - shield.cpuRatio);
  const share = ofShield + authenticationUs.p50 / 1_000 / shield.first.cpuMsPerRequest;
  return { authenticationUs, shield, share: round(share, 4) };
}
