import { pick } from 'es-toolkit/object';
import type { AlertCategory, Notice } from '#runtime/alert.js';
import type { ProcessIdentity } from '#runtime/process/process-identity.js';
import type { Holding } from './conditions/condition.js';
import type { Runbook } from './runbooks.js';

/** What holds, as the processes of an installation have found it together. Times as ISO 8601. */
export interface FiringAlert {
  name: Runbook;
  category: AlertCategory;
  message: string;
  details?: Record<string, unknown>;
  firstAt: string;
  lastAt: string;
  /** When operators were last notified; absent = not yet. */
  notifiedAt?: string;
  /** Whether a cause held meanwhile, which was reported instead. */
  isExplained?: true;
  /** The process that found it first. */
  source: ProcessIdentity;
}

/** By condition and subject. */
export type FiringAlerts = Record<string, FiringAlert>;

/** What one process has found of one condition. */
export interface Finding {
  name: Runbook;
  category: AlertCategory;
  causes: Runbook[];
  holdings: Holding[];
}

/** For causes to be found, also by another process: their consequences are not reported then. */
const CAUSE_MS = 15_000;
/** Longer than processes take from one look to the next: until then another may still find it. */
const OVER_MS = 25_000;
const REMIND_MS = 60 * 60 * 1000;
/** What no process looks at any more is forgotten. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

const keyOf = (name: Runbook, subject: string | undefined) => (subject ? `${name} ${subject}` : name);
const since = (text: string, now: Date) => now.getTime() - new Date(text).getTime();
const earlier = (one: string, other: string) => (one < other ? one : other);
const later = (one: string, other: string) => (one > other ? one : other);

/** Returns those that these findings hold to be so. */
export function heldOf(alerts: FiringAlerts, findings: Finding[]): FiringAlerts {
  const keys = findings.flatMap(({ name, holdings }) => holdings.map(({ subject }) => keyOf(name, subject)));
  return pick(alerts, keys);
}

/** Returns both in one: of what both have, what was found and reported first. */
export function mergeFiring(one: FiringAlerts, other: FiringAlerts): FiringAlerts {
  const merged = { ...one };
  for (const [key, alert] of Object.entries(other)) {
    const known = merged[key];
    merged[key] = known
      ? {
          ...alert,
          ...known,
          firstAt: earlier(known.firstAt, alert.firstAt),
          lastAt: later(known.lastAt, alert.lastAt),
        }
      : alert;
  }
  return merged;
}

function hold(known: FiringAlert | undefined, finding: Finding, holding: Holding, now: Date, source: ProcessIdentity) {
  const { name, category } = finding;
  const { message, details } = holding;
  const firstAt = (holding.since ?? now).toISOString();
  const lastAt = (holding.until ?? now).toISOString();
  if (!known) return { name, category, message, details, firstAt, lastAt, source };
  return { ...known, message, details, lastAt: later(known.lastAt, lastAt), firstAt: earlier(known.firstAt, firstAt) };
}

function noticeOf(key: string, alert: FiringAlert, status: Notice['status'], text: string): Notice {
  const { name: runbook, category, details, firstAt, lastAt, source } = alert;
  return {
    alert: { category, key, runbook, message: `${alert.message}${text}`, details },
    count: 1,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    status,
    source,
  };
}

function describeEnd({ firstAt, lastAt, notifiedAt }: FiringAlert): string {
  const seconds = Math.max(1, Math.round((new Date(lastAt).getTime() - new Date(firstAt).getTime()) / 1_000));
  return notifiedAt ? ` Resolved after ${seconds} s.` : ` It was so for ${seconds} s, and is resolved.`;
}

/**
 * Returns what holds after a process has looked, and what operators are to be notified of: each alert when it begins, unless a cause explains
 * it, every hour while it lasts, and when it is over; one that was over soon is reported once.
 */
export function applyFindings(
  before: FiringAlerts,
  findings: Finding[],
  { now, source }: { now: Date; source: ProcessIdentity },
): { after: FiringAlerts; notices: Notice[] } {
  const after: FiringAlerts = { ...before };
  const looked = new Map(findings.map((finding) => [finding.name, finding]));
  const held = new Set<string>();
  for (const finding of findings) {
    for (const holding of finding.holdings) {
      const key = keyOf(finding.name, holding.subject);
      after[key] = hold(after[key], finding, holding, now, source);
      if (!holding.until) held.add(key);
    }
  }
  const holding = new Set(Object.values(after).map(({ name }) => name));
  const notices: Notice[] = [];
  for (const [key, alert] of Object.entries(after)) {
    const causes = looked.get(alert.name)?.causes ?? [];
    if (!alert.notifiedAt && causes.some((cause) => holding.has(cause))) after[key] = { ...alert, isExplained: true };
    const { notifiedAt, isExplained } = after[key] as FiringAlert;
    if (held.has(key)) {
      const isExplainedNow = isExplained && causes.some((cause) => holding.has(cause));
      const isSettled = causes.length === 0 || since(alert.firstAt, now) >= CAUSE_MS;
      if (!notifiedAt && (isExplainedNow || !isSettled)) continue;
      if (notifiedAt && since(notifiedAt, now) < REMIND_MS) continue;
      const { isExplained: _, ...reported } = { ...alert, notifiedAt: now.toISOString() };
      after[key] = reported;
      notices.push(
        noticeOf(
          key,
          reported,
          notifiedAt ? 'repeated' : 'raised',
          notifiedAt ? ` It still is so, since ${alert.firstAt}.` : '',
        ),
      );
    } else if (looked.has(alert.name) && since(alert.lastAt, now) >= OVER_MS) {
      delete after[key];
      if (notifiedAt || !isExplained) notices.push(noticeOf(key, alert, 'resolved', describeEnd(alert)));
    }
  }
  const isKept = ([, { lastAt }]: [string, FiringAlert]) => since(lastAt, now) <= FORGOTTEN_MS;
  return { after: Object.fromEntries(Object.entries(after).filter(isKept)), notices };
}
