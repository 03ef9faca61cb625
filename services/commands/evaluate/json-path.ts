/** Reads and writes values in JSON by paths such as `choices[0].message.content` and `sources[*].url`. */

type Step = string | number | '*';

/** @throws {Error} for an empty step, or a bracket that holds neither a number nor a star */
export function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  const token = /\.?([^.[\]]+)|\[(\d+|\*)\]/gy;
  while (token.lastIndex < path.length) {
    const match = token.exec(path);
    if (match === null)
      throw new Error(
        `${JSON.stringify(path)} is no path; write it as in choices[0].message.content or sources[*].url`,
      );
    const [, name, index] = match;
    steps.push(name ?? (index === '*' ? '*' : Number(index)));
  }
  if (steps.length === 0) throw new Error('a path is empty; write it as in choices[0].message.content');
  return steps;
}

/** All values at the path, in order; a star takes every element of a list. Empty where the path leads nowhere. */
export function valuesAt(json: unknown, [step, ...rest]: readonly Step[]): readonly unknown[] {
  if (step === undefined) return json === undefined ? [] : [json];
  if (step === '*') return Array.isArray(json) ? json.flatMap((each) => valuesAt(each, rest)) : [];
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, step)) return [];
  return valuesAt((json as Record<string | number, unknown>)[step], rest);
}

/**
 * A copy of the JSON with the value at the path; missing objects and lists on the way are created.
 * @throws {Error} for a star, which names no single place
 */
export function withValueAt(json: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown {
  if (step === undefined) return value;
  if (step === '*') throw new Error('a request field cannot contain [*], because it names no single place');
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(json) ? [...json] : [];
    while (list.length < step) list.push(null);
    list[step] = withValueAt(list[step], rest, value);
    return list;
  }
  const object = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  return { ...object, [step]: withValueAt((object as Record<string, unknown>)[step], rest, value) };
}
