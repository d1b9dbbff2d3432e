import type { LucideIcon } from 'lucide-react';
import {
  Activity,
  BellRing,
  Building2,
  ChartNoAxesColumn,
  CircleUser,
  CreditCard,
  FileText,
  KeyRound,
  LayoutDashboard,
  MapPin,
  Megaphone,
  MessageSquareText,
  Plug,
  ScrollText,
  SearchCode,
  Settings2,
  Users,
  Wallet,
  Webhook,
} from 'lucide-react';
import type { ComponentType } from 'react';
import type { Messages } from '#dashboard/text/en/index.ts';

/** A screen of a signed-in user. */
export interface Screen {
  /** Below `/app`; `$name` is a parameter: `campaigns/$campaignId`. */
  path: string;
  /** Its file, loaded when it is opened. The component is exported as `Screen`. */
  load: () => Promise<{ Screen: ComponentType }>;
  /** Where it stands in the navigation; absent = it is reached from another screen. */
  navigation?: { group: keyof Messages['app']['groups']; label: keyof Messages['app']['screens']; icon: LucideIcon };
}

/** Every screen, in the order of the navigation. A new one is a line here, a folder in `screens/` and its texts in `text/`. */
export const screens: readonly Screen[] = [
  {
    path: 'overview',
    load: () => import('#dashboard/screens/overview/overview.tsx'),
    navigation: { group: 'figures', label: 'overview', icon: LayoutDashboard },
  },
  {
    path: 'campaigns',
    load: () => import('#dashboard/screens/campaigns/campaigns.tsx'),
    navigation: { group: 'figures', label: 'campaigns', icon: Megaphone },
  },
  { path: 'campaigns/$campaignId', load: () => import('#dashboard/screens/campaign/campaign.tsx') },
  {
    path: 'queries',
    load: () => import('#dashboard/screens/search-queries/search-queries.tsx'),
    navigation: { group: 'figures', label: 'queries', icon: SearchCode },
  },
  {
    path: 'analytics',
    load: () => import('#dashboard/screens/analytics/analytics.tsx'),
    navigation: { group: 'figures', label: 'analytics', icon: ChartNoAxesColumn },
  },
  {
    path: 'places',
    load: () => import('#dashboard/screens/places/places.tsx'),
    navigation: { group: 'figures', label: 'places', icon: MapPin },
  },
  {
    path: 'posts',
    load: () => import('#dashboard/screens/posts/posts.tsx'),
    navigation: { group: 'figures', label: 'posts', icon: MessageSquareText },
  },
  {
    path: 'budgets',
    load: () => import('#dashboard/screens/budgets/budgets.tsx'),
    navigation: { group: 'figures', label: 'budgets', icon: Wallet },
  },
  {
    path: 'alerts',
    load: () => import('#dashboard/screens/alerts/alerts.tsx'),
    navigation: { group: 'figures', label: 'alerts', icon: BellRing },
  },
  {
    path: 'clients',
    load: () => import('#dashboard/screens/clients/clients.tsx'),
    navigation: { group: 'work', label: 'clients', icon: Building2 },
  },
  {
    path: 'connections',
    load: () => import('#dashboard/screens/connections/connections.tsx'),
    navigation: { group: 'work', label: 'connections', icon: Plug },
  },
  { path: 'connections/complete', load: () => import('#dashboard/screens/connections/complete.tsx') },
  {
    path: 'reports',
    load: () => import('#dashboard/screens/reports/reports.tsx'),
    navigation: { group: 'work', label: 'reports', icon: FileText },
  },
  {
    path: 'reports/templates/$templateId',
    load: () => import('#dashboard/screens/template/template.tsx'),
  },
  { path: 'reports/$reportId', load: () => import('#dashboard/screens/reports/report.tsx') },
  {
    path: 'team',
    load: () => import('#dashboard/screens/team/team.tsx'),
    navigation: { group: 'organization', label: 'team', icon: Users },
  },
  {
    path: 'organization',
    load: () => import('#dashboard/screens/organization/organization.tsx'),
    navigation: { group: 'organization', label: 'organization', icon: Settings2 },
  },
  {
    path: 'api-keys',
    load: () => import('#dashboard/screens/api-keys/api-keys.tsx'),
    navigation: { group: 'organization', label: 'apiKeys', icon: KeyRound },
  },
  {
    path: 'webhooks',
    load: () => import('#dashboard/screens/webhooks/webhooks.tsx'),
    navigation: { group: 'organization', label: 'webhooks', icon: Webhook },
  },
  {
    path: 'audit',
    load: () => import('#dashboard/screens/audit/audit.tsx'),
    navigation: { group: 'organization', label: 'audit', icon: ScrollText },
  },
  {
    path: 'account',
    load: () => import('#dashboard/screens/account/account.tsx'),
    navigation: { group: 'organization', label: 'account', icon: CircleUser },
  },
  {
    path: 'billing',
    load: () => import('#dashboard/screens/billing/billing.tsx'),
    navigation: { group: 'organization', label: 'billing', icon: CreditCard },
  },
  {
    path: 'status',
    load: () => import('#dashboard/screens/status/status.tsx'),
    navigation: { group: 'organization', label: 'status', icon: Activity },
  },
];

/** Where a sign-in leads that was no detour from another screen. */
export const HOME = '/app/overview';
