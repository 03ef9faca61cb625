/** GET /api/me/export: everything that is held about the caller, one JSON object a line. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { ndjson } from '../../api/ndjson.ts';
import { instant } from '../../api/schemas.ts';
import { callerOf } from '../../auth/authenticate.ts';
import { provenanceRow } from '../admin/provenance.ts';
import { pastDialogue } from '../dialogues.ts';

const userLine = z.object({
  type: z.literal('user'),
  id: z.guid(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  createdAt: instant.nullable().meta({ description: 'Null, like the others: nobody of this id is known here.' }),
});

const dialogueLine = pastDialogue.extend({
  type: z.literal('dialogue'),
  contextWindowSize: z.int().nullable(),
  temperature: z.number().nullable(),
  judgingAttempts: z.int().nullable().meta({ description: 'How often a judge was asked. Null: none is at it.' }),
  judgingUntil: instant.nullable(),
  updatedAt: instant,
});

const orphanLine = z.object({
  type: z.literal('orphaned_dialogue'),
  dialogue: z.record(z.string(), z.unknown()).meta({ description: 'The row as the LMS had it.' }),
  movedAt: instant,
});

const provenanceLine = provenanceRow.extend({
  type: z.literal('provenance').meta({
    description: "Of the caller's answers (contentId is the dialogue's id), then of content that the caller took in.",
  }),
  createdAt: instant,
  updatedAt: instant,
});

const keyLine = z.object({
  type: z.literal('idempotency_key'),
  key: z.string(),
  requestSha256: z.string().meta({ description: 'Of the question that was sent with the key.' }),
  dialogueId: z.guid(),
  createdAt: instant,
});

const endLine = z.object({
  type: z.literal('end').meta({ description: 'The last line. Without it the export broke off: ask again.' }),
  rows: z.int().meta({ description: 'How many lines came before this one.' }),
});

export const exportLine = z.discriminatedUnion('type', [
  userLine,
  dialogueLine,
  orphanLine,
  provenanceLine,
  keyLine,
  endLine,
]);

export type ExportLine = z.output<typeof exportLine>;

/**
 * Pages of lines, the last line an `end`. Whoever reads calls `return` when they give up.
 * @throws {ChatFailure} `database_unavailable`
 */
export type ReadExport = (userId: string) => AsyncGenerator<readonly ExportLine[]>;

/** A reader takes the next page within `stallMs` and the whole within `totalMs`: it holds a connection to the database. */
type ExportLimits = { readonly stallMs: number; readonly totalMs: number };

const usual: ExportLimits = { stallMs: 30_000, totalMs: 1_800_000 };

export function exportMe(readExport: ReadExport, limits: ExportLimits = usual): RequestHandler {
  return async (req, res) => {
    const pages = readExport(callerOf(res).requester.userId);
    try {
      // Until there is a page, whatever fails is told by a problem document.
      const first = await pages.next();
      res.status(200).set({
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Content-Disposition': 'attachment; filename="rag-export.ndjson"',
      });
      if (req.method === 'HEAD') res.end();
      else await send(first, pages, res, limits);
    } finally {
      await pages.return(undefined);
    }
  };
}

async function send(
  first: IteratorResult<readonly ExportLine[]>,
  pages: AsyncGenerator<readonly ExportLine[]>,
  res: Response,
  { stallMs, totalMs }: ExportLimits,
): Promise<void> {
  const cut = () => res.destroy();
  const stalled = setTimeout(cut, stallMs);
  const endless = setTimeout(cut, totalMs);
  async function* lines(): AsyncGenerator<string> {
    for (let page = first; !page.done; page = await pages.next()) {
      yield ndjson(page.value);
      stalled.refresh();
    }
  }
  try {
    await pipeline(Readable.from(lines()), res);
  } catch (error) {
    // A client that hung up, or was cut off, is nobody's fault here.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  } finally {
    clearTimeout(stalled);
    clearTimeout(endless);
  }
}
