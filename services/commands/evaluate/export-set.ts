/** `cli -- evaluate export`: makes a set of the questions of production, for a person to label. */
import type { Command } from 'commander';
import { isJapanese } from '../../chat/search/is-japanese.ts';
import type { Pool } from '../../postgres/client/connect.ts';
import { type EvaluationTurn, readEvaluationTurns } from '../../postgres/dialogues/evaluation-turns.ts';
import { count } from '../../runtime/console.ts';

/** The options as commander passes them. */
export type ExportSetFlags = { readonly votes: string; readonly days: string; readonly limit: string };

export function describeExportSet(command: Command): Command {
  return command
    .description('print questions of production as a set, one JSON object per line, for you to label')
    .option('--votes <up|down|all>', 'turns with this vote', 'down')
    .option('--days <number>', 'turns of the last days', '30')
    .option('--limit <number>', 'the newest turns, at most', '1000')
    .addHelpText(
      'after',
      '\nThe output contains questions of users: handle it as personal data. An erasure does not reach it.',
    );
}

/**
 * @returns the exit code
 * @throws {Error} for invalid options
 */
export async function runExportSet(
  flags: ExportSetFlags,
  {
    pool,
    commercialUse,
    now,
    write,
    print,
  }: {
    pool: Pool;
    commercialUse: boolean;
    now: () => Date;
    /** Receives the set. */
    write: (text: string) => void;
    print: (line: string) => void;
  },
): Promise<number> {
  const { votes } = flags;
  if (votes !== 'up' && votes !== 'down' && votes !== 'all') {
    throw new Error(`--votes: ${votes} must be up, down or all`);
  }
  const days = whole('--days', flags.days, 3_660);
  const turns = await readEvaluationTurns(pool, {
    votes,
    since: new Date(now().getTime() - days * 86_400_000),
    limit: whole('--limit', flags.limit, 100_000),
    commercialUse,
    now: now(),
  });
  for (const turn of turns) write(`${JSON.stringify(lineOf(turn))}\n`);
  const withheld = turns.filter(({ answer }) => answer === null).length;
  const reason =
    withheld === 0 ? '' : `; ${count(withheld, 'answer')} withheld, because a cited document may not be shown`;
  print(`${count(turns.length, 'question')}${reason}. Add "relevant" to each line before you evaluate the set.`);
  return 0;
}

/** An up-voted answer labels its question: its citations are relevant. After a down-vote, only a person knows what is. */
function lineOf({ id, query, outcome, vote, answer, citations }: EvaluationTurn) {
  const relevant = citations.map(({ source, url, excerpt }) => ({
    document: url ?? source,
    ...(excerpt !== null && { contains: excerpt }),
  }));
  return {
    id,
    question: query,
    language: isJapanese(query) ? 'ja' : 'en',
    ...(vote === 1 && outcome === 'answered' && relevant.length > 0 && { relevant }),
    vote,
    outcome,
    answer,
  };
}

function whole(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new Error(`${option}: ${text} must be a whole number from 1 to ${most}`);
  }
  return number;
}
