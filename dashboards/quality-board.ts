/** How good answers are: citations that stand in their sources, relevance, votes, and the worst answers one by one. */
import { at, type Board, board, closed, line, section } from './board.ts';
import * as quality from './panels/answer-quality.ts';
import * as citations from './panels/citations.ts';
import type { House } from './panels/promises.ts';

export function qualityBoard(house: House): Board {
  return board({
    board: 'quality',
    question: 'How good are the answers, and which are the worst?',
    links: house.links,
    from: 'now-6h',
    refresh: '5m',
    sections: [
      section(
        100,
        'In the time shown',
        line(
          4,
          at(1, 4, citations.citedShare(house)),
          at(2, 4, citations.invalidShare()),
          at(3, 4, quality.relevanceNow(house)),
          at(4, 4, quality.notFoundNow()),
          at(5, 4, quality.votedNow()),
          at(6, 4, quality.upvotedNow()),
        ),
        line(
          8,
          at(7, 8, citations.citedByModel()),
          at(8, 8, citations.invalidByType()),
          at(9, 8, quality.relevanceTrend()),
        ),
      ),
      section(101, 'The worst answers', line(10, at(11, 24, quality.worstAnswers()))),
      section(
        102,
        'What answers rest on',
        line(
          9,
          at(21, 12, citations.citedSources()),
          at(22, 6, citations.sourceTypes()),
          at(23, 6, quality.notFoundTrend()),
        ),
      ),
      section(
        103,
        'What people say',
        line(8, at(31, 8, quality.votes()), at(32, 8, quality.relevanceSpread()), at(33, 8, quality.judgements())),
      ),
      closed(104, 'Failed, and withheld', line(9, at(41, 16, quality.failures()), at(42, 8, citations.withheld()))),
    ],
  });
}
