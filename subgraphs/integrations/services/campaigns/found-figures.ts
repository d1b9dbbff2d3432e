import type DataLoader from 'dataloader';
import type { DatedDay, HistoryQuestion } from '#integrations/loaders/history-loaders.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import type { Answer } from '#integrations/services/ask/question.js';

/** The campaigns of an account over a range, also by id. */
export type FoundCampaigns = Answer<CampaignRow[]> & { byId: Map<string, CampaignRow> };

/** The daily figures of an account over a range, oldest first, also by campaign. */
export interface FoundDays {
  days: DatedDay[];
  byCampaign: Record<string, DatedDay[]>;
}

/** Reads and indexes an account's figures over a range once per operation, however many campaigns ask for theirs. */
export interface CampaignFigures {
  /** undefined where the provider offers no campaigns. Throws InvalidInput for an invalid range. */
  campaigns: DataLoader<HistoryQuestion, FoundCampaigns | undefined, string>;
  /** Throws InvalidInput for an invalid range. */
  days: DataLoader<HistoryQuestion, FoundDays, string>;
}
