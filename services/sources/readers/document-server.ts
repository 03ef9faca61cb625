/** Reads formats without a reader of ours, and scans, through a Tika or Docling server that the operator runs beside this service. */
import { readLimited } from '../http/read-limited.ts';
import { SourceError, SourceUnreadable } from '../source-error.ts';
import type { Extracted } from '../text/block.ts';
import { runIsolated } from './parser-pool.ts';
import type { ServerReply } from './read-server-reply.ts';

export type DocumentServerSettings = {
  readonly kind: 'tika' | 'docling';
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  /** Languages of its text recognition, as the server names them: jpn, eng (Tika); ja, en (Docling). Empty: its default. */
  readonly languages: readonly string[];
};

/** @throws {SourceError} that says why the server did not read it */
export type DocumentServer = (bytes: Uint8Array) => Promise<Extracted>;

/** Text recognition takes seconds for each page. Milliseconds. */
const timeoutMs = 600_000;
/** Docling writes it between pages, as it is asked to. */
const pageBreak = '<!-- rag-observatory page break -->';
const maxReplyBytes = 64 * 1024 * 1024;

let inUse: DocumentServer | null = null;

/** Every program calls it once with its configuration. @param settings null: there is none */
export function useDocumentServer(settings: DocumentServerSettings | null): void {
  inUse = settings === null ? null : openDocumentServer(settings);
}

/** Null: none is configured. */
export function documentServer(): DocumentServer | null {
  return inUse;
}

function openDocumentServer(settings: DocumentServerSettings): DocumentServer {
  const ask = settings.kind === 'tika' ? askTika : askDocling;
  return async (bytes) => {
    const reply = await ask(settings, bytes);
    return runIsolated(new URL('./read-server-reply.ts', import.meta.url), 'readServerReply', reply);
  };
}

async function askTika({ baseUrl, languages }: DocumentServerSettings, bytes: Uint8Array): Promise<ServerReply> {
  const headers = {
    accept: 'text/html',
    ...(languages.length > 0 && { 'x-tika-ocrlanguage': languages.join('+') }),
  };
  const html = await send(`${baseUrl}/tika`, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  return { format: 'html', text: new TextDecoder().decode(html), pageBreak: '<div class="page">' };
}

async function askDocling(
  { baseUrl, apiKey, languages }: DocumentServerSettings,
  bytes: Uint8Array,
): Promise<ServerReply> {
  const form = new FormData();
  // It recognises the format by the bytes; the file's real name is nothing that another program needs.
  form.append('files', new Blob([new Uint8Array(bytes)]), 'document');
  form.append('to_formats', 'md');
  form.append('image_export_mode', 'placeholder');
  form.append('md_page_break_placeholder', pageBreak);
  for (const language of languages) form.append('ocr_lang', language);
  const headers: Record<string, string> = apiKey === null ? {} : { 'x-api-key': apiKey };
  const body = await send(`${baseUrl}/v1/convert/file`, { method: 'POST', headers, body: form });
  const reply = json(body);
  if (reply.status === 'failure') throw new SourceUnreadable('cannot be read by the document server');
  const text = reply.document?.md_content;
  if (typeof text !== 'string') throw new SourceError('cannot be read now: the document server returned no md_content');
  return { format: 'markdown', text, pageBreak, ...(reply.status === 'partial_success' && { partial: true }) };
}

type DoclingReply = { readonly status?: unknown; readonly document?: { readonly md_content?: unknown } };

function json(body: Uint8Array): DoclingReply {
  try {
    const reply: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof reply === 'object' && reply !== null ? reply : {};
  } catch (cause) {
    throw new SourceError('cannot be read now: the document server returned invalid JSON', { cause });
  }
}

/** These mean that the server works and refuses this document. */
const lasting = new Set([400, 413, 415, 422]);

async function send(url: string, init: RequestInit): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await readLimited(response.body, maxReplyBytes);
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    throw new SourceError(
      late
        ? `cannot be read now: the document server needed more than ${timeoutMs / 60_000} minutes`
        : 'cannot be read now: the document server is unreachable; check DOCUMENT_SERVER_URL',
      { cause },
    );
  }
  await response.body?.cancel();
  if (lasting.has(response.status)) {
    throw new SourceUnreadable(`cannot be read by the document server (HTTP ${response.status})`);
  }
  const hint = response.status === 401 || response.status === 403 ? '; check DOCUMENT_SERVER_API_KEY' : '';
  throw new SourceError(`cannot be read now: the document server returned HTTP ${response.status}${hint}`);
}
