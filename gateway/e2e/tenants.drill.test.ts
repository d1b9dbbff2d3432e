import { describeTenants } from './describe-tenants.js';

describeTenants('http');
