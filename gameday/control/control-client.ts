/** Client of a game-day stack's control server. */
import { type ControlStatus, controlStatus, type ReceivedAlert, type RunEvent, type Step } from './control-protocol.ts';

export type ControlClient = {
  readonly status: () => Promise<ControlStatus>;
  readonly receivedAlerts: () => Promise<readonly ReceivedAlert[]>;
  /** @throws {Error} with the stack's own reason where the incident cannot run */
  readonly start: (incident: string) => Promise<IncidentRun>;
};

/** An incident that stays injected until `recover` is called or this process ends. Milliseconds since 1970. */
export type IncidentRun = {
  readonly injectedAt: number;
  readonly steps: readonly Step[];
  /** @throws {Error} where the stack could not recover */
  readonly recover: () => Promise<{ readonly recoveredAt: number; readonly steps: readonly Step[] }>;
};

const timeoutMs = 10_000;

export function controlClient({ url, secret }: { url: string; secret: string }): ControlClient {
  const headers = { authorization: `Bearer ${secret}` };
  const read = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(await reasonOf(response));
    return response.json();
  };
  return {
    status: async () => controlStatus.parse(await read('/')),
    receivedAlerts: async () => (await read('/alerts')) as readonly ReceivedAlert[],
    async start(incident) {
      // No timeout: the response lasts as long as the incident.
      const response = await fetch(`${url}/incidents/${incident}`, { method: 'POST', headers });
      if (!response.ok || response.body === null) throw new Error(await reasonOf(response));
      const events = readEvents(response.body);
      const steps: Step[] = [];
      const until = async (last: 'injected' | 'recovered'): Promise<number> => {
        for (;;) {
          const { value: event, done } = await events.next();
          if (done === true) throw new Error('the stack stopped while an incident was running');
          if ('action' in event) steps.push(event as Step);
          if ('failed' in event) throw new Error(String(event.failed));
          if (last in event) return Number((event as Record<string, unknown>)[last]);
        }
      };
      const injectedAt = await until('injected');
      return {
        injectedAt,
        steps,
        async recover() {
          await fetch(`${url}/incidents`, { method: 'DELETE', headers });
          return { recoveredAt: await until('recovered'), steps };
        },
      };
    },
  };
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEvent, undefined> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as RunEvent;
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
