import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { hasPromtool, promtool } from '#ops/testing/promtool.js';
import { LIMITS } from '#runtime/alerts/conditions/limits.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { registry } from '#runtime/telemetry/registry.js';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: { summary: string; runbook: string };
}

const folder = join(projectRoot, 'ops', 'prometheus');
const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8'));
const rulesIn = (file: string): Rule[] => read(file).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);
const alerts = rulesIn('alerts.yaml');
const records = rulesIn('objectives.yaml');
const recorded = new Set(records.map(({ record }) => record));

await renderMetrics();
const metrics = await registry.getMetricsAsJSON();
const exported = new Set(
  metrics.flatMap(({ name, type }) =>
    String(type) === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
  ),
);

const seriesIn = (expr: string) => expr.match(/\bwebmetrics[:_][a-zA-Z0-9_:]+/g) ?? [];

const whenPromtool = hasPromtool ? it : it.skip;

describe('the rules for Prometheus', () => {
  it.each([
    ['alerts.yaml', alerts],
    ['objectives.yaml', records],
  ])('of %s ask only for what is exported or recorded', (_file, rules) => {
    const used = rules.flatMap(({ expr }) => seriesIn(expr));
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((series) => !exported.has(series) && !recorded.has(series))).toEqual([]);
  });

  it('say what an alert is about, how urgent it is and where its page is', () => {
    expect(alerts.length).toBeGreaterThan(20);
    for (const { alert = '', labels, annotations } of alerts) {
      expect(alert).toMatch(/^WebMetrics[A-Z]\w+$/);
      expect([alert, labels?.severity]).toEqual([alert, expect.stringMatching(/^(?:page|ticket)$/)]);
      expect([alert, existsSync(join(projectRoot, annotations?.runbook ?? ''))]).toEqual([alert, true]);
    }
  });

  it('have a test in which each alert fires', () => {
    const tests = readdirSync(folder).filter((file) => file.endsWith('.test.yaml'));
    const fired = tests.flatMap((file) =>
      read(file).tests.flatMap(({ alert_rule_test = [] }: any) =>
        alert_rule_test.filter((one: any) => one.exp_alerts.length > 0).map((one: any) => one.alertname),
      ),
    );
    expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.includes(alert))).toEqual([]);
  });

  it('are those that the example of a configuration loads', () => {
    const { rule_files, scrape_configs } = read('prometheus.yaml');
    expect(rule_files).toEqual(['objectives.yaml', 'alerts.yaml']);
    expect(scrape_configs.map(({ job_name }: any) => job_name)).toEqual(['webmetrics']);
  });

  it.each<[string, (number | string)[]]>([
    ['ErrorShareHigh', [LIMITS.errorShare, LIMITS.errorRequests]],
    ['QueueOld', [LIMITS.queueSeconds]],
    ['MailWaiting', [LIMITS.mailSeconds]],
    ['ProviderFailing', [LIMITS.failingOrganizations, LIMITS.failingShare]],
    ['BackupOverdue', [`${LIMITS.backupIntervals} * max(`]],
    ['RestoreDrillOverdue', [LIMITS.restoreDrillSeconds]],
    ['AuditVerificationOverdue', [LIMITS.auditVerificationSeconds]],
    ['DiskAlmostFull', [LIMITS.freeDiskShare]],
    ['CertificateEnding', [LIMITS.certificateSeconds]],
    ['ClockWrong', [LIMITS.clockSeconds]],
  ])('begin to hold where the conditions do: %s', (name, limits) => {
    const expr = alerts.find(({ alert }) => alert === `WebMetrics${name}`)?.expr ?? '';
    const computed = expr.replace(/\b(\d+) \* (\d+)\b/g, (_, left, right) => String(left * right));
    const compared = [...computed.matchAll(/[<>]=? ([^ \n]+(?: \* max\()?)/g)].map(([, limit]) => limit);
    expect(compared).toEqual(limits.map(String));
  });

  whenPromtool('are valid, as promtool says', () => {
    const files = ['alerts.yaml', 'objectives.yaml'].map((file) => join(folder, file));
    expect(promtool('check', 'rules', ...files)).toEqual({ isOk: true, output: expect.stringContaining('SUCCESS') });
    const configuration = promtool('check', 'config', '--syntax-only', join(folder, 'prometheus.yaml'));
    expect(configuration).toMatchObject({ isOk: true });
  });

  whenPromtool('fire, stay quiet and are resolved as their tests say', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.test.yaml'));
    expect(files.length).toBeGreaterThan(2);
    const { isOk, output } = promtool('test', 'rules', ...files.map((file) => join(folder, file)));
    expect(isOk ? 'SUCCESS' : output).toBe('SUCCESS');
  });
});
