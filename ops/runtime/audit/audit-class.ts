/**
 * Families of actions, the part before the dot, that members can repeat at will. Events are kept by number in each class, so
 * that those of one do not push out another's.
 */
const SESSIONS = ['session', 'personal-data'];
const ACTIVITY = ['report', 'client', 'history', 'tool', 'webhook-delivery'];

/**
 * SQL for the class of an event by its `action`: `sessions` (sign-ins, and everything refused), `activity` (clients, reports, tools, deliveries),
 * `administration` (all others: roles, keys, members, connections).
 */
export const AUDIT_CLASS = `
  CASE WHEN action LIKE '%.refused' OR split_part(action, '.', 1) IN (${SESSIONS.map((name) => `'${name}'`).join(', ')}) THEN 'sessions'
    WHEN split_part(action, '.', 1) IN (${ACTIVITY.map((name) => `'${name}'`).join(', ')}) THEN 'activity'
    ELSE 'administration' END`;
