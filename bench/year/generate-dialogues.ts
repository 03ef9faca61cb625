/** Generates dialogues with their provenance rows as lines for COPY, reproducibly from a seed. */
import { hash } from 'node:crypto';
import { type Random, seededRandom } from '../../test/faults/seeded-random.ts';
import { generateTexts } from './generate-texts.ts';

export const people = 5_000;
const sources = 20_000;
/** Probability of 0, 1, 2… citations; the mean is 2.9. */
const citationShares = [0.06, 0.13, 0.24, 0.23, 0.17, 0.1, 0.07];
const licenses = ['cc_by', 'cc_by_sa', 'mit', 'public_domain', 'all_rights_reserved'];

export const dialogueColumns =
  'id, user_id, session_id, query, response, model_used, citations, latency_ms, token_cost_jpy, citation_rate, ' +
  'prompt_tokens, completion_tokens, total_tokens, relevance_score, user_feedback, outcome, trace_id, created_at, updated_at';
export const originColumns =
  'id, content_id, content_type, license_type, acquisition_method, permission_flag, hash_sha256, acquired_at, verification_status';

export type Lines = { readonly dialogues: string; readonly origins: string };
/** Dialogues spread evenly over a time range. */
export type Piece = { readonly from: Date; readonly to: Date; readonly rows: number; readonly seed: number };
type GenerateDialogues = (piece: Piece) => Generator<Lines>;

/** Users and sources are skewed: user 0 asks 1.4 % of all questions. */
export function createDialogueGenerator(linesPerChunk = 1_000): GenerateDialogues {
  const pool = seededRandom(20_261_123);
  const questions = generateTexts(pool, 997, 21);
  const answers = generateTexts(pool, 1_999, 240).map((text) => ({ text, sha256: hash('sha256', text) }));
  const citations = generateTexts(pool, sources, 32).map((excerpt, index) => generateCitation(pool, excerpt, index));

  function* generate({ from, to, rows, seed }: Piece) {
    const length = to.getTime() - from.getTime();
    const random = seededRandom(seed);
    let dialogues = '';
    let origins = '';
    for (let row = 0; row < rows; row += 1) {
      const at = from.getTime() + Math.floor(((row + share(random)) / rows) * length);
      const createdAt = new Date(at).toISOString();
      const id = uuidv7(at, random);
      const user = skewed(random, people);
      const answer = random.pick(answers);
      const cited = Array.from({ length: citationCount(random) }, () => citations[skewed(random, sources)] as string);
      const prompt = random.between(180, 2_600);
      const completion = random.between(40, 700);
      const known = cited.length > 0 || random.chance(0.4);
      dialogues += [
        id,
        userId(user),
        `${createdAt.slice(0, 10).replaceAll('-', '')}-0000-4000-8000-${user.toString(16).padStart(12, '0')}`,
        random.pick(questions),
        answer.text,
        random.chance(0.9) ? 'gpt-4o-mini' : 'extractive',
        `[${cited.join(',')}]`,
        Math.round(730 * Math.exp(0.6 * normal(random))),
        random.chance(0.97) ? ((prompt * 0.15 + completion * 0.6) * 0.0015).toFixed(6) : '\\N',
        known ? (100 * share(random)).toFixed(2) : '0',
        prompt,
        completion,
        prompt + completion,
        random.chance(0.9) ? (0.5 + 0.5 * share(random)).toFixed(2) : '\\N',
        random.chance(0.12) ? random.pick(['-1', '0', '1', '1', '1']) : '\\N',
        known ? 'answered' : 'no_answer',
        hex(random) + hex(random) + hex(random) + hex(random),
        createdAt,
        createdAt,
      ].join('\t');
      dialogues += '\n';
      origins += `${id}\t${id}\tai_response\t${random.pick(licenses)}\tai_generated\tt\t${answer.sha256}\t${createdAt}\tverified\n`;
      if ((row + 1) % linesPerChunk === 0 || row + 1 === rows) {
        yield { dialogues, origins };
        dialogues = '';
        origins = '';
      }
    }
  }
  return generate;
}

export function userId(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function generateCitation(random: Random, excerpt: string, index: number): string {
  return JSON.stringify({
    source: `講義資料 ${index}: 第${(index % 15) + 1}回`,
    sourceType: index % 3 === 0 ? 'note' : 'material',
    excerpt,
    confidence: Number((0.6 + 0.4 * share(random)).toFixed(3)),
    timestamp: '2025-01-01T00:00:00.000Z',
    paragraphIndex: index % 37,
    valid: !random.chance(0.04),
    contentId: uuidv7(Date.UTC(2024, 0, 1), random),
    passageId: uuidv7(Date.UTC(2024, 0, 1), random),
  });
}

function citationCount(random: Random): number {
  let left = share(random);
  for (const [count, chance] of citationShares.entries()) {
    left -= chance;
    if (left < 0) return count;
  }
  return citationShares.length - 1;
}

/** Index 0 is the most frequent; the median index is 35 times as rare. */
function skewed(random: Random, count: number): number {
  return Math.floor(count * share(random) ** 2);
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - share(random))) * Math.cos(2 * Math.PI * share(random));
}

function share(random: Random): number {
  return random.between(0, 2 ** 32 - 1) / 2 ** 32;
}

function uuidv7(at: number, random: Random): string {
  const time = at.toString(16).padStart(12, '0');
  const [a, b, c] = [hex(random), hex(random), hex(random)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${a.slice(3, 6)}-${b}${c.slice(0, 4)}`;
}

function hex(random: Random): string {
  return random
    .between(0, 2 ** 32 - 1)
    .toString(16)
    .padStart(8, '0');
}
