/** Targets that have nothing to show on a stack with traffic, each with its reason. */

export const mayBeEmpty: Readonly<Record<string, readonly { readonly what: string; readonly because: string }[]>> = {
  'rag-watchers': [
    {
      what: 'Metrics with most series B',
      because: 'What grew within an hour is known after an hour; the stack of the tests is minutes old.',
    },
  ],
  'rag-database': [
    {
      what: 'Statements that cost most',
      because:
        'The server of the tests does not load pg_stat_statements; test/stack/logins.db.test.ts asks one that does.',
    },
  ],
};
