/** MLflow's tracing. All values are JSON in strings. User and session are not exported: they belong to its trace. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect, Kind } from '../spans/reading.ts';
import { usageIn } from '../spans/usage.ts';
import { firstName, firstNumber, nameOf } from '../spans/values.ts';

const kinds: Readonly<Record<string, Kind>> = {
  CHAT_MODEL: 'model',
  LLM: 'model',
  AGENT: 'agent',
  RETRIEVER: 'retriever',
  RERANKER: 'reranker',
  EMBEDDING: 'embedding',
  TOOL: 'tool',
  EVALUATOR: 'evaluation',
};

export const mlflow: Dialect = {
  name: 'mlflow',
  read({ attributes }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('mlflow.'))) return null;
    const kind = kinds[nameOf(attributes['mlflow.spanType'])?.toUpperCase() ?? ''] ?? 'step';
    const input = attributes['mlflow.spanInputs'];
    const output = attributes['mlflow.spanOutputs'];
    const holder = kind === 'step' || kind === 'agent';
    const searches = kind === 'retriever' || kind === 'reranker';
    return {
      kind,
      question: holder ? questionIn(input) : null,
      query: searches || kind === 'embedding' ? questionIn(input) : null,
      messages: kind === 'model' ? messagesIn(input) : [],
      answer: holder || kind === 'model' ? answerIn(output) : null,
      documents: searches || kind === 'tool' ? documentsIn(output, searches) : null,
      model: firstName(attributes, ['mlflow.llm.model', 'mlflow.chat.model', 'model']),
      usage: usageIn(attributes['mlflow.chat.tokenUsage']),
      temperature: firstNumber(attributes, ['temperature']),
      user: firstName(attributes, ['mlflow.trace.user', 'mlflow.user']),
      session: firstName(attributes, ['mlflow.trace.session']),
    };
  },
};
