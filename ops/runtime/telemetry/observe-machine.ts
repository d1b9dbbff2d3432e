import { rememberBriefly } from '#runtime/cache/remember-briefly.js';
import { freeShareOf } from '#runtime/health/disk-space.js';
import { certificateEnd } from '#runtime/http/certificate-end.js';
import { FigureSource, figureGauge, secondsOf } from './figure-source.js';

/** What surrounds a process. */
export interface MachineFigures {
  folders: { folder: string; freeShare: number | undefined }[];
  certificates: { host: string; endsAt: Date | undefined }[];
}

export interface WatchedMachine {
  /** By what they are for. */
  folders: Record<string, string>;
  /** https addresses. */
  addresses: string[];
}

const MEMORY_MS = 15_000;
const CERTIFICATE_MEMORY_MS = 10 * 60 * 1000;

const source = new FigureSource<MachineFigures>();

/** Returns a function that reads free space and certificates; the latter at most every ten minutes. */
export function readMachine({ folders, addresses }: WatchedMachine): () => Promise<MachineFigures> {
  const certificates = rememberBriefly(
    () =>
      Promise.all(
        addresses.map(async (url) => ({
          host: new URL(url).host,
          endsAt: await certificateEnd(url).catch(() => undefined),
        })),
      ),
    CERTIFICATE_MEMORY_MS,
  );
  const readFolders = () =>
    Promise.all(
      Object.entries(folders).map(async ([folder, path]) => ({ folder, freeShare: await freeShareOf(path) })),
    );
  return rememberBriefly(async () => ({ folders: await readFolders(), certificates: await certificates() }), MEMORY_MS);
}

/** Shows free space and certificates in the metrics; undefined = no longer. */
export function watchMachine(reader: (() => Promise<MachineFigures>) | undefined): void {
  source.watch(reader);
}

/** Returns the figures; undefined while they cannot be read. */
export const readSurroundings = (): Promise<MachineFigures | undefined> => source.read();

figureGauge(source, {
  name: 'webmetrics_disk_free_ratio',
  help: 'Share of the file system that is free, 0 to 1, by what the folder is for: data or backups.',
  labelNames: ['folder'],
  aggregator: 'min',
  samples: ({ folders }) => folders.map(({ folder, freeShare }) => ({ labels: { folder }, value: freeShare })),
});

figureGauge(source, {
  name: 'webmetrics_certificate_end_timestamp_seconds',
  help: 'When the certificate at PUBLIC_URL, or at a subgraph, ends, in seconds since 1970.',
  labelNames: ['host'],
  aggregator: 'min',
  samples: ({ certificates }) =>
    certificates.map(({ host, endsAt }) => ({ labels: { host }, value: secondsOf(endsAt) })),
});
