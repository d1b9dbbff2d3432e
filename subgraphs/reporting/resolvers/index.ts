import type { Resolvers } from '#reporting/resolver-types.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Query } from './query.js';
import { Report } from './report.js';
import { ReportTemplate } from './report-template.js';

export const resolvers: Resolvers = { Query, Mutation, ReportTemplate, Report, Organization };
