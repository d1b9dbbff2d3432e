import type { ServiceContext } from '#reporting/context.js';
import type { Dataset, Manifest } from '#reporting/dataset/dataset.js';
import { type AttemptedReport, openDatasetWriter, publishDataset } from '#reporting/dataset/store-dataset.js';

/** Stores a whole dataset as that of a report. Returns its manifest. */
export async function storeDataset(
  context: ServiceContext,
  { report, dataset }: { report: AttemptedReport; dataset: Dataset },
): Promise<Manifest> {
  const { sections, ...facts } = dataset.manifest;
  const writer = await openDatasetWriter(context, { report, sections });
  for (const { id } of sections) for await (const rows of dataset.rows(id)) await writer.add(id, rows);
  const stored = await writer.finish();
  const complete = sections.map((section, index) => ({ ...section, ...stored[index] }));
  const manifest = { ...facts, sections: complete, reportId: report.id };
  return context.database.transaction((manager) => publishDataset(manager, { report, manifest }));
}
