/** Spring AI's observations. They carry no answer and no text of documents: the observation handler in clients/ adds them. */
import { documentsIn } from '../spans/documents.ts';
import type { Dialect } from '../spans/reading.ts';
import { firstName, nameOf, textOf } from '../spans/values.ts';

export const springAi: Dialect = {
  name: 'spring-ai',
  read({ attributes }) {
    const kind = nameOf(attributes['spring.ai.kind']);
    if (kind === null && nameOf(attributes['gen_ai.system']) !== 'spring_ai') return null;
    const user = textOf(attributes['spring.ai.chat.client.user.text']);
    // An insert of documents is no part of a turn.
    const searches = kind === 'vector_store' && nameOf(attributes['db.operation.name']) === 'query';
    return {
      kind: kind === 'chat_client' ? 'agent' : searches ? 'retriever' : 'step',
      question: user,
      query: searches ? textOf(attributes['db.vector.query.content']) : null,
      documents: searches ? documentsIn(attributes['db.vector.query.response.documents'], true) : null,
      session: firstName(attributes, [
        'spring.ai.chat.client.conversation.id',
        'spring.ai.chat.client.advisor.params.conversationId',
      ]),
    };
  },
};
