/** `cli -- evaluate SET.jsonl`: asks a service a labelled set, and compares the results with the objectives and a baseline. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import pLimit from 'p-limit';
import { wordsVersions } from '../../quality/scores.ts';
import { isValidated, shippedValidation } from '../../quality/validation.ts';
import { count } from '../../runtime/console.ts';
import { showProgress, type Terminal } from '../progress.ts';
import { type Ask, type Asked, createAsk } from './ask-service.ts';
import { compareResults } from './compare-results.ts';
import { notesOf } from './evaluation-notes.ts';
import { type EvaluationQuestion, readEvaluationSet } from './evaluation-set.ts';
import { parseMapping } from './field-mapping.ts';
import { judgeObjectives } from './judge-objectives.ts';
import { measure } from './measures.ts';
import { junitReport } from './report-junit.ts';
import { markdownReport } from './report-markdown.ts';
import { type Results, readResults } from './results.ts';

/** The options as commander passes them. */
export type EvaluateFlags = {
  readonly service?: string;
  readonly map: readonly string[];
  readonly body?: string;
  readonly tokenFrom?: string;
  readonly header: readonly string[];
  readonly baseline?: string;
  readonly out?: string;
  readonly parallel: string;
  readonly timeout: string;
  readonly failOnBreach?: boolean;
};

const collect = (value: string, before: readonly string[]) => [...before, value];

export function describeEvaluate(command: Command): Command {
  return command
    .description(
      'ask a service the questions of a labelled set, and compare the results with the objectives and a baseline',
    )
    .argument(
      '<set>',
      'a JSONL file: {"id", "question", "answerable", "relevant": [{"document", "contains"}]} on each line',
    )
    .option('--service <url>', 'the service (default: this one, at HOST and PORT); without a path: /api/ai/chat')
    .option(
      '--map <field=path>',
      'where a field is in the request or the reply, for example answer=choices[0].message.content; repeat it for each field',
      collect,
      [],
    )
    .option('--body <json>', 'further fields of the request, for example {"model":"gpt-4o-mini"}')
    .option('--token-from <variable>', 'the environment variable with the bearer token')
    .option(
      '--header <name=variable>',
      'a request header whose value is in an environment variable; repeat it for each header',
      collect,
      [],
    )
    .option('--baseline <file>', 'the JSON file of an earlier run: exit with 1 where a measure is worse beyond chance')
    .option('--out <name>', 'write NAME.md, NAME.xml (JUnit) and NAME.json (a later baseline)')
    .option('--parallel <number>', 'questions at the same time', '2')
    .option('--timeout <seconds>', 'longest time of an answer', '120')
    .option('--fail-on-breach', 'also exit with 1 where an objective is breached')
    .addHelpText(
      'after',
      '\nExits with 1 where a measure is worse than in the baseline beyond chance. See docs/evaluate.md.',
    );
}

/** @throws {Error} for invalid options, an invalid set, and a service that answers no question */
export async function runEvaluate(
  setFile: string,
  flags: EvaluateFlags,
  deps: {
    /** Where this service is. */
    readonly ownUrl: string;
    /** A token of this service, for `ownUrl` only; null where only the LMS signs tokens. */
    readonly ownToken: (() => Promise<string>) | null;
    readonly readVariable: (name: string) => string | undefined;
    /** Receives the report. */
    readonly write: (text: string) => void;
    /** Shows progress. */
    readonly terminal: Terminal;
    readonly newSession: () => string;
    readonly clock: () => number;
    readonly now: () => Date;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const questions = await readEvaluationSet(setFile);
  const baseline = flags.baseline === undefined ? null : await readResults(flags.baseline);
  const url = urlOf(flags.service ?? deps.ownUrl);
  const ask = createAsk({
    url,
    headers: await headersOf(flags, url, deps),
    body: bodyOf(flags.body),
    mapping: parseMapping(flags.map),
    timeoutMs: positive('--timeout', flags.timeout) * 1_000,
    newSession: deps.newSession,
    clock: deps.clock,
  });
  const asked = await askAll(questions, ask, Math.floor(positive('--parallel', flags.parallel)), deps);
  if (deps.signal.aborted) return 1;
  const results: Results = {
    format: 'rag-observatory-evaluation-1',
    service: new URL(url).host,
    set: basename(setFile),
    at: deps.now().toISOString(),
    scoreVersions: { ...wordsVersions },
    questions: asked.map(({ question, outcome }) => ({
      id: question.id,
      failure: outcome.failure,
      values: measure(question, outcome),
    })),
  };
  const reasons = new Set(asked.map(({ outcome }) => outcome.failure));
  if (!reasons.has(null)) {
    throw new Error(`${url} answered none of the ${count(questions.length, 'question')}: ${[...reasons].join(', ')}`);
  }

  const judged = judgeObjectives(results, isValidated(shippedValidation('answer_relevance')));
  const comparisons = baseline === null ? null : compareResults(baseline, results);
  if (comparisons?.length === 0) {
    throw new Error(
      '--baseline: no question of the baseline is in this set with the same id, so nothing can be compared',
    );
  }
  const report = markdownReport(results, judged, comparisons, notesOf(results, baseline));
  deps.write(report);
  const failOnBreach = flags.failOnBreach === true;
  if (flags.out !== undefined) {
    const name = flags.out.replace(/\.(?:md|json|xml)$/, '');
    await writeFile(`${name}.md`, report);
    await writeFile(`${name}.xml`, junitReport(results, judged, comparisons, failOnBreach));
    await writeFile(`${name}.json`, `${JSON.stringify(results)}\n`);
  }
  const isWorse = (comparisons ?? []).some(({ verdict }) => verdict === 'worse');
  return isWorse || (failOnBreach && judged.some(({ met }) => met === false)) ? 1 : 0;
}

async function askAll(
  questions: readonly EvaluationQuestion[],
  ask: Ask,
  parallel: number,
  { terminal, clock, signal }: { terminal: Terminal; clock: () => number; signal: AbortSignal },
) {
  const progress = showProgress(terminal, clock);
  const limit = pLimit(parallel);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let [done, failed] = [0, 0];
  const one = async (question: EvaluationQuestion): Promise<{ question: EvaluationQuestion; outcome: Asked }> => {
    const outcome = await ask(question, either);
    done += 1;
    if (outcome.failure !== null) failed += 1;
    progress.update(`${done}/${questions.length} questions${failed === 0 ? '' : `, ${failed} failed`}`, question.id);
    return { question, outcome };
  };
  try {
    return await Promise.all(questions.map((question) => limit(one, question)));
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  } finally {
    // After an error that concerns every question, the ones in flight end.
    limit.clearQueue();
    stop.abort();
    progress.end();
  }
}

function urlOf(service: string): string {
  if (!URL.canParse(service) || !/^https?:/.test(service))
    throw new Error(`--service: ${service} is no URL that begins with http:// or https://`);
  const url = new URL(service);
  if (url.pathname === '/') url.pathname = '/api/ai/chat';
  return url.href;
}

async function headersOf(
  { tokenFrom, header }: EvaluateFlags,
  url: string,
  {
    ownUrl,
    ownToken,
    readVariable,
  }: { ownUrl: string; ownToken: (() => Promise<string>) | null; readVariable: (name: string) => string | undefined },
): Promise<Readonly<Record<string, string>>> {
  const read = (option: string, variable: string) => {
    const value = readVariable(variable);
    if (value === undefined) throw new Error(`${option}: the environment variable ${variable} is not set`);
    return value;
  };
  const own = header.map((each) => {
    const [, name, variable] = /^([\w-]+)=(\w+)$/.exec(each) ?? [];
    if (name === undefined || variable === undefined) throw new Error(`--header ${each}: write it as NAME=VARIABLE`);
    return [name.toLowerCase(), read('--header', variable)] as const;
  });
  const isOwn = new URL(url).origin === new URL(ownUrl).origin;
  const token =
    tokenFrom !== undefined ? read('--token-from', tokenFrom) : isOwn && ownToken !== null ? await ownToken() : null;
  return { ...(token !== null && { authorization: `Bearer ${token}` }), ...Object.fromEntries(own) };
}

function bodyOf(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`--body is not JSON: ${text}`, { cause });
  }
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number >= 1)) throw new Error(`${option}: ${text} must be a number of at least 1`);
  return number;
}
