import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const SEARCH = /* GraphQL */ `
  query ($of: [_Any!]!, $text: String!, $kinds: [SearchKind!], $first: Int, $after: String, $includeArchived: Boolean) {
    _entities(representations: $of) {
      ... on Organization {
        search(text: $text, kinds: $kinds, first: $first, after: $after, includeArchived: $includeArchived) {
          totalCount
          notSearched { externalId }
          pageInfo { hasNextPage endCursor }
          edges {
            node { kind match client { id name } account { id externalId } campaign { id externalId name status } }
          }
        }
      }
    }
  }
`;

describe('the search of an organization', () => {
  const nora = someone();
  let stage: Stage;
  let accounts: { id: string; externalId: string; name: string }[];

  beforeAll(async () => {
    stage = await openStage();
    accounts = (await stage.connect(nora, 'google-ads')).accounts;
    await stage.connect(nora, 'meta-ads');
    for (const name of ['Café Müller', 'CAFE', 'Le Cafetier', '50% off_season', 'Un café noir'])
      await createClient(name);
  });
  afterAll(() => stage.close());

  async function createClient(name: string): Promise<string> {
    const query = 'mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id } } }';
    return (await stage.ask(nora, query, { name })).data.createClient.client.id;
  }

  async function search(text: string, variables: object = {}, as = nora) {
    const of = [{ __typename: 'Organization', id: as.organizationId, timeZone: 'UTC' }];
    const { data, code, errors } = await stage.ask(as, SEARCH, { of, text, ...variables });
    const found = data?._entities[0]?.search;
    return { code, errors, found, hits: found?.edges.map(({ node }: any) => node) };
  }
  const clientsFound = async (text: string) =>
    (await search(text, { kinds: ['CLIENT'] })).hits.map(({ client, match }: any) => `${client.name} ${match}`);

  it('ranks whole names, beginnings, words and parts, whatever the case and the accents', async () => {
    expect(await clientsFound(' cafe ')).toEqual([
      'CAFE NAME',
      'Café Müller PREFIX',
      'Le Cafetier WORD',
      'Un café noir WORD',
    ]);
    expect(await clientsFound('MULLER')).toEqual(['Café Müller WORD']);
    expect(await clientsFound('muller cafe')).toEqual(['Café Müller WORD']);
    expect(await clientsFound('etier')).toEqual(['Le Cafetier SUBSTRING']);
    expect(await clientsFound('cafe elephant')).toEqual([]);
  });

  it('takes wildcards and patterns as text', async () => {
    expect(await clientsFound('%')).toEqual(['50% off_season SUBSTRING']);
    expect(await clientsFound('50%')).toEqual(['50% off_season PREFIX']);
    expect(await clientsFound('c_fe')).toEqual([]);
    for (const text of ['.*', '\u0301', '\\', "' OR true --", '$1', '[a-z]'])
      expect(await clientsFound(text)).toEqual([]);
  });

  it.each([[''], ['   '], ['x'.repeat(201)], ['caf\0e']])('refuses the text %j', async (text) => {
    const { code, errors } = await search(text);
    expect([code, errors[0].extensions.details[0].argument]).toEqual(['BAD_USER_INPUT', 'text']);
  });

  it('finds ids, here and at the provider, as the provider writes them', async () => {
    const id = await createClient('By id');
    expect((await search(id.toUpperCase())).hits).toMatchObject([{ kind: 'CLIENT', match: 'ID', client: { id } }]);
    const { externalId } = accounts[0] as { externalId: string };
    const written = externalId.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');
    for (const text of [accounts[0]?.id as string, externalId, written]) {
      expect((await search(text, { kinds: ['ACCOUNT'] })).hits).toMatchObject([
        { match: 'ID', account: { externalId } },
      ]);
    }
    expect((await search(externalId.slice(0, 6), { kinds: ['ACCOUNT'] })).hits).toContainEqual(
      expect.objectContaining({ match: 'PREFIX', account: { id: accounts[0]?.id, externalId } }),
    );
  });

  it('finds campaigns that were listed, and names accounts whose campaigns are not known', async () => {
    const unknown = await search('a', { kinds: ['CAMPAIGN'] });
    expect(unknown.hits).toEqual([]);
    expect(unknown.found.notSearched).toHaveLength(9);
    const now = stage.services.now();
    const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
    const database = stage.services.databases.get('integrations');
    const account = accounts[0];
    await database?.query(
      `INSERT INTO integrations.account_history (account_id, organization_id, currency, time_zone, wanted_from, due_at)
       VALUES ($1, $2, 'EUR', 'UTC', $3, now()) ON CONFLICT DO NOTHING`,
      [account?.id, nora.organizationId, day(-5)],
    );
    await database?.query(
      `INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status)
       VALUES ($1, $2, '4711', 'Brand – Été', 'ENDED', 'REMOVED')`,
      [account?.id, nora.organizationId],
    );
    const { found, hits } = await search('ete brand');
    expect(hits).toMatchObject([
      {
        kind: 'CAMPAIGN',
        match: 'WORD',
        account: { id: account?.id },
        campaign: { externalId: '4711', status: 'ENDED' },
      },
    ]);
    expect(found.notSearched).toHaveLength(8);
    for (const text of ['4711', hits[0].campaign.id]) {
      expect((await search(text, { kinds: ['CAMPAIGN'] })).hits).toMatchObject([
        { match: 'ID', campaign: { externalId: '4711' } },
      ]);
    }
    const byId = 'query ($id: ID!) { campaign(id: $id) { name status } }';
    expect((await stage.ask(nora, byId, { id: hits[0].campaign.id })).data.campaign).toEqual({
      name: 'Brand – Été',
      status: 'ENDED',
    });
  });

  it('finds campaigns of the answers that are cached', async () => {
    const stranger = someone();
    const [account] = (await stage.connect(stranger, 'google-ads')).accounts as { id: string; externalId: string }[];
    const day = (offset: number) =>
      new Date(stage.services.now().getTime() + offset * 86_400_000).toISOString().slice(0, 10);
    const listing = `query ($id: ID!, $range: DateRangeInput!) {
      account(id: $id) { campaigns(range: $range, first: 1) { edges { node { name } } } } }`;
    const [listed] = await Promise.all(
      [0, -1].map((end) =>
        stage.ask(stranger, listing, { id: account?.id, range: { start: day(end - 29), end: day(end) } }),
      ),
    );
    const campaign = listed?.data.account.campaigns.edges[0].node;
    const { hits, found } = await search(campaign.name, { kinds: ['CAMPAIGN'] }, stranger);
    expect(hits).toContainEqual(expect.objectContaining({ match: 'NAME', kind: 'CAMPAIGN' }));
    expect(found.notSearched.map(({ externalId }: any) => externalId)).not.toContain(account?.externalId);
  });

  it('pages without gaps, leaves archived clients out, and shows nothing of others', async () => {
    const whole = await search('a');
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { found }: any = await search('a', { first: 2, after });
      seen.push(...found.edges.map(({ node }: any) => node.client?.id ?? node.campaign?.id ?? node.account.id));
      after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(
      whole.hits.map(({ client, campaign, account }: any) => client?.id ?? campaign?.id ?? account.id),
    );
    expect(seen).toHaveLength(whole.found.totalCount);
    expect((await search('a', { after: 'WzFd' })).code).toBe('BAD_USER_INPUT');
    expect((await search('a', { first: 1001 })).code).toBe('BAD_USER_INPUT');
    const id = await createClient('Archived café');
    await stage.ask(nora, 'mutation ($id: ID!) { archiveClient(clientId: $id) { client { id } } }', { id });
    expect((await search('archived cafe')).hits).toEqual([]);
    expect((await search('archived cafe', { includeArchived: true })).hits).toMatchObject([{ match: 'NAME' }]);
    expect((await search(id, {}, someone())).hits).toEqual([]);
    const limited = { ...nora, role: 'VIEWER' as const, clientIds: [id] };
    const seenByLimited = (await search('a', { includeArchived: true }, limited)).hits;
    expect(seenByLimited.map(({ client }: any) => client?.id)).toEqual([id]);
  });
});
