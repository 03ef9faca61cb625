/** Dify's tracing through its Phoenix provider: OpenInference's attributes, with Dify's ids in `metadata`. */
import { documentsIn } from '../spans/documents.ts';
import { messagesIn } from '../spans/messages.ts';
import { answerIn, questionIn } from '../spans/question.ts';
import type { Dialect } from '../spans/reading.ts';
import { firstName, isFields, nameOf, unpacked } from '../spans/values.ts';

const difyFields = [
  'message_id',
  'workflow_run_id',
  'workflow_id',
  'conversation_id',
  'app_id',
  'trace_entity_name',
  'node_execution_id',
];

export const dify: Dialect = {
  name: 'dify',
  read({ attributes }) {
    const metadata = unpacked(attributes.metadata);
    const own = Object.keys(attributes).some((key) => key.startsWith('dify.'));
    if (!isFields(metadata) && !own) return null;
    const fields = isFields(metadata) ? metadata : {};
    if (!own && difyFields.filter((name) => fields[name] !== undefined).length < 2) return null;
    const kind = nameOf(attributes['openinference.span.kind'])?.toUpperCase();
    return {
      question: kind === 'CHAIN' ? questionIn(attributes['input.value']) : null,
      answer: kind === 'CHAIN' ? answerIn(attributes['output.value']) : null,
      messages: kind === 'LLM' ? messagesIn(attributes['input.value']) : [],
      documents: kind === 'RETRIEVER' ? documentsIn(attributes['output.value'], true) : null,
      user: firstName(fields, ['user_id', 'from_end_user_id', 'from_account_id', 'end_user_id']),
      session: firstName(attributes, ['session.id']) ?? firstName(fields, ['conversation_id']),
      release: firstName(fields, ['workflow_version']),
    };
  },
};
