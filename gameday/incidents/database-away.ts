/** The database goes away under everything. */
import type { Incident } from '../incident.ts';

export const databaseAway: Incident = {
  name: 'database-away',
  title: 'PostgreSQL is stopped while questions are asked',
  inject: ['stop the database'],
  heal: ['start the database'],
  expected: [{ alert: 'RagDatabaseDown', severity: 'critical', service: 'postgres' }],
};
