import {
  ExplainCampaignsDocument,
  type ExplainCampaignsQueryVariables,
  type PerformanceMetric,
} from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { type Explained, Explanation } from '#dashboard/kit/findings.tsx';
import { measures } from './measures.ts';

export interface CampaignExplanationProps {
  /** Those of the list; it is explained without a comparison. */
  variables: Omit<ExplainCampaignsQueryVariables, 'metric' | 'isTotal' | 'after'> & { compareTo?: string };
  explained: Explained;
  onChange: (explained: Explained | undefined) => void;
}

/** Explains a figure of the list, or of its sum. */
export function CampaignExplanation({ variables, explained, onChange }: CampaignExplanationProps) {
  const { compareTo: _, ...asked } = variables;
  return (
    <Explanation
      measures={measures}
      explained={explained}
      questionOf={({ metric, ...which }) =>
        ask(ExplainCampaignsDocument, { ...asked, ...which, metric: metric as PerformanceMetric })
      }
      findingsOf={({ organization }) =>
        organization?.performance?.totals?.find(({ currency }) => currency === explained.currency)?.explain ??
        organization?.performance?.edges?.[0]?.node.explain
      }
      onChange={onChange}
    />
  );
}
