/** Draws the days of one objective with uPlot: a line, the promise dashed, a cross where it was missed. */

/** @typedef {import('../html/chart-data.ts').ChartData} ChartData */
/** @typedef {import('uplot')} uPlot */

/** The script uplot.js, loaded before the modules, leaves it here. @type {typeof import('uplot')} */
const UPlot = /** @type {any} */ (globalThis).uPlot;

const height = 132;

/**
 * @param {HTMLElement} place
 * @param {ChartData} first
 * @returns {{ update: (data: ChartData) => void, repaint: () => void }}
 */
export function drawChart(place, first) {
  let data = first;
  const told = document.createElement('p');
  told.className = 'told';
  const plot = new UPlot({ ...options(), width: place.clientWidth, height }, columns(), place);
  place.append(told);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
  return {
    update: (next) => {
      data = next;
      plot.setData(columns());
    },
    repaint: () => plot.redraw(false),
  };

  /** @returns {import('uplot').AlignedData} */
  function columns() {
    return [
      data.points.map((_, index) => index),
      data.points.map(({ value }) => value),
      data.points.map(() => data.promise),
    ];
  }

  /** @returns {Omit<import('uplot').Options, 'width' | 'height'>} */
  function options() {
    const axis = { font: '11px system-ui', stroke: () => color('muted'), ticks: { show: false } };
    return {
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: () => color('line') } },
      scales: { x: { time: false, range: () => [-0.5, data.points.length - 0.5] }, y: { range } },
      axes: [
        { ...axis, grid: { show: false }, size: 24, splits: weeks, values: (_, splits) => splits.map(dayLabel) },
        {
          ...axis,
          grid: { stroke: () => color('grid'), width: 1 },
          size: 52,
          gap: 4,
          space: 34,
          values: (_, splits) => splits.map((value) => amount(data.unit, value)),
        },
      ],
      series: [
        {},
        {
          stroke: () => color('line'),
          width: 2,
          spanGaps: false,
          points: { show: true, size: 4, fill: () => color('line') },
        },
        { stroke: () => color('promise'), width: 1.5, dash: [6, 5], points: { show: false } },
      ],
      hooks: { draw: [crossMissed], setCursor: [tell] },
    };
  }

  /** Room for the values and the promise; shares end at 100 %. @type {() => [number, number]} */
  function range() {
    const values = [data.promise, ...data.points.flatMap(({ value }) => (value === null ? [] : [value]))];
    const top = Math.max(...values);
    const bottom = data.unit === 'score' || data.promise > top / 2 ? Math.min(...values) : 0;
    const room = (top - bottom || top || 1) * 0.15;
    const low = data.unit === 'seconds' || data.unit === 'jpy' ? 0 : Math.max(0, bottom - room);
    const high = data.unit === 'score' || data.unit === 'ratio' ? Math.min(1, top + room) : top + room;
    return [low, high];
  }

  /** A label each week, counted back from today. */
  function weeks() {
    return data.points.map((_, index) => index).filter((index) => (data.points.length - 1 - index) % 7 === 0);
  }

  /** @param {number} index */
  function dayLabel(index) {
    const [, month, day] = (data.points[index]?.day ?? '').split('-').map(Number);
    return month === undefined ? '' : `${month}/${day}`;
  }

  /** @param {uPlot} drawn */
  function crossMissed({ ctx, valToPos }) {
    const arm = 3.5 * devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = color('missed');
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    data.points.forEach(({ value, met }, index) => {
      if (value === null || met !== 'missed') return;
      const x = valToPos(index, 'x', true);
      const y = valToPos(value, 'y', true);
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
    });
    ctx.stroke();
    ctx.restore();
  }

  /** @param {uPlot} pointed */
  function tell({ cursor }) {
    told.textContent = cursor.idx == null ? '' : (data.points[cursor.idx]?.text ?? '');
  }

  /** @param {'line' | 'promise' | 'missed' | 'grid' | 'muted'} name */
  function color(name) {
    return getComputedStyle(place).getPropertyValue(`--${name}`);
  }
}

/** @param {ChartData['unit']} unit @param {number} value */
function amount(unit, value) {
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang, { maximumSignificantDigits: 3 }).format(
    unit === 'ratio' ? value * 100 : value,
  );
  return { ratio: `${number}%`, seconds: `${number} s`, jpy: `¥${number}`, score: number }[unit];
}
