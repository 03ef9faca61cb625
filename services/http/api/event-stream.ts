/** Writes server-sent events. */
import type { Response } from 'express';

export type EventStream = {
  /** Does nothing after the client has disconnected. */
  readonly send: (event: 'delta' | 'done' | 'error', data: unknown) => void;
  /** Sends an event without a name. The text must not contain a line break. */
  readonly sendData: (text: string) => void;
  readonly end: () => void;
};

/** @param heartbeatMs interval of the comments that keep proxies from closing the connection */
export function openEventStream(res: Response, heartbeatMs: number): EventStream {
  res.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  res.flushHeaders();
  const write = (text: string) => {
    if (res.writable && !res.destroyed) res.write(text);
  };
  const heartbeat = setInterval(() => write(': keep-alive\n\n'), heartbeatMs);
  res.once('close', () => clearInterval(heartbeat));
  return {
    // JSON contains no raw line breaks, so one data line is enough.
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    sendData: (text) => write(`data: ${text}\n\n`),
    end: () => {
      clearInterval(heartbeat);
      res.end();
    },
  };
}
