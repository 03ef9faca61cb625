import { expect, test } from 'vitest';
import { embeddingProfile } from './model-profiles.ts';

test.each([
  ['intfloat/multilingual-e5-small', 'query: ', 'passage: '],
  ['multilingual-e5-base:latest', 'query: ', 'passage: '],
  ['BAAI/bge-small-en-v1.5', 'Represent this sentence for searching relevant passages: ', ''],
  ['bge-m3', '', ''],
  ['nomic-embed-text:v1.5', 'search_query: ', 'search_document: '],
  ['cl-nagoya/ruri-v3-30m', '検索クエリ: ', '検索文書: '],
  ['snowflake-arctic-embed2', 'query: ', ''],
  ['embeddinggemma:300m', 'task: search result | query: ', 'title: none | text: '],
  ['text-embedding-3-small', '', ''],
])('%s gets the prefixes of its model card', (model, question, passage) => {
  expect(embeddingProfile(model)).toEqual({ prefixes: { question, passage }, inputTypes: null });
});

test('instruction-tuned models get an instruction before questions only', () => {
  for (const model of ['intfloat/multilingual-e5-large-instruct', 'Qwen/Qwen3-Embedding-0.6B']) {
    expect(embeddingProfile(model).prefixes.question).toMatch(/^Instruct: /);
    expect(embeddingProfile(model).prefixes.passage).toBe('');
  }
});

test('a server that gets the kind of a text adds the prefix itself', () => {
  const { prefixes, inputTypes } = embeddingProfile('multilingual-e5-small-q4');
  expect(prefixes).toEqual({ question: '', passage: '' });
  expect(inputTypes).toEqual({ question: 'query', passage: 'passage' });
});

test('configured prefixes replace those of the table, one by one', () => {
  expect(embeddingProfile('multilingual-e5-small', { question: '質問: ' }).prefixes).toEqual({
    question: '質問: ',
    passage: 'passage: ',
  });
});
