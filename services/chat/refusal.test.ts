import { expect, test } from 'vitest';
import { claimsOf } from './citations/claims.ts';
import { isRefusal } from './refusal.ts';

const refuses = (text: string) => isRefusal(claimsOf(text, { count: 3, texts: [] }));

test.each([
  'The provided documents do not contain information about parental leave.',
  'The provided context does not mention the price.',
  'The given text doesn’t say who founded it.',
  'The passages do not contain the date.',
  'The documents do not mention how long logs are kept.',
  'Unfortunately, the documents do not provide enough information to answer.',
  'The available data does not cover 2025.',
  'The information provided does not specify a deadline.',
  'The materials do not cover this topic. Please ask your teacher.',
  'There is no information about parental leave in the documents.',
  'No relevant information was found in the provided sources.',
  'The answer cannot be found in the materials.',
  'The deadline is not mentioned in the text.',
  'A price is not included in the provided passages.',
  'The documents contain no information about parental leave.',
  'I cannot answer this question.',
  'I’m sorry, but the materials do not answer this.',
  '資料には育児休暇についての記載がありません。',
  '提供された情報だけでは判断できません。',
])('a reply that the materials do not answer is a refusal: %s', (text) => expect(refuses(text)).toBe(true));

test.each([
  'The data cannot be provided to third parties.',
  'The documents do not contain personal data.',
  'The documents contain no personal data.',
  'The licence does not say that derivatives are allowed; the text does not have to be cited.',
  'The content does not include advertising.',
  'Users cannot provide references from before 2020.',
  'No personal data is stored in the documents.',
  'Personal data is not included in the documents.',
  'The library does not offer loans at weekends.',
  'The text does not have to be cited.',
  'The data provided by customers does not include passwords.',
  'Source documents do not contain personal data.',
  'The provided documents do not contain information about leave [1].',
  'The documents do not mention a price. The fee is 30 euros.',
])('an answer that denies something is an answer: %s', (text) => expect(refuses(text)).toBe(false));
