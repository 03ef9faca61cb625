/** Answer quality: citations, relevance, votes, and the worst answers one by one. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, collapsedRow, type Dashboard, line, row } from './dashboard.ts';
import * as quality from './panels/answer-quality.ts';
import * as citations from './panels/citations.ts';
import { scoreTrust } from './panels/score-trust.ts';
import { failedQuestions, worstAnswers } from './panels/worst-answers.ts';

export function qualityDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'quality',
    question: 'How good are the answers, and which are the worst?',
    context,
    from: 'now-6h',
    refresh: '5m',
    rows: [
      row(
        100,
        'Summary',
        line(
          4,
          cell(1, 4, citations.citationRate(context)),
          cell(2, 4, citations.invalidCitations()),
          cell(3, 4, quality.relevanceScore(context)),
          cell(4, 4, quality.notFoundRate()),
          cell(5, 4, quality.voteRate()),
          cell(6, 4, quality.upvoteShare()),
        ),
        line(
          8,
          cell(7, 8, citations.citationRateByModel()),
          cell(8, 8, citations.invalidCitationsBySourceType()),
          cell(9, 8, quality.relevanceOverTime()),
        ),
      ),
      row(101, 'Worst answers', line(10, cell(11, 24, worstAnswers()))),
      row(
        102,
        'Sources',
        line(
          9,
          cell(21, 12, citations.mostCitedSources()),
          cell(22, 6, citations.validCitationsBySourceType()),
          cell(23, 6, quality.notFoundOverTime()),
        ),
      ),
      row(
        103,
        'Votes and scores',
        line(
          8,
          cell(31, 8, quality.votesPerHour()),
          cell(32, 8, quality.relevanceDistribution()),
          cell(33, 8, quality.judgedAnswersPerHour()),
        ),
      ),
      row(105, 'How far these scores can be trusted', line(8, cell(51, 24, scoreTrust()))),
      collapsedRow(
        104,
        'Failed questions and withheld passages',
        line(9, cell(41, 16, failedQuestions()), cell(42, 8, citations.withheldPassages())),
      ),
    ],
  });
}
