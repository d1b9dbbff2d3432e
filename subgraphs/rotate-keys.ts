import { recordOperation } from '#ops/audit/record-operation.js';
import { loadConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import {
  planRotation,
  type Rotation,
  type RotationOptions,
  type RotationState,
  readRotationState,
  rotateKeys,
} from '#runtime/sealing/rotate-keys.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';

// `npm run rotate-keys [-- --dry-run | --verify] [--json]`: seals every provider token with the current
// TOKEN_ENCRYPTION_KEY, under load. Status 0 = no other key is needed.

const print = (line: string) => process.stdout.write(`${line}\n`);

function describeState({ currentKey, columns, isComplete }: RotationState): string[] {
  const lines = columns.flatMap(({ name, keys, damaged, keyMissing }) => [
    ...Object.entries(keys).map(
      ([keyId, count]) => `${name}: ${count} with ${keyId === 'none' ? 'no key' : `key ${keyId}`}`,
    ),
    ...damaged.map((id) => `${name}: the row ${id} does not open: it was changed, or belongs to another row`),
    ...keyMissing.map((id) => `${name}: the row ${id} does not open: its key is not configured`),
  ]);
  const verdict = isComplete
    ? `Everything is sealed with the current key, ${currentKey}: TOKEN_ENCRYPTION_KEY_PREVIOUS may be removed.`
    : `Not everything is sealed with the current key, ${currentKey}, and opens: keep the keys you have. If values came ` +
      'with an older key meanwhile, a process still seals with it: restart it and run this again. A connection whose ' +
      'row does not open must be connected again.';
  return [...lines, verdict];
}

function describeRotation({ changes, state }: Rotation): string[] {
  const lines = Object.entries(changes).map(
    ([name, { resealed, overtaken, skipped }]) =>
      `${name}: ${resealed} sealed anew, ${overtaken} replaced meanwhile, ${skipped} skipped`,
  );
  return [...lines, ...describeState(state)];
}

interface Result {
  json: object;
  lines: string[];
  isGood: boolean;
}

async function run(options: RotationOptions, mode: 'plan' | 'verify' | 'rotate', isQuiet: boolean): Promise<Result> {
  if (mode === 'plan') {
    const plan = await planRotation(options);
    const lines = Object.entries(plan).map(([name, count]) => `${name}: ${count} to seal anew`);
    return { json: { plan }, lines: [...lines, 'Nothing was changed.'], isGood: true };
  }
  if (mode === 'verify') {
    const state = await readRotationState(options);
    return { json: state, lines: describeState(state), isGood: state.isComplete };
  }
  const rotation = await rotateKeys(options, (name, done, total) => {
    if (!isQuiet) print(`${name}: ${done} of ${total}`);
  });
  return { json: rotation, lines: describeRotation(rotation), isGood: rotation.state.isComplete };
}

try {
  const { flags } = readCommandLine({
    'dry-run': { type: 'boolean' },
    verify: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const mode = flags.verify ? 'verify' : flags['dry-run'] ? 'plan' : 'rotate';
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel, name: 'rotate-keys' });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    const { operations, sealer } = await openServices(openBaseServices({ config, logger, lifecycle }));
    const definitions = await Promise.all(subgraphNames.map((name) => subgraphs[name]()));
    const columns = definitions.flatMap(({ sealedColumns }) => sealedColumns);
    const options = { database: operations, sealer, columns, logger };
    const { json, lines, isGood } = await run(options, mode, Boolean(flags.json));
    if (mode === 'rotate') {
      const after = { key: sealer.currentKeyId, isComplete: isGood };
      await operations.transaction((manager) =>
        recordOperation(manager, 'operator', { action: 'keys.rotated', after }),
      );
    }
    for (const line of flags.json ? [JSON.stringify(json)] : lines) print(line);
    process.exitCode = isGood ? 0 : 1;
  });
  await lifecycle.close();
} catch (error) {
  exitWith(error, 'The keys cannot be rotated.');
}
