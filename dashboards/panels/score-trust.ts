/** How far the quality scores can be trusted: their AUC on the labelled set and on votes. */
import { scoreMetrics } from '../../services/catalogue/score-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { sharedGauge } from '../expressions.ts';
import { overrides } from '../overrides.ts';
import { tablePanel } from '../panel-builders.ts';
import { tableQuery } from '../queries.ts';
import { colours } from '../theme.ts';
import { joinBy } from '../transformations.ts';

const { scoreAuc, scoreAucLow, scoreAucHigh, scoreLabelledAnswers } = scoreMetrics;
const columns = ['of', 'Value #A', 'Value #B', 'Value #C', 'Value #D'];

export function scoreTrust() {
  // Tables are joined on one column.
  const query = (metric: { readonly name: string }) => {
    const labels = ['service', 'score', 'version', 'source'];
    const gauge = sharedGauge(metric, { by: labels.join(', ') });
    return tableQuery(`label_join(${gauge}, "of", " · ", ${labels.map((label) => `"${label}"`).join(', ')})`);
  };
  const panel = tablePanel({
    title: 'How far these scores can be trusted',
    description: `AUC: the chance that a right answer has a higher score than a wrong one; ${limits.scores.chance} is chance. “shipped” is measured on the labelled set of this release, “votes” on answers that users voted on in the last 90 days. If the interval includes ${limits.scores.chance}, the score is not validated: it is not recorded as relevance, and no objective is judged by it.`,
    unit: 'none',
    noValue: 'not compared',
    queries: [query(scoreAuc), query(scoreAucLow), query(scoreAucHigh), query(scoreLabelledAnswers)],
  });
  joinBy(panel, 'of', columns);
  const steps = [
    { value: null, color: colours.warn },
    { value: limits.scores.chance + 0.001, color: colours.good },
  ];
  return panel
    .overrideByName('of', overrides({ name: 'Service · score · version · measured on' }))
    .overrideByName('Value #A', overrides({ name: 'AUC', decimals: 2, width: 110 }))
    .overrideByName(
      'Value #B',
      overrides({ name: 'Interval from', decimals: 2, width: 130, coloured: true, steps, noValue: '–' }),
    )
    .overrideByName('Value #C', overrides({ name: 'to', decimals: 2, width: 110 }))
    .overrideByName('Value #D', overrides({ name: 'Answers', decimals: 0, width: 110 }));
}
