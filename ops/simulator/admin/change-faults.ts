import { faultSchema } from '#simulator/faults.js';
import { readJson } from './read-json.js';
import { AdminInputError, type AdminRequest, type AdminTools } from './tools.js';

/** Adds one fault, or a list of them, behind those still pending. */
export function addFault({ faults, providers }: AdminTools, request: AdminRequest) {
  const input = readJson(request);
  const wanted = (Array.isArray(input) ? input : [input]).map((fault) => faultSchema.parse(fault));
  const ids = providers.map((provider) => provider.id);
  for (const fault of wanted) {
    if (!ids.includes(fault.provider)) throw new AdminInputError(`provider must be one of ${ids.join(', ')}`);
  }
  for (const fault of wanted) faults.add(fault);
  return { pending: faults.list() };
}

/** Forgets the faults still pending. */
export function clearFaults({ faults }: AdminTools) {
  faults.clear();
  return { pending: [] };
}
