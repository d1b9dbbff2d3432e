import type { Resolvers } from '#reporting/resolver-types.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { Report, ReportTemplate } from './report.js';

export const resolvers: Resolvers = { Query, Mutation, ReportTemplate, Report, Organization };
