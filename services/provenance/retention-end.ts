/** When content's retention ends: the same instant, so many years later in UTC; 28 February where there is no 29th. */
export function retentionEnd(acquiredAt: Date, years: number): Date {
  const end = new Date(acquiredAt);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  if (end.getUTCMonth() !== acquiredAt.getUTCMonth()) end.setUTCDate(0);
  return end;
}
