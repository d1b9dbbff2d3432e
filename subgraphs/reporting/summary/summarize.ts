import type { ServiceContext } from '#reporting/context.js';
import type { Dataset, Summary } from '#reporting/dataset/dataset.js';
import { familyOf, findFacts } from './find-facts.js';
import { sentencesOf, writeFacts } from './write-sentences.js';

/** Whose report is summarized; aborting ends the reading of rows. */
export interface SummarizeInput {
  organizationId: string;
  /** The report as it will be stored; its own summary is not read. */
  dataset: Dataset;
  signal?: AbortSignal;
}

/**
 * Returns what is worth saying about a report, in its language: from its dataset alone. Never throws but for an aborted signal: without
 * a summary a report is complete, too.
 */
export async function summarize({ services }: ServiceContext, input: SummarizeInput): Promise<Summary> {
  const { dataset, signal } = input;
  const { language, sections, reportId } = dataset.manifest;
  try {
    const facts = await findFacts(dataset, signal);
    const count = (all: unknown[]) => new Set(all).size;
    const written = writeFacts(language, facts, {
      kinds: count(sections.flatMap(({ kind }) => (kind === 'TEXT' ? [] : familyOf(kind)))),
      currencies: count(facts.flatMap(({ currency }) => currency ?? [])),
    });
    return { wordedBy: 'RULES', model: null, sentences: sentencesOf(written) };
  } catch (error) {
    signal?.throwIfAborted();
    services.logger.error({ err: error, reportId }, 'A report has no summary');
    return { wordedBy: 'RULES', model: null, sentences: [] };
  }
}
