/** Maintenance windows as time intervals of Alertmanager, which mute the pager and the chat. */
import type { SloFile } from '../../services/slo/slo-file/read-slo-file.ts';

export type Maintenance = SloFile['maintenance'];

const week = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** A window that passes midnight is two intervals: its second part is on the following days. */
export function timeIntervals(maintenance: Maintenance) {
  return maintenance.map(({ name, days, from, to, timeZone = 'Asia/Tokyo' }) => {
    const interval = (start_time: string, end_time: string, weekdays: Maintenance[number]['days']) => ({
      times: [{ start_time, end_time }],
      ...(weekdays !== undefined && { weekdays }),
      location: timeZone,
    });
    const following = days?.map((day) => week[(week.indexOf(day) + 1) % week.length] ?? day);
    return {
      name,
      time_intervals:
        from < to
          ? [interval(from, to, days)]
          : [interval(from, '24:00', days), ...(to === '00:00' ? [] : [interval('00:00', to, following)])],
    };
  });
}
