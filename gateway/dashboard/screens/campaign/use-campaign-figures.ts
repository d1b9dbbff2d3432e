import { useQuery } from '@tanstack/react-query';
import { CampaignFiguresDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { figuresOf } from '#dashboard/kit/period.ts';
import { useQuestion } from '#dashboard/kit/use-search.ts';
import type { CampaignHead } from './facts.tsx';

/**
 * Asks for the figures of a campaign, in the currency of its account: its row is among those of the account whose names contain its
 * own. `variables` and the cursor before the row are what the API explains its figures by.
 */
export function useCampaignFigures({ id, name, account }: CampaignHead) {
  const [question] = useQuestion();
  const { currency: _, filter: __, ...days } = figuresOf(question);
  const variables = { ...days, filter: { accountIds: [account.id], nameContains: name.slice(0, 200) || undefined } };
  const query = useQuery(ask(CampaignFiguresDocument, variables));
  const performance = query.data?.data.organization?.performance;
  const edges = performance?.edges ?? [];
  const index = edges.findIndex(({ node }) => node.campaign?.id === id);
  return {
    query,
    performance,
    row: edges[index]?.node,
    cursorBefore: edges[index - 1]?.cursor,
    explained: { ...variables, orderBy: { metric: 'COST', direction: 'DESC' } as const },
  };
}
