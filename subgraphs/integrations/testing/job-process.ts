import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '#ops/testing/eventually.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { HistoryStage } from './open-history-stage.js';
import type { JobTask } from './run-job-until-killed.js';

/** A job that runs in a process of its own. */
export interface JobProcess {
  /** Resolves when it stored a part, or ended. */
  next(): Promise<'a part is in' | 'ends'>;
  /** Ends it with SIGKILL, also one that has ended. */
  kill(): Promise<void>;
}

/** Runs a job in a process of its own, with the database and the clock of a stage; it hangs after each part that it stores. */
export async function startJob(
  { services, simulated, clock }: HistoryStage,
  { name, data, environment = {} }: Pick<JobTask, 'name' | 'data'> & Partial<Pick<JobTask, 'environment'>>,
): Promise<JobProcess> {
  const program = join(projectRoot, 'dist/subgraphs/integrations/testing/run-job-until-killed.js');
  const child: ChildProcess = fork(program, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const messages: string[] = [];
  let arrive = () => {};
  child.on('message', (message: string) => {
    messages.push(message);
    arrive();
  });
  const next = async () => {
    while (messages.length === 0) {
      await new Promise<void>((resolve) => {
        arrive = resolve;
      });
    }
    return messages.shift() as never;
  };
  const task: JobTask = {
    environment: { ...services.config.variables, DATABASE_URL: services.databaseUrl, ...environment },
    simulatorUrl: simulated.url,
    now: clock.now.toISOString(),
    name,
    data,
  };
  child.send(task);
  await next();
  return {
    next,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Starts a job and kills it in the middle of a transaction, where it waits to write to a table (`schema.name`). Resolves once PostgreSQL has
 * ended that transaction.
 */
export async function killWhileWriting(
  { database, sql }: HistoryStage,
  table: string,
  start: () => Promise<JobProcess>,
): Promise<void> {
  const locksOf = async (condition: string) =>
    (await sql(`SELECT FROM pg_locks WHERE relation = $1::regclass AND ${condition}`, [table])).length;
  const holder = database.createQueryRunner();
  try {
    await holder.connect();
    await holder.startTransaction();
    await holder.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const child = await start();
    await eventually('it waits in the middle of writing', async () => (await locksOf('NOT granted')) > 0);
    await child.kill();
  } finally {
    await holder.rollbackTransaction();
    await holder.release();
  }
  // While it waits for the lock it does not notice that its client is gone: it may write, but commits nothing.
  await eventually('PostgreSQL has noticed', async () => (await locksOf("mode = 'RowExclusiveLock'")) === 0);
}
