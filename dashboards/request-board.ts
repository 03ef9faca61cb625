/** The path of a question: how many, what failed, and where the time went, stage by stage, down to single traces. */
import { at, type Board, board, closed, line, section } from './board.ts';
import * as durations from './panels/durations.ts';
import type { House } from './panels/promises.ts';
import * as questions from './panels/questions.ts';
import * as records from './panels/records.ts';

export function requestBoard(house: House): Board {
  return board({
    board: 'requests',
    question: 'Where do questions fail, and where does their time go?',
    links: house.links,
    from: 'now-6h',
    refresh: '1m',
    sections: [
      section(
        100,
        'Questions',
        line(
          4,
          at(1, 4, questions.questionsNow()),
          at(2, 4, questions.errorShare(house)),
          at(3, 4, questions.answeredShare()),
          at(4, 4, questions.hungUpShare()),
          at(5, 4, records.pendingRecords()),
          at(6, 4, records.rejectedRecords()),
        ),
        line(
          8,
          at(7, 7, questions.outcomes()),
          at(10, 5, questions.failedInAll()),
          at(8, 7, questions.whatFailed()),
          at(9, 5, questions.replies()),
        ),
      ),
      section(
        101,
        'How long answers took',
        line(9, at(11, 12, durations.answerPercentiles()), at(12, 12, durations.answerHeat())),
      ),
      section(
        102,
        'Stage by stage: authenticate, recall, retrieve, generate, record; and later judge',
        line(
          8,
          at(21, 8, durations.stageMeans()),
          at(22, 8, durations.stageTails()),
          at(23, 8, durations.stageFailures()),
        ),
        line(
          8,
          at(24, 6, durations.retrievals()),
          at(25, 6, durations.generations()),
          at(26, 6, durations.firstTokens()),
          at(27, 6, records.recordAccount()),
        ),
      ),
      closed(
        103,
        'Single questions',
        line(10, at(31, 12, durations.slowTraces()), at(32, 12, durations.failedTraces())),
      ),
      closed(
        104,
        'The servers and whom they call',
        line(8, at(48, 12, questions.errorsByServer()), at(49, 12, durations.answersByServer())),
        line(8, at(41, 8, durations.routes()), at(42, 8, durations.calls()), at(43, 8, records.pool())),
        line(
          8,
          at(44, 6, records.statements()),
          at(45, 6, records.eventLoop()),
          at(46, 6, records.heap()),
          at(47, 6, durations.spanRates()),
        ),
      ),
    ],
  });
}
