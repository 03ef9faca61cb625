/** Calculates when YouTube resets its daily quota. */

const clock = new Intl.DateTimeFormat('en', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
const hour = 3_600_000;

/** The next midnight in Pacific Time: https://developers.google.com/youtube/v3/determine_quota_cost */
export function nextQuotaDay(now: Date): Date {
  const [hours, minutes, seconds] = timeOfDay(now);
  const left = 24 * hour - (hours * hour + minutes * 60_000 + seconds * 1_000 + now.getUTCMilliseconds());
  const next = new Date(now.getTime() + left);
  // A day with a daylight saving change has 23 or 25 hours.
  const [there] = timeOfDay(next);
  return new Date(next.getTime() + (there === 23 ? hour : -there * hour));
}

function timeOfDay(at: Date): readonly [hours: number, minutes: number, seconds: number] {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return [parts.get('hour') ?? 0, parts.get('minute') ?? 0, parts.get('second') ?? 0];
}
