import { brandingPlace } from '#reporting/branding/change-branding.js';
import { findLogo, openLogo, removeLogo, uploadLogo } from '#reporting/branding/change-logo.js';
import { getBranding, listClientBrandings, unsetBranding } from '#reporting/branding/list-brandings.js';
import { removeBranding } from '#reporting/branding/remove-branding.js';
import { setBranding } from '#reporting/branding/set-branding.js';
import type {
  BrandingResolvers,
  LogoResolvers,
  MutationResolvers,
  OrganizationResolvers,
  QueryResolvers,
} from '#reporting/resolver-types.js';

export const brandingQuery: Pick<QueryResolvers, 'brandingLogo'> = {
  brandingLogo: (_root, given, context) => openLogo(context, given),
};

export const brandingMutation: Pick<MutationResolvers, 'setBranding' | 'removeBranding' | 'removeLogo' | 'uploadLogo'> =
  {
    setBranding: async (_root, given, context) => ({ branding: await setBranding(context, given) }),
    removeBranding: async (_root, given, context) => {
      await removeBranding(context, given);
      return { branding: unsetBranding(brandingPlace(context, given)) };
    },
    removeLogo: async (_root, given, context) => ({ branding: await removeLogo(context, given) }),
    uploadLogo: async (_root, given, context) => ({ branding: await uploadLogo(context, given) }),
  };

export const brandingOfOrganization: OrganizationResolvers['branding'] = ({ id: organizationId }, _args, context) =>
  getBranding(context, { organizationId });

export const brandingsOfClients: OrganizationResolvers['clientBrandings'] = ({ id: organizationId }, page, context) =>
  listClientBrandings(context, { organizationId, ...page });

export const Branding: BrandingResolvers = {
  id: ({ clientId, organizationId }) => clientId ?? organizationId,
  client: ({ clientId }) => (clientId ? { id: clientId } : null),
  logo: async (branding, _args, context) => {
    const logo = await findLogo(context, branding);
    return logo && { ...logo, clientId: branding.clientId };
  },
};

export const Logo: LogoResolvers = {
  url: ({ clientId, hash }, _args, { services }) =>
    `${services.publicUrl()}/api/${clientId ? `clients/${clientId}` : 'branding'}/logo?hash=${hash}`,
  png: ({ png }) => png.toString('base64'),
};
