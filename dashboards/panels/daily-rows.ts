/** What panels of days ask of the rows of the daily rollup; a day is one in Asia/Tokyo. */

/** Days that the time shown touches. */
export const shown = `date >= ($__timeFrom()::timestamptz at time zone 'Asia/Tokyo')::date
  and date <= ($__timeTo()::timestamptz at time zone 'Asia/Tokyo')::date`;
/** The instant at which a day began, so that a graph in any zone shows it rightly. */
export const time = `date::timestamp at time zone 'Asia/Tokyo' as time`;
export const errorRate = 'failed_queries::float8 / nullif(failed_queries + total_queries, 0)';
export const from = `from reporting.metrics_history\nwhere ${shown}\norder by date`;
/** The citation rate is a share of these. */
export const answered = '(total_queries - no_answer_count)';
export const noDays = 'no day was rolled up';
