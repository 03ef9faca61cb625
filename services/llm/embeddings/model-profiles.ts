/** What known embedding models expect before a question and before a passage. */
import type { TextKind } from '../../chat/embed.ts';

type Texts = Readonly<Record<TextKind, string>>;

export type EmbeddingProfile = {
  /** Put before each text. */
  readonly prefixes: Texts;
  /** The value of the `input_type` parameter; null: the model's servers do not know the parameter. */
  readonly inputTypes: Texts | null;
};

const plain: Texts = { question: '', passage: '' };
const retrieval = 'Represent this sentence for searching relevant passages: ';
const instruction = 'Given a web search query, retrieve relevant passages that answer the query';

/** The first match counts. From the models' own cards. */
const prefixesOf: readonly (readonly [RegExp, Texts])[] = [
  [/e5.*instruct|e5-mistral|gte-qwen/, { question: `Instruct: ${instruction}\nQuery: `, passage: '' }],
  [/qwen3?-?embed/, { question: `Instruct: ${instruction}\nQuery:`, passage: '' }],
  [/(?:^|[-_/])e5(?:$|[-_:])|glucose.*v2/, { question: 'query: ', passage: 'passage: ' }],
  [/bge-m3/, plain],
  [/bge.*zh/, { question: '为这个句子生成表示以用于检索相关文章：', passage: '' }],
  [/(?:^|[-_/])bge(?:$|[-_:])/, { question: retrieval, passage: '' }],
  [/arctic-embed.*(?:v2|2\.0)|arctic-embed2/, { question: 'query: ', passage: '' }],
  [/arctic-embed|mxbai-embed/, { question: retrieval, passage: '' }],
  [/nomic-embed|modernbert-embed/, { question: 'search_query: ', passage: 'search_document: ' }],
  [/ruri-v[3-9]/, { question: '検索クエリ: ', passage: '検索文書: ' }],
  [/(?:^|[-_/])ruri(?:$|[-_:])/, { question: 'クエリ: ', passage: '文章: ' }],
  [/embedding-?gemma/, { question: 'task: search result | query: ', passage: 'title: none | text: ' }],
];

const inputTypesOf: readonly (readonly [RegExp, Texts])[] = [
  [/voyage/, { question: 'query', passage: 'document' }],
  [/^embed-|cohere/, { question: 'search_query', passage: 'search_document' }],
  [/nv-?embed|nemo.*embed|e5.*-q4$/, { question: 'query', passage: 'passage' }],
];

/**
 * @param model the name that is sent to the server
 * @param own prefixes of the configuration, which replace those of the table
 */
export function embeddingProfile(model: string, own: Partial<Texts> = {}): EmbeddingProfile {
  const name = model.toLowerCase();
  const inputTypes = inputTypesOf.find(([pattern]) => pattern.test(name))?.[1] ?? null;
  // A server that gets the kind of the text adds the prefix itself.
  const known = inputTypes === null ? prefixesOf.find(([pattern]) => pattern.test(name))?.[1] : undefined;
  return { prefixes: { ...plain, ...known, ...own }, inputTypes };
}
