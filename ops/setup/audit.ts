import type { SignedCheckpoint } from '#ops/audit/checkpoint.js';
import { type InspectedTrail, inspectTrail } from '#ops/audit/inspect-trail.js';
import { lastHead } from '#ops/audit/known-checkpoints.js';
import { listTrails } from '#ops/audit/list-trails.js';
import { type AuditConsole, openAuditConsole } from '#ops/audit/open-audit-console.js';
import type { TrailProblem } from '#ops/audit/verify-trail.js';
import { withInstallation } from '#ops/backup/open-installation.js';
import { isRowId } from '#runtime/database/database.js';
import { ConfigurationError } from '#runtime/errors.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';

// `npm run audit`: verifies the audit trails, exiting with 1 when one is damaged, or prints their checkpoints.

const HELP = `npm run audit -- verify         looks for events that were edited, deleted, reordered or inserted
npm run audit -- checkpoints    prints the signed checkpoints, to be kept elsewhere or compared with others

  --organization <id>   one trail only; ${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)} is that of the installation
  --json                for programs

Ends with status 0 when every trail is sound, else with 1. Changes nothing.
`;

const print = (line: string) => process.stdout.write(`${line}\n`);
const many = (count: number, thing: string) => `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;

function readOptions() {
  const { flags, words } = readCommandLine({
    organization: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  const [command = flags.help ? 'help' : '', ...others] = words;
  if (!['verify', 'checkpoints', 'help'].includes(command) || others.length > 0) {
    throw new ConfigurationError('Say what to do: verify or checkpoints.');
  }
  const organization = flags.organization?.toLowerCase();
  if (organization && !isRowId(organization)) {
    throw new ConfigurationError('--organization must be the id of an organization.');
  }
  return { command, organization, isJson: Boolean(flags.json) };
}

interface Damage extends TrailProblem {
  organizationId: string;
}

function describeTrail({ organizationId, events, erased, removed, checkpoints, problem }: InspectedTrail): string[] {
  const head = lastHead(checkpoints) ?? checkpoints.cut;
  const lines = [`${organizationId}: ${problem ? problem.message : `${many(events, 'event')}, sound`}`];
  if (head) lines.push(`  vouched for up to event ${head.sequence}, at ${head.at}`);
  if (removed > 0) lines.push(`  ${many(removed, 'event')} removed from between others, as signed gaps say`);
  if (erased > 0) lines.push(`  ${many(erased, 'event')} without personal parts, as the trail says`);
  if (checkpoints.restored) lines.push(`  a backup was restored at ${checkpoints.restored.at}`);
  if (checkpoints.forged > 0)
    lines.push(`  ${many(checkpoints.forged, 'checkpoint')} with an invalid signature: ignored`);
  if (checkpoints.unknown > 0) {
    const advice = 'put it into TOKEN_ENCRYPTION_KEY_PREVIOUS to use them';
    lines.push(`  ${many(checkpoints.unknown, 'checkpoint')} signed with a key that is not configured: ${advice}`);
  }
  return lines;
}

async function verify(audit: AuditConsole, organizationIds: string[], isJson: boolean): Promise<boolean> {
  const problems: Damage[] = [];
  let events = 0;
  let unsigned = 0;
  for (const organizationId of organizationIds) {
    const trail = await inspectTrail(audit, organizationId);
    events += trail.events;
    if (trail.problem) problems.push({ organizationId, ...trail.problem });
    const { forged, unknown } = trail.checkpoints;
    unsigned += forged + unknown;
    const isNotable = trail.problem || forged + unknown > 0 || organizationIds.length === 1;
    if (!isJson && isNotable) for (const line of describeTrail(trail)) print(line);
  }
  const isSound = problems.length === 0;
  const trails = organizationIds.length;
  if (isJson) print(JSON.stringify({ isSound, trails, events, unusableCheckpoints: unsigned, problems }));
  else {
    const verdict = isSound ? 'nothing was changed.' : `${problems.length} damaged.`;
    print(`Verified ${many(events, 'event')} of ${many(trails, 'trail')}: ${verdict}`);
  }
  return isSound;
}

/** Returns a trail's distinct checkpoints, oldest first, with their stores. */
async function collectCheckpoints({ stores }: AuditConsole, organizationId: string) {
  const byText = new Map<string, { checkpoint: SignedCheckpoint; storeNames: string[] }>();
  for (const { name, of } of stores) {
    for (const checkpoint of await of(organizationId)) {
      const text = JSON.stringify(Object.entries(checkpoint).sort());
      const known = byText.get(text);
      if (known) known.storeNames.push(name);
      else byText.set(text, { checkpoint, storeNames: [name] });
    }
  }
  return [...byText.values()].sort((one, other) => (one.checkpoint.at < other.checkpoint.at ? -1 : 1));
}

async function printCheckpoints(audit: AuditConsole, organizationIds: string[], isJson: boolean): Promise<void> {
  for (const organizationId of organizationIds) {
    for (const { checkpoint, storeNames } of await collectCheckpoints(audit, organizationId)) {
      const verdict = audit.signer.judge(checkpoint);
      const { kind, sequence, hash, at, kid } = checkpoint;
      if (isJson) print(JSON.stringify({ ...checkpoint, verdict, places: storeNames }));
      else
        print(
          `${at} ${organizationId} ${kind} ${sequence} ${hash} (key ${kid}, ${verdict}) in ${storeNames.join(', ')}`,
        );
    }
  }
}

try {
  const { command, organization, isJson } = readOptions();
  if (command === 'help') process.stdout.write(HELP);
  else {
    await withInstallation(async (base) => {
      const audit = await openAuditConsole(base);
      const organizationIds = organization ? [organization] : await listTrails(audit.database, audit.stores);
      if (command === 'checkpoints') await printCheckpoints(audit, organizationIds, isJson);
      else process.exitCode = (await verify(audit, organizationIds, isJson)) ? 0 : 1;
    });
  }
} catch (error) {
  exitWith(error, 'The audit trail was not looked at.');
}
