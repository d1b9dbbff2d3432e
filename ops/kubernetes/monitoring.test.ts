import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { projectRoot } from '#runtime/process/project-root.js';

const folder = join(projectRoot, 'ops', 'kubernetes');
const objectsIn = (...path: string[]): any[] =>
  parseAllDocuments(readFileSync(join(folder, ...path), 'utf8')).map((document) => document.toJS());
const component = (file: string) => objectsIn('components', 'monitoring', file);
const base = readdirSync(join(folder, 'base')).flatMap((file) => objectsIn('base', file));
const rulesOf = (file: string) => parse(readFileSync(join(projectRoot, 'ops', 'prometheus', file), 'utf8')).groups;

describe('the component that monitors', () => {
  it('has the rules of ops/prometheus, whole and in their order', () => {
    const [rules] = component('rules.yaml');
    expect(rules).toMatchObject({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule' });
    expect(rules.spec.groups).toEqual([...rulesOf('objectives.yaml'), ...rulesOf('alerts.yaml')]);
  });

  it('scrapes every program, by the job that the rules name, with the operator token', () => {
    const [services, pods] = component('monitors.yaml');
    const [kustomization] = objectsIn('base', 'kustomization.yaml');
    const common = kustomization.labels[0].pairs;
    const matches = (labels: object, wanted: object) => expect({ ...labels, ...common }).toMatchObject(wanted);
    const deployments = base.filter(({ kind }) => kind === 'Deployment');
    const served = base.filter(({ kind }) => kind === 'Service');
    for (const { metadata, spec } of served) {
      matches(metadata.labels, services.spec.selector.matchLabels);
      expect(spec.ports.map(({ name }: { name: string }) => name)).toContain(services.spec.endpoints[0].port);
    }
    const others = deployments.filter(
      ({ metadata }) => !served.some((service) => service.metadata.name === metadata.name),
    );
    expect(others.map(({ metadata }) => metadata.name)).toEqual(['worker']);
    for (const { spec } of others) {
      matches(spec.template.metadata.labels, pods.spec.selector.matchLabels);
      const ports = spec.template.spec.containers[0].ports.map(({ name }: { name: string }) => name);
      expect(ports).toContain(pods.spec.podMetricsEndpoints[0].port);
    }
    for (const { spec } of [services, pods]) {
      expect(common[spec.jobLabel]).toBe('webmetrics');
      const [endpoint] = spec.endpoints ?? spec.podMetricsEndpoints;
      expect(endpoint).toMatchObject({
        path: '/metrics',
        authorization: { credentials: { name: 'webmetrics-secrets', key: 'OPERATOR_TOKEN' } },
      });
    }
  });

  it('is of files there are, and admitted by the network policies', () => {
    const [{ kind, resources, configurations }] = component('kustomization.yaml') as [any];
    expect(kind).toBe('Component');
    const present = readdirSync(join(folder, 'components', 'monitoring')).filter(
      (file) => file !== 'kustomization.yaml',
    );
    expect([...resources, ...configurations].sort()).toEqual(present.sort());
    const admitting = base.filter(
      (object) => object.kind === 'NetworkPolicy' && JSON.stringify(object.spec.ingress ?? []).includes('"monitoring"'),
    );
    expect(admitting).toHaveLength(base.filter((object) => object.kind === 'Deployment').length);
  });
});
