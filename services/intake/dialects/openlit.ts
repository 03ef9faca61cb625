/** OpenLIT: OpenTelemetry's attributes with a few of its own. Its cost is ignored: it is 0 where its price list cannot be fetched. */
import { documentsIn } from '../spans/documents.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect } from '../spans/reading.ts';
import { firstName, firstValue, nameOf } from '../spans/values.ts';

export const openlit: Dialect = {
  name: 'openlit',
  read({ attributes, scope }) {
    if (!/openlit|^instrumentation-/.test(scope) && nameOf(attributes['telemetry.sdk.name']) !== 'openlit') return null;
    const documents = documentsIn(attributes['gen_ai.retrieval.documents'], true);
    return {
      question: questionIn(
        firstValue(attributes, ['gen_ai.workflow.input', 'gen_ai.agent.input', 'gen_ai.framework.input']),
      ),
      answer: answerIn(
        firstValue(attributes, ['gen_ai.workflow.output', 'gen_ai.agent.output', 'gen_ai.framework.output']),
      ),
      // Its id of a document is LangChain's `metadata.source`, which is an address.
      documents: documents?.map((document) => ({ ...document, url: document.url ?? addressOf(document.id) })) ?? null,
      session: firstName(attributes, ['gen_ai.conversation.id', 'gen_ai.session.id']),
      user: firstName(attributes, ['gen_ai.user.id', 'gen_ai.request.user']),
    };
  },
};

function addressOf(id: string | null): string | null {
  return id !== null && /^[a-z][a-z0-9+.-]*:\/\//i.test(id) ? id : null;
}
