import { reasonOf } from '#runtime/log/reason-of.js';
import { type Check, type CheckContext, serviceTimeoutMs, withPatience } from './check.js';
import { type Finding, problem, warning } from './finding.js';
import { hideSecrets } from './hide-secrets.js';
import { type DescribeLoad, watchLoad } from './host-load.js';

/** The findings of one check. */
export interface Examination {
  name: string;
  findings: Finding[];
}

async function runWithin(check: Check, context: Omit<CheckContext, 'signal'>, deadlineMs: number): Promise<Finding[]> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => {
      ending.abort();
      const message = `The check did not finish within ${deadlineMs / 1000} seconds`;
      resolve([problem(message, 'What it needs may be hanging: see the other findings, then try again.')]);
    }, deadlineMs);
  });
  try {
    return await Promise.race([check.run({ ...context, signal: ending.signal }), late]);
  } catch (error) {
    return [problem(`The check failed: ${reasonOf(error)}`, 'See the other findings first.')];
  } finally {
    clearTimeout(timer);
  }
}

/** Receives progress. */
export interface ExaminationListener {
  onRunning(names: string[]): void;
  onFinished(examination: Examination): void;
}

/** How much longer everything may take at the second try on a busy machine. */
const PATIENCE = 5;

const isFine = (findings: Finding[]) => findings.every(({ level }) => level === 'ok');

/** Runs a check alone once more, with more time. What answers now was slow, not broken. */
async function runPatiently(
  check: Check,
  context: Omit<CheckContext, 'signal'>,
  { deadlineMs, load }: { deadlineMs: number; load: string },
): Promise<Finding[]> {
  const startedAt = performance.now();
  const findings = await withPatience(PATIENCE, () => runWithin(check, context, deadlineMs * PATIENCE));
  if (!isFine(findings)) return findings;
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000);
  const message = `Slow, not broken: it answered at the second try, after ${seconds} s (${load})`;
  return [...findings, warning(message, 'Try again when this machine is less busy, or give it more processors.')];
}

export interface ExaminationOptions {
  listener?: ExaminationListener;
  describeLoad?: DescribeLoad;
}

/**
 * Runs all checks at once, each up to the deadline, and returns their findings without secrets. Checks without findings are left out.
 * On a busy machine, what took too long is tried once more, one after the other.
 */
export async function examine(
  checks: Check[],
  context: Omit<CheckContext, 'signal'>,
  deadlineMs: number,
  { listener, describeLoad = watchLoad() }: ExaminationOptions = {},
): Promise<Examination[]> {
  const hide = hideSecrets(context.environment);
  const running = new Set(checks.map(({ name }) => name));
  listener?.onRunning([...running]);
  await Promise.all(checks.map((check) => check.prepare?.(context)));
  const late: Promise<unknown>[] = [];
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = Promise.all(late).then(work);
    late.push(turn);
    return turn;
  };
  const tooLongMs = Math.min(serviceTimeoutMs(), deadlineMs);
  const firstTries: Promise<unknown>[] = [];
  const findingsOf = async (check: Check): Promise<Finding[]> => {
    const startedAt = performance.now();
    const first = runWithin(check, context, deadlineMs);
    firstTries.push(first);
    const findings = await first;
    // Timers round down.
    const hasTakenLong = performance.now() - startedAt >= tooLongMs - 1;
    const load = hasTakenLong && !isFine(findings) ? describeLoad() : undefined;
    if (load === undefined) return findings;
    await Promise.all(firstTries);
    return inTurn(() => runPatiently(check, context, { deadlineMs, load }));
  };
  const examinations = await Promise.all(
    checks.map(async (check): Promise<Examination> => {
      const findings = await findingsOf(check);
      const examination = {
        name: check.name,
        findings: findings.map(({ level, message, advice }) => ({
          level,
          message: hide(message),
          ...(advice === undefined ? {} : { advice: hide(advice) }),
        })),
      };
      running.delete(check.name);
      if (findings.length > 0) listener?.onFinished(examination);
      listener?.onRunning([...running]);
      return examination;
    }),
  );
  return examinations.filter(({ findings }) => findings.length > 0);
}
