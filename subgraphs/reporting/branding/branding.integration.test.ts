import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { DROP_CLIENT_BRANDING } from '#kit/drop-client-job.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { contrastWithWhite } from '#reporting/branding/colors.js';
import { openReportingDatabase } from '#reporting/database.js';
import { dropClientBrandingJob } from '#reporting/jobs/drop-client-branding.js';
import { member, openTestReporting, type TestReporting } from '#reporting/testing/open-test-reporting.js';
import type { Identity } from '#runtime/identity/identity.js';
import { languageFor, presentationOf } from './presentation.js';

const FIELDS = 'client { id } name primaryColor accentColor footer language logo { url hash width height } version';
const SET = `mutation ($clientId: ID, $input: BrandingInput!, $version: Int! = 0) {
  setBranding(clientId: $clientId, input: $input, version: $version) { branding { ${FIELDS} } }
}`;
const UPLOAD = `mutation ($clientId: ID, $picture: String!) {
  uploadLogo(clientId: $clientId, picture: $picture) { branding { ${FIELDS} } }
}`;
const READ = `query ($id: ID!) {
  _entities(representations: [{ __typename: "Organization", id: $id }]) {
    ... on Organization { branding { ${FIELDS} } clientBrandings(first: 1) { edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage } } }
  }
}`;
const LOGO = 'query ($clientId: ID) { brandingLogo(clientId: $clientId) { hash png } }';

describe('branding', () => {
  let stage: TestReporting;
  let database: Awaited<ReturnType<typeof openReportingDatabase>>;
  const [first, second] = [randomUUID(), randomUUID()].sort() as [string, string];
  const admin = member(undefined, 'ADMIN');
  const { organizationId } = admin;
  beforeAll(async () => {
    stage = await openTestReporting();
    database = await openReportingDatabase(stage.services);
  });
  afterAll(() => stage.close());

  const set = (variables: object, identity: Identity = admin) => stage.ask(SET, identity, { ...variables });
  const codeOf = ({ errors }: { errors?: readonly { extensions?: { code?: unknown } }[] }) =>
    errors?.[0]?.extensions?.code;
  const read = async (identity: Identity = admin) => {
    const { data, errors } = await stage.ask(READ, identity, { id: identity.organizationId });
    expect(errors).toBeUndefined();
    return (data as any)._entities[0];
  };
  const manifest = { language: 'de', organization: 'Harbour Agency' } as const;
  const presented = (clientIds: string[], organization: string = organizationId) =>
    presentationOf({ database }, { organizationId: organization, clientIds, manifest });

  it('is the default until something is set', async () => {
    expect((await read()).branding).toMatchObject({ name: null, primaryColor: null, logo: null, version: 0 });
    const { language, branding } = await presented([]);
    expect({ language, ...branding }).toMatchObject({
      language: 'de',
      name: 'Harbour Agency',
      logo: null,
      footer: null,
    });
    expect(contrastWithWhite(branding.primaryColor)).toBeGreaterThan(4.5);
    expect(contrastWithWhite(branding.accentColor)).toBeGreaterThan(3);
  });

  it('changes what is given, once per version', async () => {
    const input = { name: 'Hafen', primaryColor: '#7A1F2B', footer: 'Hafen GmbH · 品牌 · وكالة', language: 'de' };
    const { data } = await set({ input });
    expect((data as any).setBranding.branding).toMatchObject({
      ...input,
      primaryColor: '#7a1f2b',
      accentColor: null,
      version: 1,
    });
    const both = await Promise.all([1, 2].map((n) => set({ input: { accentColor: `#00700${n}` }, version: 1 })));
    expect(both.map(codeOf).sort()).toEqual(['CONFLICT', undefined].sort());
    const again = await set({ input: { footer: null }, version: 2 });
    expect((again.data as any).setBranding.branding).toMatchObject({ name: 'Hafen', footer: null, version: 3 });
  });

  it.each([
    ['primaryColor', '#ffcc00', 'and has 1.5:1: #'],
    ['primaryColor', '#fff', 'must be a colour such as #1a4fd6'],
    ['primaryColor', 'url(x)', 'must be a colour'],
    ['accentColor', '#ffffff', 'must have a contrast of 3:1 with white'],
    ['name', 'x'.repeat(10_000), 'must have at most 100 characters'],
    ['name', 'See www.example.com', 'must not contain an address'],
    ['footer', 'x'.repeat(201), 'must have at most 200 characters'],
    ['footer', 'two\nlines', 'must be one line'],
    ['footer', 'turned \u202e round', 'must be plain text'],
    ['language', 'fr', 'must be one of en, de, ar'],
  ])('refuses %s %s', async (field, value, problem) => {
    const { errors } = await set({ input: { [field]: value }, version: 3 });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(problem),
      extensions: { code: 'BAD_USER_INPUT', details: [{ argument: `input.${field}` }] },
    });
  });

  it('names a shade that passes', async () => {
    const { errors } = await set({ input: { primaryColor: '#ffcc00' }, version: 3 });
    const [, shade = ''] = /(#[0-9a-f]{6}) is the nearest/.exec(String(errors?.[0]?.message)) ?? [];
    expect(codeOf(await set({ input: { primaryColor: shade }, version: 3 }))).toBeUndefined();
  });

  it('of a client counts for reports of that client alone, field by field', async () => {
    expect(codeOf(await set({ clientId: first, input: { name: 'Kunde', language: 'ar' } }))).toBeUndefined();
    expect((await presented([first])).branding).toMatchObject({
      name: 'Kunde',
      primaryColor: (await read()).branding.primaryColor,
    });
    for (const clientIds of [[], [first, second], [second]]) {
      expect((await presented(clientIds)).branding.name).toBe('Hafen');
    }
    expect((await presented([first], randomUUID())).branding.name).toBe('Harbour Agency');
    const languages = [[first], [second]].map((clientIds) => languageFor({ database }, { organizationId, clientIds }));
    expect(await Promise.all(languages)).toEqual(['ar', 'de']);
    const given = [
      languageFor({ database }, { organizationId, clientIds: [first], language: 'en' }),
      languageFor({ database }, { organizationId: randomUUID(), clientIds: [] }),
    ];
    expect(await Promise.all(given)).toEqual(['en', 'en']);
  });

  it('has a logo, drawn anew, which the audit trail names by its hash', async () => {
    const picture = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    const { data } = await stage.ask(UPLOAD, admin, { clientId: first, picture: picture.toString('base64') });
    const { logo } = (data as any).uploadLogo.branding;
    expect(logo).toMatchObject({
      width: 40,
      height: 20,
      url: expect.stringContaining(`/api/clients/${first}/logo?hash=`),
    });
    const shown = (await presented([first])).branding.logo;
    expect(await sharp(Buffer.from(shown!.png)).metadata()).toMatchObject({ format: 'png', width: 40 });
    const opened = await stage.ask(LOGO, member(organizationId, 'VIEWER'), { clientId: first });
    expect((opened.data as any).brandingLogo.hash).toBe(logo.hash);
    const refused = await stage.ask(UPLOAD, admin, { picture: Buffer.from('GIF89a').toString('base64') });
    expect(refused.errors?.[0]).toMatchObject({ message: expect.stringContaining('and is GIF') });
    const events = await stage.services.operations.query(
      'SELECT * FROM operations.audit_event WHERE organization_id = $1',
      [organizationId],
    );
    const text = JSON.stringify(events);
    expect(text).toContain('logo.uploaded');
    expect(text).toContain(logo.hash);
    expect(text.length).toBeLessThan(20_000);
  });

  it('is decided by ADMINs, for clients of their organization, and read by members limited to theirs', async () => {
    const limited: Identity = { ...member(organizationId, 'ADMIN'), clientIds: [second] };
    const stranger = member(undefined, 'ADMIN');
    expect(codeOf(await set({ input: {} }, member(organizationId, 'ANALYST')))).toBe('FORBIDDEN');
    expect(codeOf(await set({ clientId: second, input: {} }, limited))).toBe('FORBIDDEN');
    expect(codeOf(await set({ clientId: '00000000-0000-4000-8000-000000000000', input: {} }))).toBe('NOT_FOUND');
    expect(codeOf(await set({ clientId: 'x', input: {} }))).toBe('NOT_FOUND');
    await set({ clientId: second, input: { name: 'Zweiter' } });
    expect((await read()).clientBrandings).toMatchObject({
      edges: [{ node: { name: 'Kunde' } }],
      pageInfo: { hasNextPage: true },
    });
    expect((await read(limited)).clientBrandings).toMatchObject({
      edges: [{ node: { name: 'Zweiter' } }],
      pageInfo: { hasNextPage: false },
    });
    expect((await stage.ask(LOGO, limited, { clientId: first })).data).toEqual({ brandingLogo: null });
    expect((await stage.ask(LOGO, stranger, { clientId: first })).data).toEqual({ brandingLogo: null });
    expect((await read(stranger)).clientBrandings.edges).toEqual([]);
    const remove = 'mutation ($clientId: ID) { removeBranding(clientId: $clientId) { branding { version } } }';
    expect(codeOf(await stage.ask(remove, stranger, { clientId: first }))).toBe('NOT_FOUND');
  });

  it('goes with its client, or when it is taken away', async () => {
    const job = dropClientBrandingJob({ services: stage.services, database });
    expect(job.name).toBe(DROP_CLIENT_BRANDING);
    await job.run({ key: first, organizationId }, testJobRun());
    expect((await presented([first])).branding).toMatchObject({ name: 'Hafen', logo: null });
    const remove = 'mutation { removeBranding { branding { version name } } }';
    expect((await stage.ask(remove, admin)).data).toEqual({ removeBranding: { branding: { version: 0, name: null } } });
    expect((await presented([])).branding.name).toBe('Harbour Agency');
    const [{ count }] = await database.query('SELECT count(*)::int AS count FROM reporting.branding_logo');
    expect(count).toBe(0);
  });
});
