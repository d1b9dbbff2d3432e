import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';
import type { ApiKeyScope } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { EXAMPLE_ID } from '#runtime/webhooks/event-types.js';
import { type SubgraphName, schemaFile, subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import {
  allScopes,
  billingPerson,
  type Column,
  columns,
  ownedIdsOf,
  permissionMatrix,
  personIn,
} from '#subgraphs/permission-matrix/permission-matrix.js';
import { permissionParts } from '#subgraphs/permission-matrix/permission-parts.js';
import { judgePath, PermissionWalk, type Step } from '#subgraphs/permission-matrix/permission-walk.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { matrixOperation, type OwnedId, valuesAt } from './matrix-operations.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { entityTypesIn, rootFieldsIn } from './schema-walk.js';
import { type Caller, finishedReport, openKey, openMember, openTenant, type Tenant } from './tenant.js';

export const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
export const parts = await permissionParts();
const walk = new PermissionWalk(parts);
export const rows = permissionMatrix(parts);
const ways = walk.paths(() => true);

/** Hundreds of operations, each of which the gateway plans for the first time. */
const LONG_MS = 300_000;

const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Every path to an object type: the root itself, and each field that returns the type. */
const entrances = [
  ...(['Query', 'Mutation'] as const).map((type) => ({ type, way: [] as Step[] })),
  ...[...ways.values()]
    .map((way) => ({ type: way.at(-1)?.target ?? '', way }))
    .filter(({ type }) => isObjectType(api.getType(type))),
];

const visibleFields = (type: string, way: Step[]): Step[] =>
  (walk.types().get(type) ?? [])
    .map((field) => walk.step(way.at(-1), { type, field }))
    .filter((step) => step.isVisible);

/** Scopes a key for the column "key without" lacks: those that open what is tried. */
const scopesOf = (name: string) => rows.find((row) => row.name === name)?.scopes ?? [];

/** The provider whose accounts have the selected fields. */
function providerWith(below: string[]): string {
  const providers: Record<string, string> = {
    analyticsCatalogue: 'google-analytics',
    posts: 'x',
    places: 'business-profile',
    locations: 'business-profile',
  };
  return below.map((field) => providers[field]).find(Boolean) ?? '';
}

/** Whether an allowed mutation changes nothing when its ids exist nowhere. */
const isHarmless = ({ node }: Step): boolean =>
  node.arguments?.some(({ type }) => type.kind === 'NonNullType' && JSON.stringify(type).includes('"ID"')) ?? false;

/** Executes every cell of the matrix over a transport. */
export function describePermissionMatrix(transportName: Transport): void {
  describe(`the matrix over the transport ${transportName}`, () => {
    let transport: OpenTransport;
    let anyone: Client;
    let ours: Tenant;
    let theirs: Tenant;
    const ourMarker = `Ours${randomBytes(6).toString('hex')}`;
    const theirMarker = `Theirs${randomBytes(6).toString('hex')}`;
    const people = new Map<Column, Caller>();
    const keys = new Map<string, Promise<Caller>>();
    /** One account of ours for each provider: those of the client that a member is limited to. */
    const accounts = new Map<string, string>();
    const hiddenAccounts = new Map<string, string>();
    const hidden = { campaignId: '', accountId: '' };
    const visible = { clientId: '', reportId: '', savedViewId: '' };
    const visibleMarker = `Visible${randomBytes(6).toString('hex')}`;
    const hiddenMarker = `Hidden${randomBytes(6).toString('hex')}`;
    /** Limited to a client that is deleted. */
    let stranded: Caller;
    /** The ids that were disclosed to members of each organization, and to anonymous callers. */
    const disclosed = { ours: new Set<string>(), theirs: new Set<string>(), anonymous: new Set<string>() };
    const counts = {
      executed: 0,
      open: new Set<string>(),
      found: new Set<string>(),
      notTried: new Set<string>(),
      leaks: 0,
    };

    beforeAll(async () => {
      transport = await openTransport(transportName);
      anyone = new Client(transport.url);
      ours = await openTenant(anyone, ourMarker);
      theirs = await openTenant(anyone, theirMarker);
      const { data } = await ours.client.ask('{ providers { id } }');
      // What there is of each product, so that its fields are reached: one of everything is connected.
      for (const { id } of data.providers) expect((await ours.client.connect(id)).status).toBe(200);
      const { data: opened } = await ours.client.ask('{ organization { accounts { id provider { id } } } }');
      for (const { id, provider } of opened.organization.accounts) accounts.set(provider.id, id);
      const seen = new Set(visibleAccounts());
      for (const { id, provider } of opened.organization.accounts) {
        if (!seen.has(id)) hiddenAccounts.set(provider.id, id);
      }
      await openClients();
      for (const [{ organizationId }, name] of [
        [ours, ourMarker],
        [theirs, theirMarker],
      ] as const) {
        await databaseRows(transport, 'UPDATE auth.organization SET name = $2 WHERE id = $1', [organizationId, name]);
      }
      people.set('anonymous', { client: anyone, identity: anonymous('as-anonymous') });
      people.set('OWNER', { client: ours.client, identity: ours.identity });
      people.set('another organization', { client: theirs.client, identity: theirs.identity });
      const limited = await openMember(transport, ours, 'VIEWER', { clientIds: [visible.clientId] });
      people.set('VIEWER of clients', limited);
      people.set('VIEWER with BILLING', await openMember(transport, ours, 'VIEWER', { rights: ['BILLING'] }));
      // Shared ones are not shown to them.
      const { data: saved } = await limited.client.ask(
        'mutation ($name: String!) { createSavedView(name: $name, performance: { period: YESTERDAY }) { savedView { id } } }',
        { name: visibleMarker },
      );
      visible.savedViewId = saved.createSavedView.savedView.id;
      for (const role of ['VIEWER', 'ANALYST', 'ADMIN'] as const)
        people.set(role, await openMember(transport, ours, role));
    }, LONG_MS);
    afterAll(async () => {
      await transport.close();
      const { executed, open, found, notTried, leaks } = counts;
      const empty = [...open].filter((name) => !found.has(name)).sort();
      process.stdout.write(
        `Permission matrix, ${transportName}: ${rows.length} fields × ${columns.length} identities, ${executed} fields selected on ` +
          `${entrances.length} paths, ${empty.length} fields of which there was none to see (${empty.join(' ')}), ` +
          `${notTried.size} not tried because they would ` +
          `change something, leaks = ${leaks}\n`,
      );
    });

    /** One account of each provider, and those of the ids that are asked for. */
    const visibleAccounts = () => {
      const [ofCampaign = ''] = Buffer.from(ours.campaignId, 'base64url').toString().split(':');
      return [...new Set([...accounts.values(), ours.accountId, ofCampaign])];
    };

    /** Creates the client that a member is limited to, and names everything else so that it is recognized. */
    async function openClients(): Promise<void> {
      const create = async (name: string, accountIds: string[]) => {
        const { data } = await ours.client.ask(
          'mutation ($name: String!, $of: [ID!]!) { createClient(name: $name, accountIds: $of) { client { id } } }',
          { name, of: accountIds },
        );
        return data.createClient.client.id as string;
      };
      const { data: listed } = await ours.client.ask(
        `query ($range: DateRangeInput!) {
          organization { campaigns(range: $range, first: 1000) { edges { node { id account { id } } } } }
        }`,
        { range: { start: '2026-09-01', end: '2026-09-07' } },
      );
      const seen = new Set(visibleAccounts());
      const unseen = listed.organization.campaigns.edges.find(({ node }: any) => !seen.has(node.account.id))?.node;
      Object.assign(hidden, { campaignId: unseen.id, accountId: unseen.account.id });
      visible.clientId = await create(visibleMarker, visibleAccounts());
      const { data } = await ours.client.ask(
        `mutation ($range: DateRangeInput!, $of: [ID!]) {
          generateReport(templateId: "campaign-performance", range: $range, clientIds: $of) { report { id } }
        }`,
        { range: { start: '2026-09-01', end: '2026-09-02' }, of: [visible.clientId] },
      );
      visible.reportId = data.generateReport.report.id;
      expect(await finishedReport(ours.client, visible.reportId)).toMatchObject({ status: 'READY' });
      const gone = await create(`Former ${hiddenMarker}`, visibleAccounts());
      stranded = await openMember(transport, ours, 'VIEWER', { clientIds: [gone] });
      await ours.client.ask('mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: gone });
      const { organizationId } = ours;
      const rename = (statement: string, ...values: unknown[]) =>
        databaseRows(transport, statement, [organizationId, hiddenMarker, ...values]);
      await rename(
        'UPDATE integrations.client SET name = $2 || id WHERE organization_id = $1 AND id <> $3',
        visible.clientId,
      );
      await rename('UPDATE integrations.account SET name = $2 || id WHERE organization_id = $1 AND id <> ALL ($3)', [
        ...visibleAccounts(),
      ]);
      await rename('UPDATE integrations.connection SET granted_by = $2 WHERE organization_id = $1');
      await rename('UPDATE reporting.report SET title = $2 WHERE organization_id = $1 AND id <> $3', visible.reportId);
      await rename(
        'UPDATE auth.person SET name = $2 WHERE id IN (SELECT person_id FROM auth.membership WHERE organization_id = $1) AND id <> $3',
        stranded.identity.userId,
      );
    }

    const keyWith = (scopes: ApiKeyScope[]) => {
      const known = keys.get(scopes.join()) ?? openKey(transport, anyone, ours, scopes);
      keys.set(scopes.join(), known);
      return known;
    };

    /** Returns the caller of a column for a field. */
    async function callerFor(column: Column, name: string): Promise<Caller> {
      if (column === 'key with') return keyWith(allScopes);
      if (column === 'key without') {
        const scopes = scopesOf(name);
        return keyWith(scopes === 'any' ? [] : allScopes.filter((scope) => !scopes.includes(scope)));
      }
      const caller = people.get(column);
      if (!caller) throw new Error(`No caller for ${column}`);
      return caller;
    }

    const idsOf =
      (
        things: Pick<Tenant, 'clientId' | 'reportId' | 'savedViewId' | 'accountId' | 'campaignId'>,
        accountsOf: Map<string, string>,
      ): OwnedId =>
      (coordinate, argument, below) => {
        // All accounts, not only the client's.
        if (coordinate === 'Organization.accounts') return undefined;
        const { accountId, campaignId } = things;
        const owned: Record<string, string> = {
          'Query.connection': ours.connectionId,
          'Query.account': accountsOf.get(providerWith(below)) ?? accountId,
          'Query.campaign': campaignId,
          'Query.client': things.clientId,
          'Query.savedView': things.savedViewId,
          savedViewId: things.savedViewId,
          annotationId: ours.annotationId,
          'Query.report': things.reportId,
          'Query.reportSchedule': ours.reportScheduleId,
          scheduleId: ours.reportScheduleId,
          'Query.webhookEndpoint': ours.webhookEndpointId,
          'Query.webhookDelivery': ours.webhookDeliveryId,
          connectionId: ours.connectionId,
          accountId,
          accountIds: accountId,
          clientId: things.clientId,
          clientIds: things.clientId,
          reportId: things.reportId,
          shareId: ours.reportShareId,
          templateId: ours.reportTemplateId,
          apiKeyId: ours.apiKeyId,
          endpointId: ours.webhookEndpointId,
          deliveryId: ours.webhookDeliveryId,
        };
        return owned[coordinate] ?? owned[argument];
      };
    const idsOfOurs: OwnedId = (...given) => idsOf(ours, accounts)(...given);
    const idsOfVisible: OwnedId = (...given) => idsOf({ ...ours, ...visible }, accounts)(...given);
    const idsOfHidden: OwnedId = (...given) => idsOf({ ...ours, ...hidden }, hiddenAccounts)(...given);
    const idsOfNobody: OwnedId = () => randomUUID();
    const hiddenIds = () => [
      ours.userId,
      ours.connectionId,
      ours.clientId,
      ours.reportId,
      ours.subscriptionId,
      ours.apiKeyId,
      ours.webhookEndpointId,
      ours.webhookDeliveryId,
      ...hiddenAccounts.values(),
      hidden.campaignId,
      hidden.accountId,
    ];

    /** Records the ids an answer discloses, and whether anything of the other organization is among them. */
    function recordDisclosed(column: Column, answer: unknown, problems: string[], what: string): void {
      const text = JSON.stringify(answer).replace(/"requestId":"[^"]*"/g, '');
      const side = column === 'anonymous' ? 'anonymous' : column === 'another organization' ? 'theirs' : 'ours';
      for (const id of text.match(UUID) ?? []) if (id !== EXAMPLE_ID) disclosed[side].add(id);
      const isForeign = (marker: string) => text.includes(marker);
      if (column === 'VIEWER of clients' && [hiddenMarker, ...hiddenIds()].some(isForeign)) {
        counts.leaks += 1;
        problems.push(`LEAK to a member limited to some clients: ${what} ${text}`);
      }
      if ((side !== 'ours' && isForeign(ourMarker)) || (side !== 'theirs' && isForeign(theirMarker))) {
        counts.leaks += 1;
        problems.push(`LEAK to ${column}: ${what}`);
      }
    }

    interface Trial {
      column: Column;
      caller: Caller;
      way: Step[];
      fields: Step[];
      /** The code everything is refused with; undefined = answered. */
      refusal: string | undefined;
      ids: OwnedId;
    }

    async function tryFields({ column, caller, way, fields, refusal, ids }: Trial): Promise<string[]> {
      const problems: string[] = [];
      const { query, variables } = matrixOperation(api, way, fields, ids);
      const { data, errors = [] } = await caller.client.ask(query, variables);
      const codes: string[] = (errors ?? []).map(({ extensions }: any) => extensions?.code);
      recordDisclosed(column, { data, errors }, problems, query);
      for (const field of fields) {
        counts.executed += 1;
        const name = `${field.type}.${field.field}`;
        const isElsewhere = column === 'another organization' && [...way, field].some(takesOurId);
        const values = valuesAt(data, [...way.map((step) => step.field), field.field]);
        const found = values.filter((value) => value !== null && value !== undefined);
        const complain = (what: string) =>
          problems.push(`${name} for ${column}: ${what} in ${query} ${JSON.stringify({ data, errors }).slice(0, 300)}`);
        if (refusal && found.length > 0) complain('was answered, and should be refused');
        if (isElsewhere && found.some((value) => JSON.stringify(value) !== '[]'))
          complain('was answered for an id of another organization');
        if (!refusal && !isElsewhere) counts.open.add(name);
        if (!refusal && values.length > 0) counts.found.add(name);
      }
      const first = `${fields[0]?.type}.${fields[0]?.field}`;
      if (refusal && codes.length === 0 && way.length === 0)
        problems.push(`${first} for ${column}: no error in ${query}`);
      // An allowed mutation above the field, which another trial left nothing to do: nothing was answered.
      const isOvertaken = way.length > 0 && codes.every((code) => code === 'CONFLICT');
      if (refusal && codes.length > 0 && !codes.includes(refusal) && !isOvertaken) {
        problems.push(`${first} for ${column}: ${codes} instead of ${refusal} in ${query}`);
      }
      const wrong = codes.filter((code) => REFUSALS.includes(code) || code === 'GRAPHQL_VALIDATION_FAILED');
      if (!refusal && wrong.length > 0) problems.push(`${first} for ${column}: ${JSON.stringify(errors)} in ${query}`);
      return problems;
    }

    const takesOurId = (step: Step) =>
      ownedIdsOf(step).some((argument) => idsOfOurs(`${step.type}.${step.field}`, argument, []) !== undefined);

    /** Whether the right changes nothing at a field: then the column VIEWER has tried it. */
    const isAlikeForViewers = (way: Step[], field: Step) =>
      (judgePath([...way, field], billingPerson) === true) ===
      (judgePath([...way, field], personIn('VIEWER')) === true);

    /** Tries every field at a path in one or two operations: the allowed ones, and the refused ones. */
    async function tryEntrance(column: Column, type: string, way: Step[]): Promise<string[]> {
      const problems: string[] = [];
      const groups = new Map<string, Trial>();
      for (const field of visibleFields(type, way)) {
        const name = `${field.type}.${field.field}`;
        const caller = await callerFor(column, name);
        const verdict = judgePath([...way, field], caller.identity);
        if (column === 'VIEWER with BILLING' && isAlikeForViewers(way, field)) continue;
        const refusal = verdict === true ? undefined : verdict.code;
        const root = way[0] ?? field;
        const isMutation = root.type === 'Mutation';
        if (isMutation && judgePath([root], caller.identity) === true && !isHarmless(root)) {
          counts.notTried.add(name);
          continue;
        }
        // An allowed caller gets unknown ids, so that nothing changes; a refused one, and one of another organization, gets ours.
        const ownIds = column === 'VIEWER of clients' ? idsOfVisible : idsOfOurs;
        const ids = isMutation && !refusal && column !== 'another organization' ? idsOfNobody : ownIds;
        const key = [caller.identity.scopes.join(), refusal, isMutation && way.length === 0 ? name : ''].join(' ');
        const group = groups.get(key) ?? { column, caller, way, fields: [], refusal, ids };
        group.fields.push(field);
        groups.set(key, group);
      }
      for (const trial of groups.values()) problems.push(...(await tryFields(trial)));
      return problems;
    }

    it.each(columns)(
      'holds for %s, on every path to every field',
      async (column) => {
        const problems: string[] = [];
        const waiting = [...entrances];
        const work = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) {
            problems.push(...(await tryEntrance(column, next.type, next.way)));
          }
        };
        await Promise.all([work(), work(), work(), work()]);
        expect(problems).toEqual([]);
      },
      LONG_MS,
    );

    it(
      'shows a member limited to some clients nothing of the others on any path, and nothing once theirs are gone',
      async () => {
        const limited = await callerFor('VIEWER of clients', '');
        const problems: string[] = [];
        const seen = new Set<string>();
        const tryAll = async (caller: Caller, ids: OwnedId, isSecret: (text: string) => boolean) => {
          for (const { type, way } of entrances) {
            if ((way[0]?.type ?? type) !== 'Query') continue;
            const fields = visibleFields(type, way).filter(
              (field) => judgePath([...way, field], caller.identity) === true,
            );
            if (fields.length === 0) continue;
            const { query, variables } = matrixOperation(api, way, fields, ids);
            const { data, errors } = await caller.client.ask(query, variables);
            counts.executed += fields.length;
            const text = JSON.stringify({ data, errors }).replace(/"requestId":"[^"]*"/g, '');
            for (const field of fields) {
              const values = valuesAt(data, [...way.map((step) => step.field), field.field]);
              if (values.some((value) => value !== null && value !== undefined))
                seen.add(`${field.type}.${field.field}`);
            }
            if (!isSecret(text)) continue;
            counts.leaks += 1;
            problems.push(`${query} ${JSON.stringify(variables)} ${text}`);
          }
        };
        const isHidden = (text: string) => [hiddenMarker, ...hiddenIds()].some((one) => text.includes(one));
        await tryAll(limited, idsOfHidden, isHidden);
        seen.clear();
        const ofClients = [visibleMarker, visible.clientId, visible.reportId, ...visibleAccounts()];
        for (const ids of [idsOfVisible, idsOfHidden]) {
          await tryAll(stranded, ids, (text) => isHidden(text) || ofClients.some((one) => text.includes(one)));
        }
        expect(problems).toEqual([]);
        const things = [
          'Account',
          'Client',
          'Campaign',
          'Report',
          'PerformanceRow',
          'SearchQuery',
          'AnalyticsRow',
          'Post',
        ];
        expect([...seen].filter((field) => things.includes(field.split('.')[0] ?? ''))).toEqual([]);
        expect(seen).toContain('Organization.performance');
      },
      LONG_MS,
    );

    it('discloses no id of one organization to the other, nor to anonymous callers', () => {
      for (const id of [
        ours.organizationId,
        ours.userId,
        ours.connectionId,
        ours.accountId,
        ours.clientId,
        ours.reportId,
      ]) {
        expect(disclosed.ours).toContain(id);
      }
      expect(disclosed.theirs).toContain(theirs.reportId);
      expect([...disclosed.ours].filter((id) => disclosed.theirs.has(id))).toEqual([]);
      expect([...disclosed.anonymous].filter((id) => disclosed.ours.has(id) || disclosed.theirs.has(id))).toEqual([]);
      expect(counts.leaks).toBe(0);
    });

    /** Sends an operation to one subgraph as the gateway would for an identity. */
    async function askSubgraph(name: SubgraphName, query: string, variables: Record<string, unknown>, as: Identity) {
      const url = transport.subgraphUrls[name];
      if (!url) {
        const local = transport.local.find((subgraph) => subgraph.name === name);
        if (!local) throw new Error(`${name} does not run here`);
        return JSON.parse(JSON.stringify(await local.execute({ query, variables }, as)));
      }
      const token = await transport.base.internalSigner.sign(as, name);
      return (await postTo(url, query, variables, { authorization: `Bearer ${token}` })).json();
    }

    const postTo = (url: string, query: string, variables: object, headers: Record<string, string> = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });

    const entities = subgraphNames.flatMap((name) =>
      entityTypesIn(typeDefinitionsOf(name)).map((type) => [name, type] as const),
    );
    const keyOf: Record<string, () => string> = {
      User: () => ours.userId,
      Organization: () => ours.organizationId,
      Integration: () => ours.connectionId,
      Account: () => ours.accountId,
      Client: () => ours.clientId,
      SavedView: () => ours.savedViewId,
      Report: () => ours.reportId,
      ReportShare: () => ours.reportShareId,
      ReportTemplate: () => ours.reportTemplateId,
      OrganizationSubscription: () => ours.subscriptionId,
    };

    it.each(entities)('holds at the subgraph %s itself for the entity %s', async (name, type) => {
      const problems: string[] = [];
      const { schema } = await subgraphs[name]();
      const of = [
        {
          __typename: type,
          id: keyOf[type]?.() ?? randomUUID(),
          ...(type === 'Organization' && { createdAt: '2026-09-01T00:00:00.000Z', timeZone: 'UTC' }),
        },
      ];
      for (const column of columns) {
        for (const step of walk.entityFields(name, type)) {
          const field = `${type}.${step.field}`;
          const { identity } = await callerFor(column, field);
          const { query, variables } = matrixOperation(schema, [], [step], () => undefined);
          const [, declared = '', selection = ''] = /^query Matrix(?:\((.*?)\))? \{ (.*) \}$/.exec(query) ?? [];
          const loading = `query Load($of: [_Any!]!${declared && `, ${declared}`}) {
          _entities(representations: $of) { ... on ${type} { ${selection} } }
        }`;
          const { data, errors = [] } = await askSubgraph(name, loading, { of, ...variables }, identity);
          counts.executed += 1;
          const codes = errors.map(({ extensions }: any) => extensions.code);
          recordDisclosed(column, { data, errors }, problems, loading);
          const [value] = valuesAt(data?._entities, [step.field]);
          const verdict = judgePath([step], identity);
          const isShared = type === 'ReportTemplate';
          if (verdict !== true) {
            if (value !== undefined && value !== null) problems.push(`${field} for ${column} was loaded`);
            if (!codes.includes(verdict.code))
              problems.push(`${field} for ${column}: ${codes} instead of ${verdict.code}`);
          } else {
            const wrong = codes.filter((code: string) => REFUSALS.includes(code));
            if (wrong.length > 0) problems.push(`${field} for ${column}: ${JSON.stringify(errors)}`);
            const isForeign = column === 'another organization' && !isShared;
            if (isForeign && value !== undefined && value !== null) problems.push(`${field} was loaded for ${column}`);
          }
        }
      }
      expect(problems).toEqual([]);
    });

    it('refuses internal root fields to every caller, in the API and at each subgraph', async () => {
      const problems: string[] = [];
      for (const { name, permissions } of parts) {
        const { schema } = await subgraphs[name as SubgraphName]();
        const internal = rootFieldsIn(schema).filter((root) => {
          const [type, field] = root.name.split('.') as ['Query' | 'Mutation', string];
          return permissions[type]?.[field]?.needs.who === 'service';
        });
        for (const column of columns) {
          const { client, identity } = await callerFor(column, '');
          for (const root of internal) {
            const outside = await client.ask(root.query, root.variables);
            if (outside.code !== 'GRAPHQL_VALIDATION_FAILED')
              problems.push(`${root.name} for ${column}: ${outside.code}`);
            const inside = await askSubgraph(name as SubgraphName, root.query, root.variables, identity);
            const code = inside.errors?.[0]?.extensions.code;
            if (code !== 'FORBIDDEN') problems.push(`${root.name} of ${name} for ${column}: ${code}`);
            counts.executed += 2;
          }
        }
      }
      expect(problems).toEqual([]);
    });

    it('is not reached with credentials other than those of the gateway', async () => {
      const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
      const { internalSigner, accessTokenSigner } = transport.base;
      for (const [name, type] of entities) {
        const url = transport.subgraphUrls[name];
        if (!url) continue;
        const of = [{ __typename: type, id: keyOf[type]?.() ?? randomUUID() }];
        const forged: Record<string, string>[] = [
          {},
          { 'x-user-id': ours.userId, 'x-organization-id': ours.organizationId, 'x-role': 'OWNER' },
          { authorization: `Bearer ${ours.accessToken}` },
          { authorization: `Bearer ${ours.apiKey}` },
          { 'x-api-key': ours.apiKey },
          { authorization: `Bearer ${await accessTokenSigner.sign(ours.identity, name)}` },
          { authorization: `Bearer ${await internalSigner.sign(ours.identity, 'another-subgraph')}` },
        ];
        for (const headers of forged) expect((await postTo(url, query, { of }, headers)).status).toBe(401);
      }
    });
  });
}
