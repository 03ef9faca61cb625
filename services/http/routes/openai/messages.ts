/** Reads the question and its context from the messages of a chat-completions request. */
import { z } from 'zod';
import type { PastTurn } from '../../../chat/turn.ts';
import { badField } from '../../api/problem.ts';
import { questionText } from '../admit-question.ts';

const mostMessages = 1_000;

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(part)], { error: 'must be a text or a list of parts' });

const message = z.looseObject({
  role: z.string({ error: 'must be a string' }),
  content: content.nullish(),
});

export const messages = z
  .array(message, { error: 'must be a list of messages' })
  .min(1, { error: 'is empty' })
  .max(mostMessages, { error: `has more than ${mostMessages} entries` })
  .meta({
    description:
      'The last message of the role user is the question. Earlier ones are the context of the session. Others, such as system, are ignored.',
  });

type Message = z.output<typeof message>;

export type Conversation = {
  readonly query: string;
  /** Earlier questions of the user, oldest first. */
  readonly earlier: readonly string[];
};

/** @throws {Problem} `bad-request` that names the message */
export function readConversation(sent: readonly Message[]): Conversation {
  const last = sent.findLastIndex(({ role }) => role === 'user');
  const asked = sent[last];
  if (asked === undefined) throw badField('messages', 'contains no message of the role user');
  const field = `messages.${last}.content`;
  if (Array.isArray(asked.content) && asked.content.some(({ type }) => !isText(type))) {
    throw badField(field, 'contains a part that is no text; this service reads text only');
  }
  const query = textOf(asked);
  if (isClientTask(query)) {
    throw badField(
      field,
      'asks for a title, tags or suggestions for a conversation. This service answers questions from documents only; turn these tasks off in the client',
    );
  }
  const parsed = questionText.safeParse(query);
  if (!parsed.success) throw badField(field, parsed.error.issues[0]?.message ?? 'is invalid');
  const earlier = sent
    .slice(0, last)
    .filter(({ role }) => role === 'user')
    .map((each) => questionText.safeParse(textOf(each)).data ?? '')
    .filter((text) => text !== '');
  return { query: parsed.data, earlier };
}

/**
 * Answers in the request are ignored: they may quote documents that may not be shared any more, and the client may have changed
 * them. Only recorded answers reach a model.
 */
export function historyOf(earlier: readonly string[], limit: number): readonly PastTurn[] {
  return earlier.slice(-limit).map((query) => ({ query, answer: '[…]' }));
}

function textOf({ content: sent }: Message): string {
  if (typeof sent === 'string') return sent;
  return (sent ?? []).flatMap(({ type, text }) => (isText(type) && text !== undefined ? [text] : [])).join('\n');
}

function isText(type: string): boolean {
  return type === 'text' || type === 'input_text';
}

/** Open WebUI asks the chat model for titles, tags and follow-up questions in this form. */
function isClientTask(query: string): boolean {
  return /^\s*### Task:/.test(query) && /<chat_history>|### (?:Output|Guidelines):/.test(query);
}
