/** POST /api/turns: records turns of another application and returns what was found out about them. */
import { z } from 'zod';
import { type ExternalTurnRecord, type RecordExternalTurn, TurnRefused } from '../../../intake/external-turn.ts';
import { parseItem } from '../../api/parse-input.ts';
import { badField, Problem } from '../../api/problem.ts';
import { defineRoute, responseSent } from '../../define-route.ts';
import { problemOf } from '../../middleware/error-handler.ts';
import { externalTurnOf, type ReadUsage, type TurnBody, turnBody } from './turn-body.ts';
import { repliesOf, turnReplies, turnReply, turnReplyOf } from './turn-reply.ts';

const mostTurns = 100;
const bodyLimitBytes = 8 * 1_024 * 1_024;

const jsonSchema = z.toJSONSchema(turnBody, { io: 'input', unrepresentable: 'any' });
delete jsonSchema.$schema;

/** Parsed turn by turn, so that one bad turn does not refuse the others. */
const body = z.unknown().meta({
  override: {
    anyOf: [jsonSchema, { type: 'array', items: jsonSchema, minItems: 1, maxItems: mostTurns }],
  } as Record<string, unknown>,
});

type TurnDependencies = {
  readonly recordTurn: RecordExternalTurn;
  readonly readUsage: ReadUsage;
  readonly now: () => Date;
  readonly traceId: () => string | null;
};

export const recordTurns = defineRoute({
  id: 'recordTurns',
  method: 'post',
  path: '/api/turns',
  access: 'service',
  summary: 'Record one turn of your application, or up to 100',
  description:
    'The reply arrives after the rows are committed, so that an answer can be checked before it is shown. A list is answered with a list; its status is 207 if one of its turns was refused.',
  body,
  bodyLimitBytes,
  response: z.union([turnReply, turnReplies]),
  problems: ['turn-refused', 'account-missing', 'overloaded', 'database-unavailable'],
  async handler({ body: sent, service: { service } }, deps: TurnDependencies, { res }) {
    const record = (item: unknown) => recordOne(item, service, deps);
    if (!Array.isArray(sent)) {
      const result = await record(sent);
      if (!('state' in result)) throw result;
      return turnReplyOf(result);
    }
    if (sent.length === 0 || sent.length > mostTurns) throw badField('body', `must have 1 to ${mostTurns} turns`);
    const replies = repliesOf(await Promise.all(sent.map(record)), deps.traceId());
    if (replies.refused === 0) return replies;
    res.status(207).json(replies);
    return responseSent;
  },
});

async function recordOne(
  item: unknown,
  service: string,
  deps: TurnDependencies,
): Promise<ExternalTurnRecord | Problem> {
  const parsed: TurnBody | Problem = parseItem(item, turnBody);
  if (parsed instanceof Problem) return parsed;
  const turn = externalTurnOf(parsed, { service, now: deps.now(), readUsage: deps.readUsage });
  if (turn instanceof Problem) return turn;
  try {
    return await deps.recordTurn(turn);
  } catch (error) {
    return error instanceof TurnRefused ? refusalOf(error) : problemOf(error);
  }
}

const details: Readonly<Record<TurnRefused['reason'], string>> = {
  mask_failed:
    'A mask of this service cannot be applied, so nothing was stored. The operator has to fix the masks: cli -- services configure NAME --mask PATTERN.',
  unknown_service: 'The service was removed. The operator can add it again: cli -- services add NAME.',
  account_missing:
    'The users table of the LMS accepts no users of other applications, so nothing was stored. See docs/bring-your-own-rag.md.',
};

function refusalOf(cause: TurnRefused): Problem {
  const name = cause.reason === 'account_missing' ? 'account-missing' : 'turn-refused';
  return new Problem(name, { detail: details[cause.reason], cause });
}
