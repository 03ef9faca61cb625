/** How long tests wait for what is to come: long enough for a machine that others use too. What a test says of time, it measures. */
export const patience = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 30_000 } },
} as const;
