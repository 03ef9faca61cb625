/** Reads values of attributes whose type and form differ between SDKs. */
import type { Attributes, Value } from './span.ts';

export type Fields = { readonly [key: string]: Value };

/** Deeper values are not looked at. */
export const maxDepth = 12;

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Many SDKs put JSON into strings, some twice. A string that is no JSON is returned as it is. */
export function unpacked(value: Value | undefined): Value {
  let current = value ?? null;
  for (let round = 0; round < 3 && typeof current === 'string'; round += 1) {
    if (!/^\s*[[{"]/.test(current)) return current;
    try {
      current = JSON.parse(current) as Value;
    } catch {
      return current;
    }
  }
  return current;
}

/** Text with a visible character; null for anything else. */
export function textOf(value: Value | undefined): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** A short name such as an id or a model, also of JSON in a string (`"\"gpt-4o\""`). */
export function nameOf(value: Value | undefined): string | null {
  const text = textOf(unpacked(value))?.trim() ?? null;
  return text === null || text === 'null' || text === 'None' || text === 'undefined' ? null : text;
}

/** A finite number, also as a string: Spring AI sends all numbers as text. */
export function numberOf(value: Value | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** The first of the attributes that has a name. */
export function firstName(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const name = nameOf(attributes[key]);
    if (name !== null) return name;
  }
  return null;
}

export function firstNumber(attributes: Attributes, keys: readonly string[]): number | null {
  for (const key of keys) {
    const number = numberOf(attributes[key]);
    if (number !== null) return number;
  }
  return null;
}

/** The first of the attributes that is present. */
export function firstValue(attributes: Attributes, keys: readonly string[]): Value | undefined {
  const key = keys.find(
    (name) => attributes[name] !== undefined && attributes[name] !== null && attributes[name] !== '',
  );
  return key === undefined ? undefined : attributes[key];
}

/**
 * Collects flattened lists: `llm.input_messages.0.message.content` becomes `[{ message: { content } }]` for the prefix
 * `llm.input_messages`. Indexes without attributes are left out, so that a truncated list has no holes.
 */
export function unflattened(attributes: Attributes, prefix: string): readonly Fields[] {
  const start = `${prefix}.`;
  const items = new Map<number, Record<string, Value>>();
  for (const [key, value] of Object.entries(attributes)) {
    if (!key.startsWith(start)) continue;
    const [index = '', ...path] = key.slice(start.length).split('.');
    if (!/^\d{1,5}$/.test(index) || path.length === 0 || path.length > maxDepth) continue;
    let item = items.get(Number(index));
    if (item === undefined) {
      item = {};
      items.set(Number(index), item);
    }
    setAt(item, path, value);
  }
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
}

function setAt(item: Record<string, Value>, path: readonly string[], value: Value): void {
  let current = item;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(current, name) ? current[name] : undefined;
    if (isFields(next)) {
      current = next as Record<string, Value>;
    } else {
      const created: Record<string, Value> = {};
      define(current, name, created);
      current = created;
    }
  }
  define(current, path.at(-1) ?? '', value);
}

/** Also for names such as `__proto__`. */
function define(target: Record<string, Value>, name: string, value: Value): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
