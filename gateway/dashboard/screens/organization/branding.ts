import { invalidate } from '#dashboard/graph/query.ts';
import type { GetBrandingQuery } from '#gateway/client/generated/types.js';

/** A branding as `GetBranding` answers it. */
export type Branding = NonNullable<NonNullable<GetBrandingQuery['organization']>['branding']>;

/** A branding that is shown and changed. */
export interface BrandingProps {
  /** Absent while nothing is set. */
  branding: Branding | undefined;
  /** Absent = of the organization. */
  clientId: string | undefined;
  isAdmin: boolean;
}

/** Asks again for what a changed branding is in. */
export const brandingChanged = () => invalidate('GetBranding', 'ListClientBrandings');
