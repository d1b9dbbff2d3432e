import type { ServiceContext } from '#reporting/context.js';
import type { Dataset, Summary } from '#reporting/dataset/dataset.js';
import { familyOf, findFacts } from './find-facts.js';
import { wordByModel } from './model/word-by-model.js';
import { choose, writeFacts } from './write-sentences.js';

/** Whose report is summarized; aborting ends the reading of rows. */
export interface SummarizeInput {
  organizationId: string;
  /** The report as it will be stored; its own summary is not read. */
  dataset: Dataset;
  signal?: AbortSignal;
}

/**
 * Returns what is worth saying about a report, in its language: from its dataset alone, by rules, and worded by a model where there is
 * one. Never throws but for an aborted signal: without a summary a report is complete, too.
 */
export async function summarize(context: ServiceContext, input: SummarizeInput): Promise<Summary> {
  const { dataset, organizationId, signal } = input;
  const { manifest } = dataset;
  const { language, sections, reportId } = manifest;
  try {
    const found = await findFacts(dataset, signal);
    const count = (all: unknown[]) => new Set(all).size;
    const written = writeFacts(language, found, {
      kinds: count(sections.flatMap(({ kind }) => (kind === 'TEXT' ? [] : familyOf(kind)))),
      currencies: count(found.flatMap(({ currency }) => currency ?? [])),
    });
    const facts = choose(written);
    const worded = await wordByModel(context, { organizationId, manifest, facts, signal });
    return worded ?? { wordedBy: 'RULES', model: null, sentences: facts.map(({ sentence }) => sentence) };
  } catch (error) {
    signal?.throwIfAborted();
    context.services.logger.error({ err: error, reportId }, 'A report has no summary');
    return { wordedBy: 'RULES', model: null, sentences: [] };
  }
}
