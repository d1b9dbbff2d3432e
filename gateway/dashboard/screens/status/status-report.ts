/** What `GET /api/status` answers anyone, and, with the rest, operators. null = unknown, for the reason in `unknown`. */
export interface StatusReport {
  status: 'ok' | 'degraded' | 'not ready';
  version: string;
  /** Seconds. */
  uptime: number;
  environment?: string;
  database?: { mode: string; isReachable: boolean } | null;
  migrations?: Record<string, { applied: number; pending: string[] }> | null;
  jobs?: { backend: string; waiting: number; running: number; dead: number; kinds: JobKind[] } | null;
  backups?: {
    lastBackup: { finishedAt: string; bytes: number; rows: number } | null;
    isLastBackupOk: boolean | null;
    lastVerifiedRestore: { finishedAt: string } | null;
    isLastRestoreOk: boolean | null;
  } | null;
  integrations?: { connections?: Record<string, number> } | null;
  billing?: { payments?: { failedInLastDay: number; pastDueOrganizations: number } } | null;
  cache?: string;
  memory?: { residentBytes: number };
  eventLoop?: { p99DelayMs: number; utilization: number };
  subgraphs?: Record<string, { transport: string; status: string }>;
  checks?: Record<string, string>;
  unknown?: Record<string, string>;
}

export interface JobKind {
  name: string;
  waiting: number;
  running: number;
  dead: number;
  nextRunAt: string | null;
}
