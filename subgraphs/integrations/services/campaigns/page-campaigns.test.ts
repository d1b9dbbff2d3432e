import { describe, expect, it } from '@jest/globals';
import type { CampaignRow } from '#integrations/providers/products.js';
import { encodeCursor } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';
import { compareByName } from './campaign-index.js';
import { pageCampaigns } from './page-campaigns.js';

const metrics = { impressions: 0, clicks: 0, cost: '0', conversions: 0, conversionValue: '0', actions: null };
const campaign = (name: string, externalId: string): CampaignRow => ({
  externalId,
  name,
  status: 'ACTIVE',
  providerStatus: 'ENABLED',
  objective: null,
  type: null,
  budget: null,
  metrics,
});

const campaigns = [
  campaign('zebra', '5'),
  campaign('Apple', '2'),
  campaign('Übergang', '4'),
  campaign('apple 10', '7'),
  campaign('apple 9', '6'),
  campaign('Apple', '1'),
].sort(compareByName);

const idsOf = ({ edges }: ReturnType<typeof pageCampaigns>) => edges.map(({ node }) => node.externalId);

describe('pages of campaigns', () => {
  it('are sorted by name in natural order, then by id', () => {
    expect(idsOf(pageCampaigns(campaigns, { first: 10 }))).toEqual(['1', '2', '6', '7', '4', '5']);
  });

  it('start after a cursor and detect the end of the list', () => {
    const one = pageCampaigns(campaigns, { first: 4 });
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const two = pageCampaigns(campaigns, { first: 4, after: one.pageInfo.endCursor });
    expect([...idsOf(one), ...idsOf(two)]).toEqual(['1', '2', '6', '7', '4', '5']);
    expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(two.totalCount).toBe(6);
  });

  it.each([['nonsense'], [encodeCursor([1, 2])], [encodeCursor(['only one'])]])('refuse the cursor %s', (after) => {
    expect(() => pageCampaigns(campaigns, { first: 1, after })).toThrow(InvalidInput);
  });
});
