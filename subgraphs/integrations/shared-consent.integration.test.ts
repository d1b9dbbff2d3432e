import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const DISCONNECT = 'mutation ($id: ID!) { disconnect(connectionId: $id) { connection { status } } }';
const CAMPAIGNS =
  'query ($id: ID!) { account(id: $id) { campaigns(range: { start: "2026-09-01", end: "2026-09-07" }) { totalCount } } }';

let stage: Stage;
let nora: Identity;
beforeEach(async () => {
  stage = await openStage();
  nora = someone();
});
afterEach(() => stage.close());

const isActive = ({ status }: { status: string }) => status === 'ACTIVE';

// A person gives Google one consent: revoking it for one product would end the others.
it('disconnecting keeps the consent while other products of the provider share it, and revokes it with the last', async () => {
  const ads = await stage.connect(nora, 'google-ads');
  const analytics = await stage.connect(nora, 'google-analytics');
  const { id } = ads.accounts.find(isActive);
  expect((await stage.ask(nora, DISCONNECT, { id: analytics.id })).errors).toEqual([]);
  expect((await stage.ask(nora, CAMPAIGNS, { id })).errors).toEqual([]);
  await stage.simulated.takeCalls();
  expect((await stage.ask(nora, DISCONNECT, { id: ads.id })).errors).toEqual([]);
  const revoked = await stage.simulated.takeCalls('google-oauth');
  expect(revoked.map(({ path, status }) => `${path} ${status}`)).toEqual(['/revoke 200']);
});
