import { dayIn } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { figuresOfRange } from '#simulator/data/daily-figures.js';
import { adSetsOf, findMetaAccount, findMetaCampaign, metaAccounts } from '#simulator/data/meta-accounts.js';
import type { Ad, AdGroup } from '#simulator/data/parts/ad-groups.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import { getPerson } from '#simulator/oauth/people.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { listCampaigns, readFiltering, readPartStatuses } from './campaign-filter.js';
import { fieldListText, fieldsNamed, printNode, readFieldList, type SelectedField } from './field-list.js';
import { GraphError, invalidParameter, missingObject, permissionMissing } from './graph-error.js';
import { answerInsights } from './insights/insights.js';
import type { InsightsRow } from './insights/insights-fields.js';
import { readDays } from './insights/insights-request.js';
import { findReport, orderReport, type ReportRun, reportFields } from './insights/report-runs.js';
import { accountFields, adFields, adSetFields, campaignFields, effectiveStatusOf, userFields } from './nodes.js';
import { type Caller, findTokenProblem } from './oauth/authenticate.js';
import { canReadAds } from './oauth/permissions.js';
import { nodePageOf, pageOf } from './paging.js';
import { refuseTooMuch } from './refuse-too-much.js';
import { countCall, type UsageKind } from './usage-headers.js';

const REPORT_FIELDS = ['id', 'account_id', 'async_status', 'async_percent_completion', 'time_ref', 'time_completed'];
const PAGING = ['limit', 'after', 'before'];
const CREDENTIALS = ['access_token', 'appsecret_proof'];

export type GraphNode =
  | { type: 'user' }
  | { type: 'account'; account: Account }
  | { type: 'campaign'; account: Account; campaign: Campaign }
  | { type: 'report'; report: ReportRun };

export interface GraphCall {
  request: WireRequest;
  world: World;
  caller: Caller;
}

/** Returns the node with this id; throws without access. */
export function getNode(id: string, { caller, world }: GraphCall): GraphNode {
  const person = getPerson(caller.grant.person);
  if (id === 'me' || id === person.metaId) return { type: 'user' };
  const account = /^act_\d+$/.test(id) ? findMetaAccount(id.slice(4)) : undefined;
  if (account) {
    if (!account.people.includes(person.id) || !canReadAds(caller.token.scopes)) throw permissionMissing();
    return { type: 'account', account };
  }
  const report = findReport(world, id, person.id);
  if (report) return { type: 'report', report };
  const found = findMetaCampaign(id);
  if (found?.account.people.includes(person.id)) {
    if (!canReadAds(caller.token.scopes)) throw permissionMissing();
    return { type: 'campaign', ...found };
  }
  if (/^(act_)?\d+$/.test(id)) throw missingObject(id);
  throw new GraphError(`(#803) Some of the aliases you requested do not exist: ${id}`, { status: 404, code: 803 });
}

/** Returns a node's own fields. */
export function answerNode(node: GraphNode, call: GraphCall): Record<string, unknown> {
  const { request, caller } = call;
  const selected = readFieldList(request.query.get('fields'));
  switch (node.type) {
    case 'user':
      return printNode('User', userFields(caller), selected ?? fieldsNamed('id', 'name'), {
        adaccounts: (edge) => listAdAccounts(expanded(edge, 'me', call)),
      });
    case 'account':
      spend('ads_management', node.account, call);
      return printAccount(node.account, selected ?? fieldsNamed('id', 'account_id'), call);
    case 'campaign':
      revokeAfterConnect(call);
      spend('ads_management', node.account, call);
      return printCampaign(node.account, node.campaign, selected ?? fieldsNamed('id'), call);
    case 'report': {
      const printed = printNode('AdReportRun', reportFields(node.report), selected ?? fieldsNamed(...REPORT_FIELDS));
      node.report.isDone = true;
      return printed;
    }
  }
}

/** Returns the answer of an edge. */
export function answerEdge(node: GraphNode, edge: string, call: GraphCall): Record<string, unknown> {
  if (node.type === 'user' && edge === 'adaccounts') return listAdAccounts(call);
  if (node.type === 'user' && edge === 'permissions') return listPermissions(call);
  if (node.type === 'account' && edge === 'campaigns') return listCampaignNodes(node.account, call);
  if (node.type === 'account' && edge === 'adsets') return listPartNodes(node.account, 'adsets', call);
  if (node.type === 'account' && edge === 'ads') return listPartNodes(node.account, 'ads', call);
  if (node.type === 'report' && edge === 'insights') return answerReport(node.report, call);
  if (node.type !== 'user' && node.type !== 'report' && edge === 'insights') {
    revokeAfterConnect(call);
    spend('ads_insights', node.account, call);
    refuseTooMuch(call.request, call.world);
    return answerInsights(call.request, node.account, campaignOf(node), call.world.clock.now());
  }
  throw new NotSimulated(`the edge /${edge} of the node type ${node.type}`);
}

/** Starts an asynchronous insights report; invalid parameters are refused at once. */
export function answerOrder(node: GraphNode, call: GraphCall): Record<string, unknown> {
  if (node.type === 'user' || node.type === 'report') throw missingObject('', 'post');
  const { account } = node;
  revokeAfterConnect(call);
  spend('ads_insights', account, call);
  const query = new URLSearchParams(call.request.query);
  for (const name of [...CREDENTIALS, ...PAGING]) query.delete(name);
  const campaign = campaignOf(node);
  answerInsights({ ...call.request, query }, account, campaign, call.world.clock.now());
  const { id } = orderReport(call.world, { person: call.caller.grant.person, account, campaign, query });
  return { report_run_id: id };
}

function answerReport({ isDone, account, campaign, query }: ReportRun, call: GraphCall): Record<string, unknown> {
  if (!isDone) throw new GraphError('(#2601) The report is not ready yet', { code: 2601 });
  const requested = new URLSearchParams(call.request.query);
  for (const [name, value] of query) requested.set(name, value);
  if (!query.has('fields')) requested.delete('fields');
  return answerInsights({ ...call.request, query: requested }, account, campaign, call.world.clock.now());
}

function campaignOf(node: GraphNode): Campaign | null {
  return node.type === 'campaign' ? node.campaign : null;
}

function listAdAccounts(call: GraphCall): Record<string, unknown> {
  const { request, caller } = call;
  if (!canReadAds(caller.token.scopes)) throw permissionMissing();
  const selected = readFieldList(request.query.get('fields')) ?? fieldsNamed('id', 'account_id');
  const mine = metaAccounts.filter((account) => account.people.includes(caller.grant.person));
  return nodePageOf(mine, call.request, (account) => printAccount(account, selected, call));
}

function listPermissions({ request, caller }: GraphCall): Record<string, unknown> {
  return pageOf(caller.token.scopes, request, (permission) => ({ permission, status: 'granted' }));
}

function listCampaignNodes(account: Account, call: GraphCall): Record<string, unknown> {
  revokeAfterConnect(call);
  spend('ads_management', account, call);
  refuseTooMuch(call.request, call.world);
  const selected = readFieldList(call.request.query.get('fields')) ?? fieldsNamed('id');
  const { query } = call.request;
  const filtering = readFiltering(query, account);
  filtering.refuseParts();
  const listed = listCampaigns(account.campaigns, query, filtering).filter(
    (campaign) => !filtering.namesFigures || filtering.acceptsRow(rowOf(account, campaign, call)),
  );
  return nodePageOf(listed, call.request, (campaign) => printCampaign(account, campaign, selected, call));
}

interface PartNode {
  campaign: Campaign;
  adSet: AdGroup;
  ad?: Ad;
}

/** Answers the edges of ad sets and ads. Deleted and archived ones are listed only when requested by status. */
function listPartNodes(account: Account, edge: 'adsets' | 'ads', call: GraphCall): Record<string, unknown> {
  revokeAfterConnect(call);
  spend('ads_management', account, call);
  refuseTooMuch(call.request, call.world);
  const { query } = call.request;
  const selected = readFieldList(query.get('fields')) ?? fieldsNamed('id');
  const filtering = readFiltering(query, account);
  const statuses = readPartStatuses(query);
  const isListed = (status: string) => !statuses || statuses.includes(status);
  const nodes = account.campaigns.filter(filtering.accepts).flatMap((campaign): PartNode[] =>
    adSetsOf(campaign).flatMap((adSet): PartNode[] => {
      const status = effectiveStatusOf(adSet.status, campaign);
      const isOwnEdge = edge === 'adsets';
      if (!filtering.acceptsAdSet({ ...adSet, status }, isOwnEdge && !statuses)) return [];
      if (isOwnEdge) return isListed(status) ? [{ campaign, adSet }] : [];
      return adSet.ads
        .map((ad) => ({ ad, status: effectiveStatusOf(ad.status, campaign, adSet) }))
        .filter((one) => isListed(one.status) && filtering.acceptsAd({ ...one.ad, status: one.status }, !statuses))
        .map(({ ad }) => ({ campaign, adSet, ad }));
    }),
  );
  return nodePageOf(nodes, call.request, ({ campaign, adSet, ad }) =>
    ad
      ? printNode('Ad', adFields(account, campaign, adSet, ad), selected)
      : printNode('AdSet', adSetFields(account, campaign, adSet), selected),
  );
}

/** The figures by which a list of campaigns is filtered: those of its `date_preset` or `time_range`. */
function rowOf(account: Account, campaign: Campaign, { request, world }: GraphCall): InsightsRow {
  const { first, last } = readDays(request.query, dayIn(account.timeZone, world.clock.now()));
  return { account, campaign, breakdown: null, first, last, figures: figuresOfRange(campaign, first, last) };
}

function printAccount(account: Account, selected: readonly SelectedField[], call: GraphCall): Record<string, unknown> {
  const node: GraphNode = { type: 'account', account };
  return printNode('AdAccount', accountFields(account, call.world.clock.now()), selected, {
    campaigns: (edge) => answerEdge(node, 'campaigns', expanded(edge, `act_${account.id}`, call)),
    insights: (edge) => answerEdge(node, 'insights', expanded(edge, `act_${account.id}`, call)),
  });
}

function printCampaign(
  account: Account,
  campaign: Campaign,
  selected: readonly SelectedField[],
  call: GraphCall,
): Record<string, unknown> {
  const node: GraphNode = { type: 'campaign', account, campaign };
  return printNode('Campaign', campaignFields(account, campaign), selected, {
    insights: (edge) => answerEdge(node, 'insights', expanded(edge, campaign.id, call)),
  });
}

/** Returns the call of an edge that was selected as a field of `id`, with the edge's own parameters. */
function expanded({ name, parameters, inner }: SelectedField, id: string, call: GraphCall): GraphCall {
  const query = new URLSearchParams();
  for (const credential of CREDENTIALS) {
    const value = call.request.query.get(credential);
    if (value !== null) query.set(credential, value);
  }
  for (const [parameter, value] of parameters) query.set(parameter, value);
  if (inner.length > 0) query.set('fields', fieldListText(inner));
  const version = /^\/v\d+\.\d+/.exec(call.request.path)?.[0] ?? '';
  const request = { ...call.request, path: `${version}/${id}/${name}`, query, rawQuery: query.toString() };
  return { ...call, request };
}

/** Returns `/?ids=…`, or one edge of each id, by id. One invalid id fails the call. */
export function answerIds(ids: string, edge: string | null, call: GraphCall): Record<string, unknown> {
  const selected = [...new Set(ids.split(',').map((id) => id.trim()))];
  if (selected.includes('')) throw invalidParameter('Cannot specify an empty identifier');
  if (selected.length > 50) throw invalidParameter(`Too many IDs. Maximum: 50. Provided: ${selected.length}.`);
  const nodes = selected.map((id) => [id, getNode(id, call)] as const);
  return Object.fromEntries(
    nodes.map(([id, node]) => [id, edge === null ? answerNode(node, call) : answerEdge(node, edge, call)]),
  );
}

function spend(kind: UsageKind, account: Account, { request, world }: GraphCall): void {
  request.accounts.add(account.id);
  countCall(kind, account.id, world);
}

function revokeAfterConnect({ caller, world }: GraphCall): void {
  if (!getPerson(caller.grant.person).revokesAfterConnect) return;
  world.grants.revoke(caller.grant);
  throw findTokenProblem(caller.token, world, 400) ?? permissionMissing();
}
