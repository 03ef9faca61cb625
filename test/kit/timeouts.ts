/** Timeouts of tests that wait for other processes. They are generous, because the machine may be shared. */
export const testTimeouts = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 30_000 } },
} as const;
