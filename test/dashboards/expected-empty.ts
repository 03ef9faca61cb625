/** Queries that return no data on the test stack despite traffic, with reasons. */

export const expectedEmpty: Readonly<Record<string, readonly { readonly what: string; readonly reason: string }[]>> = {
  'rag-monitoring-health': [
    {
      what: 'Metrics with the most series B',
      reason: 'Growth within an hour needs an hour of data; the test stack is minutes old.',
    },
  ],
  'rag-requests': [
    {
      what: 'Passages by state of their vector',
      reason: 'The test stack has no embeddings server.',
    },
  ],
  'rag-database': [
    {
      what: 'Most expensive statements',
      reason: 'The test server does not load pg_stat_statements; test/stack/logins.db.test.ts uses one that does.',
    },
  ],
};
