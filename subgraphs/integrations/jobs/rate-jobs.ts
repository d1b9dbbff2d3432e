import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { copyReferenceRates } from '#integrations/services/rates/copy-reference-rates.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Copies the reference rates of currencies. */
export function copyRatesJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.copy-rates',
    schedule: '1 hour',
    run: (_data, { signal }) => copyReferenceRates(createJobContext(dependencies), { signal }),
  };
}
