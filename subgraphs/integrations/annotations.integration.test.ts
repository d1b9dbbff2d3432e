import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const NOTE = 'id text version range { start end } client { name } account { id } createdBy { id }';
const CREATE = `mutation ($range: DateRangeInput!, $text: String!, $clientId: ID, $accountId: ID) {
  createAnnotation(range: $range, text: $text, clientId: $clientId, accountId: $accountId) { annotation { ${NOTE} } } }`;
const UPDATE = `mutation ($id: ID!, $version: Int!, $range: DateRangeInput, $text: String) {
  updateAnnotation(annotationId: $id, version: $version, range: $range, text: $text) { annotation { ${NOTE} } } }`;
const DELETE = 'mutation ($id: ID!) { deleteAnnotation(annotationId: $id) { annotationId } }';
const LIST = `query ($of: [_Any!]!, $range: DateRangeInput, $filter: AnnotationFilterInput, $first: Int! = 50, $after: String) {
  _entities(representations: $of) { ... on Organization {
    annotations(range: $range, filter: $filter, first: $first, after: $after) {
      edges { node { ${NOTE} } } pageInfo { hasNextPage endCursor } } } } }`;
const BESIDE = /* GraphQL */ `
  query ($of: [_Any!]!, $range: DateRangeInput, $compareTo: Comparison, $filter: PerformanceFilterInput) {
    _entities(representations: $of) {
      ... on Organization {
        performance(range: $range, compareTo: $compareTo, filter: $filter) { annotations { text } }
      }
    }
  }
`;

const september = { start: '2026-09-01', end: '2026-09-30' };

describe('notes on days', () => {
  const owner = someone();
  const { organizationId } = owner as { organizationId: string };
  const analyst = someone('ANALYST', organizationId);
  let stage: Stage;
  let accounts: { id: string; externalId: string }[];
  let clientId: string;

  beforeAll(async () => {
    stage = await openStage();
    accounts = (await stage.connect(owner, 'google-ads')).accounts;
    const create = 'mutation ($ids: [ID!]!) { createClient(name: "Acme", accountIds: $ids) { client { id } } }';
    clientId = (await stage.ask(owner, create, { ids: [accounts[0]?.id] })).data.createClient.client.id;
    await write('launch', { clientId }, { start: '2026-09-10', end: '2026-09-12' });
    await write('budget used up', { accountId: accounts[1]?.id }, { start: '2026-09-20', end: '2026-09-20' });
    await write('site down', {}, { start: '2026-08-31', end: '2026-09-01' });
    await write('new year', {}, { start: '2026-01-01', end: '2026-01-01' });
  });
  afterAll(() => stage.close());

  async function write(text: string, about: object, range = september, as: Identity = analyst) {
    const { data, code, errors } = await stage.ask(as, CREATE, { range, text, ...about });
    return { note: data?.createAnnotation?.annotation, code, errors };
  }
  const of = (as: Identity) => [{ __typename: 'Organization', id: as.organizationId, timeZone: 'UTC' }];
  async function list(variables: object = {}, as: Identity = owner) {
    const { data, code } = await stage.ask(as, LIST, { of: of(as), ...variables });
    const found = data?._entities[0]?.annotations;
    return { code, found, texts: found?.edges.map(({ node }: any) => node.text) };
  }
  async function beside(variables: object, as: Identity = owner): Promise<string[]> {
    const { data } = await stage.ask(as, BESIDE, { of: of(as), range: september, ...variables });
    return data._entities[0].performance.annotations.map(({ text }: any) => text);
  }

  it('are listed by day, by range, and by what they are about', async () => {
    expect((await list()).texts).toEqual(['budget used up', 'launch', 'site down', 'new year']);
    expect((await list({ range: september })).texts).toEqual(['budget used up', 'launch', 'site down']);
    expect((await list({ range: { start: '2026-09-12', end: '2026-09-12' } })).texts).toEqual(['launch']);
    expect((await list({ filter: { clientIds: [clientId] } })).texts).toEqual(['launch', 'site down', 'new year']);
    const ofAccount = { filter: { accountIds: [accounts[1]?.externalId] } };
    expect((await list(ofAccount)).texts).toEqual(['budget used up', 'site down', 'new year']);
    expect((await list({ filter: { clientIds: [randomUUID()] } })).code).toBe('NOT_FOUND');
    const { found } = await list({ first: 2 });
    expect((await list({ first: 2, after: found.pageInfo.endCursor })).texts).toEqual(['site down', 'new year']);
    expect((await list({ after: 'WzFd' })).code).toBe('BAD_USER_INPUT');
  });

  it('stand beside figures of their days and of those they are compared with', async () => {
    expect(await beside({})).toEqual(['budget used up', 'launch', 'site down']);
    expect(await beside({ filter: { accountIds: [accounts[0]?.id] } })).toEqual(['launch', 'site down']);
    expect(await beside({ range: { start: '2026-01-02', end: '2026-01-03' } })).toEqual([]);
    const compared = { range: { start: '2026-01-02', end: '2026-01-03' }, compareTo: 'PREVIOUS_PERIOD' };
    expect(await beside(compared)).toEqual(['new year']);
  });

  it('about other clients and about everything are not shown to a member limited to some clients', async () => {
    const limited: Identity = { ...someone('VIEWER', organizationId), clientIds: [clientId] };
    expect((await list({}, limited)).texts).toEqual(['launch']);
    expect(await beside({}, limited)).toEqual(['launch']);
    expect((await list({}, someone())).texts).toEqual([]);
  });

  it('are plain text of one to 500 characters, whose markup is kept as it is', async () => {
    const markup = '<img src=x onerror=alert(1)>\r\nsee https://status.example.com';
    const { note } = await write(`  ${markup} `, {});
    expect(note).toMatchObject({ text: markup.replace('\r', ''), version: 1, createdBy: { id: analyst.userId } });
    expect((await stage.ask(analyst, DELETE, { id: note.id })).data.deleteAnnotation.annotationId).toBe(note.id);
    expect((await write('x'.repeat(500), {})).code).toBeUndefined();
    for (const text of ['', ' \n ', 'x'.repeat(501), 'a\0b', 'pay \u202e001', 'in\u200bvisible']) {
      const { code, errors } = await write(text, {});
      expect([code, errors[0].extensions.details[0].argument]).toEqual(['BAD_USER_INPUT', 'text']);
    }
  });

  it.each([
    ['days that end before they start', { range: { start: '2026-09-02', end: '2026-09-01' } }, 'BAD_USER_INPUT'],
    ['more days than figures have', { range: { start: '2020-01-01', end: '2026-09-01' } }, 'BAD_USER_INPUT'],
    ['an unknown client', { clientId: randomUUID() }, 'NOT_FOUND'],
    ['an unknown account', { accountId: 'nonsense' }, 'NOT_FOUND'],
  ])('are refused for %s', async (_what, { range, ...about }: any, code) => {
    expect((await write('x', about, range)).code).toBe(code);
    expect((await write('x', { clientId, accountId: accounts[0]?.id })).code).toBe('BAD_USER_INPUT');
  });

  it('are changed by their author and by administrators, by one of two who have read the same version', async () => {
    const { note } = await write('draft', {});
    const other = someone('ANALYST', organizationId);
    const key: Identity = {
      kind: 'apiKey',
      apiKeyId: randomUUID(),
      organizationId,
      role: 'ANALYST',
      scopes: ['write:annotations'],
      requestId: 'test',
    };
    for (const stranger of [other, key]) {
      expect((await stage.ask(stranger, UPDATE, { id: note.id, version: 1, text: 'mine' })).code).toBe('FORBIDDEN');
      expect((await stage.ask(stranger, DELETE, { id: note.id })).code).toBe('FORBIDDEN');
    }
    const edits = [{ text: 'one' }, { range: { start: '2026-10-01', end: '2026-10-02' } }];
    const answers = await Promise.all(
      edits.map((edit) => stage.ask(analyst, UPDATE, { id: note.id, version: 1, ...edit })),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual(['CONFLICT', undefined]);
    const admin = await stage.ask(owner, UPDATE, { id: note.id, version: 2, text: 'final' });
    expect(admin.data.updateAnnotation.annotation).toMatchObject({
      text: 'final',
      version: 3,
      createdBy: { id: analyst.userId },
    });
    for (const query of [UPDATE, DELETE]) {
      const foreign = await stage.ask(someone(), query, { id: note.id, version: 3 });
      expect([foreign.code, foreign.errors[0].message]).toEqual(['NOT_FOUND', 'There is no annotation with this id.']);
    }
    expect((await stage.ask(someone('VIEWER', organizationId), DELETE, { id: note.id })).code).toBe('FORBIDDEN');
    const own = await write('by a key', {}, september, key);
    expect(own.note.createdBy).toBeNull();
    expect((await stage.ask(key, DELETE, { id: own.note.id })).code).toBeUndefined();
    expect((await stage.ask(owner, DELETE, { id: note.id })).code).toBeUndefined();
  });

  it('end with their client, and are in the personal data of their author', async () => {
    const data = (await stage.subgraph.personalData(analyst.userId as string)) as { annotations: { text: string }[] };
    expect(data.annotations.map(({ text }) => text)).toContain('launch');
    await stage.ask(owner, 'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: clientId });
    expect((await list()).texts).not.toContain('launch');
  });
});
