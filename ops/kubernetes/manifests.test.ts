import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { settings as allSettings } from '#ops/setup/settings-list.js';
import { readComposeFile } from '#ops/testing/compose-file.js';
import { documentedVariables, sourceOf } from '#ops/testing/deployment.js';
import { projectRoot } from '#runtime/process/project-root.js';

const folder = join(projectRoot, 'ops', 'kubernetes');
const COMPONENT = 'app.kubernetes.io/component';
/** For requests in flight, and for running jobs, of a stopping program. */
const [REQUESTS_SECONDS, JOBS_SECONDS] = [20, 15];

const objectsIn = (path: string) =>
  parseAllDocuments(readFileSync(join(folder, path), 'utf8')).map((document) => document.toJS());
const files: string[] = parse(readFileSync(join(folder, 'base', 'kustomization.yaml'), 'utf8')).resources;
const objects: any[] = files.flatMap((file) => objectsIn(`base/${file}`));
const kind = (name: string) => objects.filter((object) => object.kind === name);
const named = (kindName: string, name: string) => kind(kindName).find(({ metadata }) => metadata.name === name);

const deployments: [string, any][] = kind('Deployment').map((object) => [object.metadata.name, object]);
const [backup] = kind('CronJob');
/** By component: the pod and its one container. */
const pods: [string, any][] = [
  ...deployments.map(([name, { spec }]) => [name, spec.template] as [string, any]),
  ['backup', backup.spec.jobTemplate.spec.template],
];
const portOf = (name: string) =>
  pods.find(([component]) => component === name)?.[1].spec.containers[0].ports[0].containerPort;
const settings = named('ConfigMap', 'webmetrics-settings').data;

const secretNames = allSettings
  .filter(({ name, isSecret, hasPassword }) => isSecret || hasPassword || name.endsWith('_CLIENT_ID'))
  .map(({ name }) => name);
const composed = readComposeFile({
  ...Object.fromEntries(secretNames.map((name) => [name, `the ${name}`])),
  BACKUP_S3_ACCESS_KEY_ID: 'an id',
  PUBLIC_URL: 'https://x.example.com',
});
const programs = Object.entries(composed).filter(([, { image }]) => image === 'webmetrics:local');

describe('the Kubernetes manifests', () => {
  it('include every file of the base', () => {
    const present = readdirSync(join(folder, 'base')).filter((file) => file !== 'kustomization.yaml');
    expect([...files].sort()).toEqual(present.sort());
  });

  it('run the programs of docker-compose.yml by the same commands', () => {
    const commands = deployments.map(([name, { spec }]) => [name, spec.template.spec.containers[0].command]);
    expect(Object.fromEntries(commands)).toEqual(
      Object.fromEntries(programs.map(([name, { command }]) => [name, command])),
    );
  });

  it.each(pods)('give %s a program there is, limits, settings, and no rights', (_name, { spec }) => {
    expect(spec.containers).toHaveLength(1);
    const [container] = spec.containers;
    expect([container.command[0], existsSync(sourceOf(container.command[1]))]).toEqual(['node', true]);
    expect(container.image).toBe('webmetrics');
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'webmetrics-settings' } }]);
    for (const { name, valueFrom } of container.env.filter((entry: any) => entry.valueFrom)) {
      expect(valueFrom).toEqual({ secretKeyRef: { name: 'webmetrics-secrets', key: name, optional: true } });
    }
    const amounts = { cpu: expect.any(String), memory: expect.any(String) };
    expect(container.resources).toEqual({ requests: amounts, limits: amounts });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec).toMatchObject({
      serviceAccountName: 'webmetrics',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(mounted).toEqual(spec.volumes.map(({ name }: { name: string }) => name));
    expect(container.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
  });

  it.each(deployments)('give %s the secrets that it has in docker-compose.yml', (component, { spec }) => {
    const given = spec.template.spec.containers[0].env
      .filter((entry: any) => entry.valueFrom)
      .map(({ name }: any) => name);
    const { environment } = composed[component] as { environment: Record<string, string> };
    // What is no secret, an address of telemetry, is in an overlay's settings.
    const expected = Object.keys(environment).filter(
      (name) =>
        environment[name] && [...secretNames, 'BACKUP_S3_ACCESS_KEY_ID'].includes(name) && !name.startsWith('OTEL_'),
    );
    // Identifiers, which compose gives to all.
    const isId = (name: string) => name.endsWith('_CLIENT_ID');
    expect(given.filter((name: string) => !isId(name)).sort()).toEqual(expected.filter((name) => !isId(name)).sort());
    expect(given.some(isId)).toBe(['integrations', 'worker'].includes(component));
  });

  it('make the role of docker-compose.yml in the overlay with databases of its own', () => {
    const script = (path: string) => readFileSync(join(projectRoot, 'ops', path), 'utf8');
    expect(script('kubernetes/overlays/local/create-role.sh')).toBe(script('docker/create-role.sh'));
  });

  it.each(deployments)('probe %s where it listens, and replace it without a gap', (name, { spec }) => {
    const [container] = spec.template.spec.containers;
    const listens = container.command.includes('--port')
      ? container.command[container.command.indexOf('--port') + 1]
      : settings.PORT;
    expect(container.ports).toEqual([
      { name: 'http', containerPort: Number(listens) },
      { name: 'health', containerPort: Number(settings.HEALTH_PORT) },
    ]);
    const asks = (path: string, port: string) => expect.objectContaining({ httpGet: { path, port } });
    expect([container.startupProbe, container.livenessProbe, container.readinessProbe]).toEqual([
      asks('/health', 'health'),
      asks('/health', 'health'),
      asks('/ready', 'http'),
    ]);
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    const variables = new Map((container.env ?? []).map((entry: any) => [entry.name, entry.value]));
    const preStopSeconds = container.lifecycle?.preStop.sleep.seconds ?? 0;
    const delaySeconds = preStopSeconds + Number(variables.get('STOP_DELAY_MS') ?? 0) / 1000;
    const workSeconds = name === 'worker' ? JOBS_SECONDS : REQUESTS_SECONDS;
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(delaySeconds + workSeconds);
    // Only a worker can stop at once: it gets no requests.
    expect(delaySeconds > 0).toBe(name !== 'worker');
  });

  it.each(deployments)('select the pods of %s by their label, and keep and scale them', (name, { metadata, spec }) => {
    const label = { [COMPONENT]: name };
    expect([metadata.labels, spec.selector.matchLabels, spec.template.metadata.labels]).toEqual([label, label, label]);
    const [spread] = spec.template.spec.topologySpreadConstraints;
    expect(spread.labelSelector.matchLabels).toEqual(label);
    expect(named('PodDisruptionBudget', name).spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: label } });
    const { scaleTargetRef, minReplicas } = named('HorizontalPodAutoscaler', name).spec;
    expect([scaleTargetRef.kind, scaleTargetRef.name, spec.replicas]).toEqual(['Deployment', name, undefined]);
    expect(minReplicas).toBeGreaterThan(1);
    if (name === 'worker') return;
    const service = named('Service', name).spec;
    expect(service).toEqual({ selector: label, ports: [{ name: 'http', port: portOf(name), targetPort: 'http' }] });
  });

  it('give the gateway the URLs of the subgraphs, and jobs that of the gateway', () => {
    const { env } = named('Deployment', 'gateway').spec.template.spec.containers[0];
    const urls = env.filter(({ name }: { name: string }) => name.startsWith('SUBGRAPH_'));
    const subgraphs = deployments.map(([name]) => name).filter((name) => !['gateway', 'worker'].includes(name));
    expect(urls).toEqual(
      subgraphs.map((name) => ({
        name: `SUBGRAPH_${name.toUpperCase()}_URL`,
        value: `http://${name}:${portOf(name)}/graphql`,
      })),
    );
    expect(settings.GATEWAY_URL).toBe(`http://gateway:${portOf('gateway')}/graphql`);
  });

  it('deny all traffic by default, and open only ports that are listened on', () => {
    const [first, ...others] = kind('NetworkPolicy');
    expect(first.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const components = pods.map(([name]) => name);
    for (const { spec } of others) {
      for (const { from, ports } of spec.ingress ?? []) {
        expect(from.length).toBeGreaterThan(0);
        expect(ports).toEqual([{ port: portOf(spec.podSelector.matchLabels[COMPONENT]) }]);
      }
      for (const { to = [], ports } of spec.egress ?? []) {
        const component = to[0]?.podSelector?.matchLabels[COMPONENT];
        if (component) expect(ports).toEqual([{ port: portOf(component) }]);
      }
    }
    const selected = JSON.stringify(others).match(new RegExp(`"${COMPONENT}":"([^"]+)"`, 'g')) ?? [];
    for (const text of selected) expect(components).toContain(text.split('"')[3]);
    // Subgraphs answer the gateway and readers of metrics.
    for (const name of components.filter((name) => !['gateway', 'worker', 'backup'].includes(name))) {
      const [pod] = named('NetworkPolicy', name).spec.ingress[0].from;
      expect(pod.podSelector.matchLabels[COMPONENT]).toBe('gateway');
    }
  });

  it('set only what .env.example describes', () => {
    const secrets = readFileSync(join(folder, 'secrets.env.example'), 'utf8');
    const inPods = pods.flatMap(([, { spec }]) => spec.containers[0].env).map(({ name }: any) => name);
    const used = [
      ...[...secrets.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name),
      ...Object.keys(settings),
      ...['local', 'production'].flatMap((overlay) =>
        objectsIn(`overlays/${overlay}/settings.yaml`).flatMap(({ data }) => Object.keys(data)),
      ),
      ...inPods,
    ];
    expect(used.filter((name) => !documentedVariables().has(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(25);
  });

  it('have a line for every secret there is', () => {
    const example = readFileSync(join(folder, 'secrets.env.example'), 'utf8');
    const lines = new Set([...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name));
    // Each subgraph has a key of its own here.
    const isOfOneProcess = (name: string) => name.startsWith('INTERNAL_JWT_SECRET');
    const clients = allSettings.filter(({ name }) => name.endsWith('_CLIENT_ID'));
    const secrets = [...allSettings.filter(({ isSecret }) => isSecret), ...clients]
      .map(({ name }) => name)
      .filter((name) => !isOfOneProcess(name));
    expect(secrets.filter((name) => !lines.has(name))).toEqual([]);
    expect(secrets.length).toBeGreaterThan(20);
  });

  it('carry no secret: each line of the example is empty', () => {
    const secrets = readFileSync(join(folder, 'secrets.env.example'), 'utf8').split('\n');
    expect(secrets.filter((line) => /^[A-Z_]+=./.test(line))).toEqual([]);
    expect(kind('Secret')).toEqual([]);
  });
});
