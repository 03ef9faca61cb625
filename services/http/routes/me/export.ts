/** GET /api/me/export: all data stored about the caller, one JSON object per line. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { z } from 'zod';
import { ndjson } from '../../api/ndjson.ts';
import { instant } from '../../api/schemas.ts';
import { defineRoute, type Exchange, responseSent } from '../../define-route.ts';
import { provenanceRow } from '../admin/provenance.ts';
import { pastDialogue } from '../dialogues.ts';

const userLine = z.object({
  type: z.literal('user'),
  id: z.guid(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  createdAt: instant.nullable().meta({ description: 'Null, like the other fields, if no user has this id.' }),
});

const dialogueLine = pastDialogue.extend({
  type: z.literal('dialogue'),
  contextWindowSize: z.int().nullable(),
  quality: z
    .record(z.string(), z.object({ value: z.number(), version: z.string() }))
    .nullable()
    .meta({ description: 'Each quality score with the version of its calculation. Null: none was calculated.' }),
  temperature: z.number().nullable(),
  service: z.string().meta({ description: 'The application that answered; rag-chat is the built-in one.' }),
  release: z.string().nullable(),
  tenant: z.string().nullable(),
  attributed: z.boolean().meta({ description: 'Whether citations come from comparing sentences with documents.' }),
  intake: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'Which fields another application sent. Null: an answer of this server.',
  }),
  judgingAttempts: z
    .int()
    .nullable()
    .meta({ description: 'Attempts of the LLM judge. Null: no judging is in progress.' }),
  judgingUntil: instant.nullable(),
  updatedAt: instant,
});

const orphanLine = z.object({
  type: z.literal('orphaned_dialogue'),
  dialogue: z.record(z.string(), z.unknown()).meta({ description: 'The row as it was in the LMS.' }),
  movedAt: instant,
});

const provenanceLine = provenanceRow.extend({
  type: z.literal('provenance').meta({
    description:
      "Of the caller's answers (contentId is the dialogue's id), then of documents that the caller ingested.",
  }),
  createdAt: instant,
  updatedAt: instant,
});

const keyLine = z.object({
  type: z.literal('idempotency_key'),
  key: z.string(),
  requestSha256: z.string().meta({ description: 'Hash of the question that was sent with the key.' }),
  dialogueId: z.guid(),
  createdAt: instant,
});

const pendingLine = z.object({
  type: z.literal('pending_span').meta({
    description: 'A span of another application that waits for the rest of its trace, for minutes.',
  }),
  traceId: z.string(),
  spanId: z.string(),
  content: z.record(z.string(), z.unknown()),
  receivedAt: instant,
});

const endLine = z.object({
  type: z
    .literal('end')
    .meta({ description: 'The last line. If it is missing, the export is incomplete: request it again.' }),
  rows: z.int().meta({ description: 'Number of lines before this one.' }),
});

export const exportLine = z.discriminatedUnion('type', [
  userLine,
  dialogueLine,
  orphanLine,
  provenanceLine,
  keyLine,
  pendingLine,
  endLine,
]);

export type ExportLine = z.output<typeof exportLine>;

/**
 * Yields pages of lines; the last line is an `end`. A reader that stops early calls `return`.
 * @throws {ServiceFailure} `database_unavailable`
 */
export type ReadExport = (userId: string) => AsyncGenerator<readonly ExportLine[]>;

// An export occupies a database connection, so a slow client is disconnected.
const pageTimeoutMs = 30_000;
const totalTimeoutMs = 1_800_000;

export const exportMe = defineRoute({
  id: 'exportMe',
  method: 'get',
  path: '/api/me/export',
  access: 'user',
  summary: 'Export all data stored about you',
  description:
    'One JSON object per line, each matching this schema. If the last line is not of type end, the export is incomplete.',
  response: exportLine,
  responseType: 'application/x-ndjson',
  problems: ['database-unavailable'],
  handler: ({ caller }, { exportMe: readExport }: { readonly exportMe: ReadExport }, exchange) =>
    sendExport(readExport(caller.requester.userId), exchange),
});

export async function sendExport(pages: ReturnType<ReadExport>, { req, res }: Exchange): Promise<typeof responseSent> {
  try {
    // A failure before the first page can still be answered with a problem document.
    const first = await pages.next();
    res.status(200).set({
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': 'attachment; filename="rag-export.ndjson"',
    });
    if (req.method === 'HEAD') res.end();
    else await send(first, pages, res);
  } finally {
    await pages.return(undefined);
  }
  return responseSent;
}

async function send(
  first: IteratorResult<readonly ExportLine[]>,
  pages: AsyncGenerator<readonly ExportLine[]>,
  res: Response,
): Promise<void> {
  const cut = () => res.destroy();
  const stalled = setTimeout(cut, pageTimeoutMs);
  const total = setTimeout(cut, totalTimeoutMs);
  async function* lines(): AsyncGenerator<string> {
    for (let page = first; !page.done; page = await pages.next()) {
      yield ndjson(page.value);
      stalled.refresh();
    }
  }
  try {
    await pipeline(Readable.from(lines()), res);
  } catch (error) {
    // The client hung up or was disconnected, which is no error of the server.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  } finally {
    clearTimeout(stalled);
    clearTimeout(total);
  }
}
