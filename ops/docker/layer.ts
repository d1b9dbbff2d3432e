import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '#runtime/errors.js';
import type { Stage } from './read-dockerfile.js';

/** A built stage: the folder with its files on top of this machine's, and its settings. */
export interface Layer {
  folder: string;
  environment: Record<string, string>;
  workdir: string;
  user: string;
}

const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Runs a shell command inside a layer, as the first process of a namespace of its own, with its mounts. Read-only, it can
 * write to /tmp and /data, as in a container.
 */
export function runIn(
  layer: Layer,
  command: string,
  options: { readOnly?: boolean; asUser?: boolean } & SpawnOptions,
): ChildProcess {
  const { readOnly, asUser, ...others } = options;
  const [root, work] = ['root', 'work'].map((name) => {
    const folder = `${layer.folder}.${name}`;
    mkdirSync(folder, { recursive: true });
    return folder;
  });
  const overlay = `${readOnly ? 'ro,' : ''}lowerdir=/,upperdir=${layer.folder},workdir=${work}`;
  const drop = asUser
    ? `setpriv --reuid=${layer.user.split(':')[0]} --regid=${layer.user.split(':')[1]} --clear-groups --bounding-set=-all --no-new-privs`
    : '';
  const environment = Object.entries(layer.environment).map(([name, value]) => shellQuoted(`${name}=${value}`));
  const inside = `cd ${layer.workdir} && exec ${drop} env ${asUser ? '-i PATH="$PATH"' : ''} ${environment.join(' ')} ${command}`;
  const script = [
    `mount -t overlay overlay -o ${overlay} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    ...(readOnly ? [`mount -t tmpfs tmpfs ${root}/tmp`, `mount -t tmpfs -o uid=1000,gid=1000 tmpfs ${root}/data`] : []),
    `exec chroot ${root} sh -c ${shellQuoted(inside)}`,
  ];
  return spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script.join('\n')], others);
}

async function mustRun(layer: Layer, command: string): Promise<void> {
  const [status] = await once(runIn(layer, `sh -c ${shellQuoted(command)}`, { stdio: 'inherit' }), 'exit');
  if (status !== 0) throw new ConfigurationError(`This step ended with status ${status}: ${command}`);
}

function copy(layer: Layer, rest: string, context: string, layers: Map<string, Layer>): void {
  const words = rest.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? layers.get(words.shift()?.slice('--from='.length) ?? '') : undefined;
  const target = words.pop() ?? '';
  for (const source of words) {
    const path = from ? join(from.folder, source) : join(context, source);
    if (!existsSync(path)) throw new ConfigurationError(`There is no ${source} to copy.`);
    const into = join(layer.folder, layer.workdir, target);
    const isInto = target.endsWith('/') || (target === '.' && !statSync(path).isDirectory());
    cpSync(path, isInto ? join(into, source) : into, { recursive: true, verbatimSymlinks: true });
  }
}

/** Builds a stage from the files of `context` and the layers before it. */
export async function buildLayer(
  { instructions }: Stage,
  layer: Layer,
  context: string,
  layers: Map<string, Layer>,
): Promise<Layer> {
  for (const { name, rest } of instructions) {
    if (name === 'WORKDIR') {
      layer.workdir = rest;
      mkdirSync(join(layer.folder, rest), { recursive: true });
    } else if (name === 'COPY') copy(layer, rest, context, layers);
    // A mount of BuildKit only saves time.
    else if (name === 'RUN') await mustRun(layer, rest.replace(/^(?:--mount=\S+\s+)+/, ''));
    else if (name === 'USER') layer.user = rest;
    else if (name === 'ENV') {
      for (const [, key = '', value = ''] of rest.matchAll(/(?<=^|\s)(\w+)=(\S+)/g)) layer.environment[key] = value;
    }
  }
  return layer;
}
