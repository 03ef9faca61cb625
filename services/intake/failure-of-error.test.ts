import { expect, test } from 'vitest';
import { failureOfError } from './failure-of-error.ts';

test.each([
  ['RateLimitError', 'model_rate_limited'],
  ['google.api_core.exceptions.ResourceExhausted', 'model_rate_limited'],
  ['ThrottlingException', 'model_rate_limited'],
  ['insufficient_quota', 'model_quota'],
  ['openai.AuthenticationError', 'model_key'],
  ['403', 'model_key'],
  ['APITimeoutError', 'model_silent'],
  ['DeadlineExceeded', 'model_silent'],
  ['ReadTimeout', 'model_silent'],
  ['ECONNREFUSED', 'model_unreachable'],
  ['getaddrinfo ENOTFOUND', 'model_unreachable'],
  ['InternalServerError', 'model_unavailable'],
  ['503', 'model_unavailable'],
  ['content_filter', 'content_filtered'],
  ['ContentPolicyViolationError', 'content_filtered'],
  ['context_length_exceeded', 'context_exceeded'],
  ['ContextWindowExceededError', 'context_exceeded'],
  ['CancelledError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['JSONDecodeError', 'model_protocol'],
  ['KeyError', 'internal'],
  ['1500', 'internal'],
  [null, 'internal'],
])('an error of type %s is %s while generating', (type, code) => {
  expect(failureOfError({ stage: null, type })).toEqual({ stage: 'generate', code });
});

test.each([
  ['ConnectionError', 'database_unavailable'],
  ['TimeoutError', 'database_unavailable'],
  ['CancelledError', 'cancelled'],
  ['RateLimitError', 'internal'],
  ['IndexError', 'internal'],
])('an error of type %s while retrieving is %s: no model was asked', (type, code) => {
  expect(failureOfError({ stage: 'retrieve', type })).toEqual({ stage: 'retrieve', code });
});
