/** Attributes of our own, which an application may set on any span: they win over what its framework says. */
import { documentsIn } from '../spans/documents.ts';
import type { Dialect } from '../spans/reading.ts';
import { firstName, numberOf, textOf } from '../spans/values.ts';

export const ragObservatory: Dialect = {
  name: 'rag-observatory',
  read({ attributes }) {
    if (!Object.keys(attributes).some((key) => key.startsWith('rag.'))) return null;
    const outcome = firstName(attributes, ['rag.outcome']);
    const feedback = numberOf(attributes['rag.feedback']);
    return {
      question: textOf(attributes['rag.question']),
      answer: textOf(attributes['rag.answer']),
      documents: attributes['rag.documents'] === undefined ? null : documentsIn(attributes['rag.documents'], true),
      user: firstName(attributes, ['rag.user']),
      session: firstName(attributes, ['rag.session']),
      tenant: firstName(attributes, ['rag.tenant']),
      release: firstName(attributes, ['rag.release']),
      outcome: outcome === 'answered' || outcome === 'no_answer' ? outcome : null,
      feedback: feedback === -1 || feedback === 0 || feedback === 1 ? feedback : null,
    };
  },
};
