import type { ServiceContext } from '#reporting/context.js';
import type { Conversion, Days, Manifest, Section, SectionSource } from '#reporting/dataset/dataset.js';
import { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import { type DatasetWriter, openDatasetWriter } from '#reporting/dataset/store-dataset.js';
import type { ReportStep, UnavailableAccount } from '#reporting/entities/report.js';
import { summarize } from '#reporting/summary/summarize.js';
import type { SectionDefinition } from '#reporting/templates/definition.js';
import {
  type Answered,
  columnsOf,
  isComparedSection,
  type ReadColumn,
  sectionIds,
} from '#reporting/templates/section-columns.js';
import type { Caller } from '#runtime/http/graph-client.js';
import type { JobRun } from '#runtime/jobs/jobs.js';
import { isUnavailableCode } from '#runtime/jobs/jobs.js';
import { type ClaimedReport, updateClaimed } from './claim-report.js';
import { callerFor } from './graph.js';
import { publishReport } from './publish-report.js';
import { type ReportFacts, readFacts } from './read-facts.js';
import { readSection } from './read-section.js';
import { AccountsUnavailable, isFailing, MAX_ATTEMPTS, NoAccounts } from './report-failure.js';
import { type Covered, coveredBy } from './section-question.js';
import { unavailableAccount } from './section-sources.js';
import { AccountAway, mayWaitForAccount } from './waiting.js';

/** The share of reading in the progress. */
const READING_PERCENT = 90;
const SUMMARIZING_PERCENT = 92;
const STORING_PERCENT = 97;

/** Sections that show figures of accounts. */
const needsAccounts = ({ kind }: SectionDefinition) => !['TEXT', 'BUDGETS', 'ACCOUNTS'].includes(kind);

interface PlannedSection {
  id: string;
  definition: SectionDefinition;
  columns: ReadColumn[];
  range: Days | null;
}

/** Not an error: what is left of a section is not read, as the report fails anyway. */
class Skipped extends Error {}

/** Makes the dataset of a claimed report, section by section. */
class ReportMaker {
  readonly #context: ServiceContext;
  readonly #report: ClaimedReport;
  readonly #run: JobRun;
  readonly #caller: Caller;
  readonly #covered: Covered;
  readonly #unavailable = new Map<string, UnavailableAccount>();
  #conversion: Answered | null = null;

  constructor(context: ServiceContext, report: ClaimedReport, run: JobRun) {
    this.#context = context;
    this.#report = report;
    this.#run = run;
    this.#caller = callerFor(report.organizationId, `report-${report.id}`);
    this.#covered = coveredBy(report);
  }

  /** Makes the report and publishes it. Throws ClaimLost once it is cancelled, deleted or taken over. */
  async make(): Promise<void> {
    const { definition } = this.#report;
    await this.#proceed('READING', 0);
    const facts = await readFacts(this.#context, { report: this.#report, caller: this.#caller });
    if (facts.providers.size === 0 && definition.sections.some(needsAccounts)) {
      throw new NoAccounts(
        'There is no connected account to report on. Connect one, or order the report for other clients, then order it again.',
      );
    }
    const sections = this.#plan(definition.sections);
    const outlines = sections.map(({ id, columns, range }) => ({
      id,
      range,
      columns: columns.map(({ column }) => column),
    }));
    const writer = await openDatasetWriter(this.#context, { report: this.#report, sections: outlines });
    const read = await this.#readSections(sections, writer, facts);
    if (this.#mustFail()) throw new AccountsUnavailable([...this.#unavailable.values()]);
    const stored = new Map((await writer.finish()).map((section) => [section.id, section]));
    const complete = read.map((section) => ({ ...section, ...stored.get(section.id) })) as Section[];
    await this.#publish(this.#manifest(complete, facts));
  }

  #plan(sections: SectionDefinition[]): PlannedSection[] {
    const ids = sectionIds(sections);
    const isCompared = this.#covered.compared !== null;
    return sections.map((definition, index) => ({
      id: ids[index] as string,
      definition,
      columns: columnsOf(definition, { isCompared }),
      range: ['TEXT', 'ACCOUNTS'].includes(definition.kind) ? null : this.#covered.range,
    }));
  }

  /** Whether the report fails for accounts that cannot be read: of the other sections only the accounts they miss are read. */
  #mustFail = () => this.#unavailable.size > 0 && this.#report.onUnavailable === 'FAIL';

  async #proceed(step: ReportStep, progress: number, stepSection: number | null = null): Promise<void> {
    const { services, database } = this.#context;
    const changes = { step, stepSection, progress, claimedAt: services.now() };
    await updateClaimed(database, { report: this.#report, changes });
    this.#run.signal.throwIfAborted();
    await this.#run.reportProgress(progress);
  }

  #checkSources(sources: SectionSource[]): void {
    const mayWait = mayWaitForAccount(this.#report, this.#context.services.now());
    for (const source of sources) {
      if (source.state !== 'MISSING') continue;
      const account = unavailableAccount(source);
      if (!isFailing(account.code)) continue;
      if (isUnavailableCode(account.code) && mayWait)
        throw new AccountAway(`${account.name}: ${account.message}`, account.code);
      if (!this.#unavailable.has(source.accountId)) this.#unavailable.set(source.accountId, account);
    }
  }

  async #readSections(sections: PlannedSection[], writer: DatasetWriter, facts: ReportFacts) {
    const read: Omit<Section, 'rowCount' | 'controlTotals' | 'hash'>[] = [];
    for (const [index, section] of sections.entries()) {
      const { id, definition, columns, range } = section;
      const { kind, title, text, tiles, table, charts } = definition;
      const compared = isComparedSection(definition) ? this.#covered.compared : null;
      const show = { tiles, table };
      const outline = {
        id,
        kind,
        title,
        text,
        range,
        compared,
        columns: columns.map(({ column }) => column),
        show,
        charts,
      };
      const figures =
        kind === 'TEXT' ? null : await this.#readFigures(section, { index, count: sections.length, writer, facts });
      this.#conversion ??= figures?.conversion ?? null;
      const { totals = [], totalCount = 0, sources = [] } = figures ?? {};
      read.push({ ...outline, totals, totalCount, sources });
    }
    return read;
  }

  async #readFigures(
    { id, definition, columns }: PlannedSection,
    { index, count, writer, facts }: { index: number; count: number; writer: DatasetWriter; facts: ReportFacts },
  ) {
    const at = (share: number) => Math.round(((index + share) / count) * READING_PERCENT);
    await this.#proceed('READING', at(0), index);
    const reading = readSection(this.#context, {
      section: definition,
      columns,
      covered: this.#covered,
      caller: this.#caller,
      providers: facts.providers,
      onSources: (sources) => this.#checkSources(sources),
      onRows: async (rows, share) => {
        if (this.#mustFail()) throw new Skipped();
        await writer.add(id, rows);
        await this.#proceed('READING', at(share), index);
      },
      onRestart: () => writer.restart(id),
    });
    return reading.catch((error: unknown) => {
      if (error instanceof Skipped) return null;
      throw error;
    });
  }

  #manifest(sections: Section[], { organization, clients }: ReportFacts): Omit<Manifest, 'hash'> {
    const { id, title, templateId, templateName, templateVersion, timeZone, currency, language } = this.#report;
    return {
      version: 1,
      reportId: id,
      title,
      organization,
      clients,
      template: { id: templateId, name: templateName, version: templateVersion },
      range: this.#covered.range,
      compared: this.#covered.compared,
      timeZone,
      currency,
      conversion: conversionOf(this.#conversion),
      language,
      generatedAt: this.#context.services.now().toISOString(),
      summary: { wordedBy: 'RULES', model: null, sentences: [] },
      sections,
    };
  }

  async #publish(manifest: Omit<Manifest, 'hash'>): Promise<void> {
    const { database } = this.#context;
    const { id: reportId, attempts: attempt, organizationId } = this.#report;
    await this.#proceed('SUMMARIZING', SUMMARIZING_PERCENT);
    const draft = { ...manifest, hash: '' };
    const dataset = new StoredDataset(database, { reportId, attempt, hash: '', rowCount: 0, manifest: draft });
    const summary = await summarize(this.#context, { organizationId, dataset, signal: this.#run.signal });
    await this.#proceed('STORING', STORING_PERCENT);
    await publishReport(this.#context, {
      report: this.#report,
      manifest: { ...manifest, summary },
      sources: worstSources(manifest.sections.flatMap(({ sources }) => sources)),
      unavailableAccounts: [...this.#unavailable.values()],
    });
  }
}

function conversionOf(answered: Answered | null): Conversion | null {
  if (!answered) return null;
  const { currency, source, sourceUrl, rates } = answered as unknown as Conversion;
  return {
    currency,
    source,
    sourceUrl,
    rates: rates.map(({ currency, from, to, rate }) => ({ currency, from, to, rate })),
  };
}

/**
 * Makes the dataset of a claimed report and publishes it. Throws what is worth a retry or a wait, AccountsUnavailable and NoAccounts,
 * which are neither, and ClaimLost.
 */
export async function makeReport(
  context: ServiceContext,
  { report, run }: { report: ClaimedReport; run: JobRun },
): Promise<void> {
  // Failed attempts are settled: more claims mean that workers died.
  if (report.isTakenOver && report.attempts - report.waits > MAX_ATTEMPTS)
    throw new Error(`Every worker that took report ${report.id} has vanished.`);
  await new ReportMaker(context, report, run).make();
}
