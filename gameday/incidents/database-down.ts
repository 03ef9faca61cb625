/** The database stops while every program uses it. */
import type { Incident } from '../incident.ts';

export const databaseDown: Incident = {
  name: 'database-down',
  title: 'PostgreSQL is stopped while questions are asked',
  inject: ['stop the database'],
  recover: ['start the database'],
  expected: [{ alert: 'RagDatabaseDown', severity: 'critical', service: 'postgres' }],
  symptoms: ['RagAvailability', 'RagErrorRate', 'RagRecordStalled'],
};
