/** Reads chat messages in the forms that SDKs write them. */
import type { Value } from './span.ts';
import { type Fields, isFields, isList, maxDepth, textOf, unpacked } from './values.ts';

export type Message = { readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'unknown'; readonly text: string };

const roles: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  systemmessage: 'system',
  message_role_system: 'system',
  user: 'user',
  human: 'user',
  humanmessage: 'user',
  message_role_user: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  aimessage: 'assistant',
  aimessagechunk: 'assistant',
  message_role_assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
  toolmessage: 'tool',
  message_role_tool: 'tool',
};

/** Where a list of messages may stand in an object. */
const wrappers = [
  'messages',
  'input',
  'inputs',
  'contents',
  'chat_history',
  'kwargs',
  'outputs',
  'output',
  'generations',
];

/** The messages of a value, in order; empty for a value that holds none. Lists in lists are flattened. */
export function messagesIn(value: Value | undefined, depth = 0): readonly Message[] {
  if (depth > maxDepth) return [];
  const current = unpacked(value);
  if (isList(current)) return current.flatMap((item) => messagesIn(item, depth + 1));
  if (!isFields(current)) return [];
  const one = messageOf(current);
  if (one !== null) return [one];
  for (const name of wrappers) {
    const found = messagesIn(current[name], depth + 1);
    if (found.length > 0) return withSystem(current, found);
  }
  return typeof current.prompt === 'string' ? withSystem(current, [{ role: 'user', text: current.prompt }]) : [];
}

function withSystem(fields: Fields, messages: readonly Message[]): readonly Message[] {
  const system = typeof fields.system === 'string' ? fields.system : null;
  return system === null || messages.some(({ role }) => role === 'system')
    ? messages
    : [{ role: 'system', text: system }, ...messages];
}

/** Null for an object without a role. */
function messageOf(fields: Fields): Message | null {
  const role = roleOf(fields);
  if (role === null)
    return isFields(fields.message) && roleOf(fields.message) !== null ? messageOf(fields.message) : null;
  const content = isFields(fields.kwargs)
    ? fields.kwargs.content
    : isFields(fields.data)
      ? fields.data.content
      : fields.content;
  const text = contentText(content ?? fields.parts ?? fields.contents ?? fields.blocks ?? fields.text ?? null);
  return { role, text: text ?? '' };
}

function roleOf(fields: Fields): Message['role'] | null {
  // LangChain's serialized form names the class: ["langchain", "schema", "messages", "HumanMessage"].
  const className = isList(fields.id) ? fields.id.at(-1) : undefined;
  const inner = isFields(fields.kwargs) ? fields.kwargs.type : undefined;
  for (const name of [fields.role, fields._role, className, inner, fields.type]) {
    const role = typeof name === 'string' ? roles[name.toLowerCase()] : undefined;
    if (role !== undefined) return role;
  }
  const hasText = ['content', 'parts'].some((name) => fields[name] !== undefined);
  return typeof fields.role === 'string' && hasText ? 'unknown' : null;
}

/** The text of a message's content: a string, a list of parts, or an object with text. Null without text. */
export function contentText(content: Value | undefined, depth = 0): string | null {
  if (depth > maxDepth) return null;
  if (typeof content === 'string') return textOf(content);
  if (isList(content)) {
    const parts = content.map((part) => contentText(part, depth + 1)).filter((part) => part !== null);
    return parts.length === 0 ? null : parts.join('\n');
  }
  if (!isFields(content)) return null;
  // Flattened lists have their indexes as names.
  const names = Object.keys(content);
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name)))
    return contentText(Object.values(content), depth + 1);
  const type = typeof content.type === 'string' ? content.type : (content.kind ?? '');
  if (typeof type === 'string' && /tool|function|reason|think|image|audio|file|blob|uri/i.test(type)) return null;
  return contentText(
    content.text ?? content.content ?? content.value ?? content.message_content ?? content.parts ?? null,
    depth + 1,
  );
}

/** The text of the last message of a role; null without one. */
export function lastText(messages: readonly Message[], role: Message['role']): string | null {
  return textOf(messages.findLast((message) => message.role === role && message.text.trim() !== '')?.text);
}
