import type DataLoader from 'dataloader';
import type { DatedDay, HistoryQuestion } from '#integrations/loaders/history-loaders.js';
import type { CampaignRow, UnreadableRow } from '#integrations/providers/products.js';
import type { Answer } from '#integrations/services/ask/question.js';

/** The campaigns of an account over a range, also by id. */
export type FoundCampaigns = Answer<CampaignRow[]> & {
  byId: Map<string, CampaignRow>;
  /** The rows that are left out. */
  unreadable: UnreadableRow[];
};

/** A row that is left out, with its day. */
export type DatedUnreadableRow = UnreadableRow & { day: string; fetchedAt: Date };

/** The daily figures of an account over a range, oldest first, also by campaign. */
export interface FoundDays {
  days: DatedDay[];
  byCampaign: Record<string, DatedDay[]>;
  /** The rows that are left out, with their days. */
  unreadable: DatedUnreadableRow[];
}

/** Reads and indexes an account's figures over a range once per operation, however many campaigns ask for theirs. */
export interface CampaignFigures {
  /** undefined where the provider offers no campaigns. Throws InvalidInput for an invalid range. */
  campaigns: DataLoader<HistoryQuestion, FoundCampaigns | undefined, string>;
  /** Throws InvalidInput for an invalid range. */
  days: DataLoader<HistoryQuestion, FoundDays, string>;
}
