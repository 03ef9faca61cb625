/** Speaks to a stack's control address. */
import { type Description, description, type Line, type Step, type Told } from './control-protocol.ts';

export type ReachedControl = {
  readonly describe: () => Promise<Description>;
  readonly told: () => Promise<readonly Told[]>;
  /** @throws {Error} with the stack's own reason where it cannot be played */
  readonly begin: (incident: string) => Promise<Play>;
};

/** An incident that goes on until it is ended, or until this process ends. Milliseconds since 1970. */
export type Play = {
  readonly injectedAt: number;
  readonly steps: readonly Step[];
  /** @throws {Error} where something could not be healed */
  readonly end: () => Promise<{ readonly healedAt: number; readonly steps: readonly Step[] }>;
};

const patienceMs = 10_000;

/** @throws {Error} where nothing answers there */
export function reachControl({ url, secret }: { url: string; secret: string }): ReachedControl {
  const headers = { authorization: `Bearer ${secret}` };
  const read = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(patienceMs) });
    if (!response.ok) throw new Error(await reasonOf(response));
    return response.json();
  };
  return {
    describe: async () => description.parse(await read('/')),
    told: async () => (await read('/told')) as readonly Told[],
    async begin(incident) {
      // Without a time limit: it goes on as long as it is played.
      const response = await fetch(`${url}/incidents/${incident}`, { method: 'POST', headers });
      if (!response.ok || response.body === null) throw new Error(await reasonOf(response));
      const lines = readLines(response.body);
      const steps: Step[] = [];
      const until = async (last: 'injected' | 'healed'): Promise<number> => {
        for (;;) {
          const { value: line, done } = await lines.next();
          if (done === true) throw new Error('the stack ended while a game day was played');
          if ('did' in line) steps.push(line as Step);
          if ('failed' in line) throw new Error(String(line.failed));
          if (last in line) return Number((line as Record<string, unknown>)[last]);
        }
      };
      const injectedAt = await until('injected');
      return {
        injectedAt,
        steps,
        async end() {
          await fetch(`${url}/incidents`, { method: 'DELETE', headers });
          return { healedAt: await until('healed'), steps };
        },
      };
    },
  };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<Line, undefined> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
  return undefined;
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return JSON.parse(text).reason ?? text;
  } catch {
    return `${response.status} ${text}`;
  }
}
