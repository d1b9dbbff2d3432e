import { reasonOf } from '#runtime/log/reason-of.js';
import type { Check, CheckContext } from './check.js';
import { type Finding, problem } from './finding.js';
import { hideSecrets } from './hide-secrets.js';

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

/**
 * Runs all checks at once, each up to the deadline, and returns their findings without secrets. Checks without
 * findings are left out.
 */
export async function examine(
  checks: Check[],
  context: Omit<CheckContext, 'signal'>,
  deadlineMs: number,
  listener?: ExaminationListener,
): Promise<Examination[]> {
  const hide = hideSecrets(context.environment);
  const running = new Set(checks.map(({ name }) => name));
  listener?.onRunning([...running]);
  await Promise.all(checks.map((check) => check.prepare?.(context)));
  const examinations = await Promise.all(
    checks.map(async (check): Promise<Examination> => {
      const findings = await runWithin(check, context, deadlineMs);
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
