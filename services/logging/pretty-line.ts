/** Turns a JSON line of the log into one that a person reads at a glance. */

const constant = new Set(['level', 'time', 'program', 'msg', 'span_id', 'trace_flags']);

/** @param line one JSON object, with its line break; gives one line, with its line break */
export function readableLine(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown>;
  const time = String(entry.time).slice(11, 19);
  const fields = Object.entries(entry)
    .filter(([name]) => !constant.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${[time, String(entry.level).toUpperCase().padEnd(5), entry.program, entry.msg ?? '', ...fields].join(' ').trimEnd()}\n`;
}
