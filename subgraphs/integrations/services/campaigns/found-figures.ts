import type DataLoader from 'dataloader';
import type { DatedDay, HistoryQuestion } from '#integrations/loaders/history-loaders.js';
import type { CampaignRow, UnreadableRow } from '#integrations/providers/products.js';
import type { Answer } from '#integrations/services/ask/question.js';
import type { CampaignIndex } from './campaign-index.js';

/** The campaigns of an account over a range. */
export interface ReadCampaigns extends Answer<CampaignRow[]> {
  /** The rows that are left out. */
  unreadable: UnreadableRow[];
  /** The last day of the range that the figures cover; null = the range had not begun. */
  reportedThrough: string | null;
}

/** These, also by id and by name. */
export type FoundCampaigns = ReadCampaigns & { index: CampaignIndex };

/** A row that is left out, with its day. */
export type DatedUnreadableRow = UnreadableRow & { day: string; fetchedAt: Date };

/** The daily figures of an account over a range, oldest first, also by campaign. */
export interface FoundDays {
  days: DatedDay[];
  byCampaign: Record<string, DatedDay[]>;
  /** The rows that are left out, with their days, also by campaign. */
  unreadable: DatedUnreadableRow[];
  unreadableByCampaign: Record<string, DatedUnreadableRow[]>;
}

/** Reads and indexes an account's figures over a range once per operation, however many campaigns ask for theirs. */
export interface CampaignFigures {
  /** undefined where the provider offers no campaigns, and before the range begins. Throws InvalidInput for an invalid range. */
  campaigns: DataLoader<HistoryQuestion, FoundCampaigns | undefined, string>;
  /** Throws InvalidInput for an invalid range. */
  days: DataLoader<HistoryQuestion, FoundDays, string>;
}
