/** Draws the days of one objective with uPlot: a line, the target dashed, a cross where it was missed. */

/** @typedef {import('../html/metrics/chart-data.ts').ChartData} ChartData */
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
      data.points.map(() => data.target),
    ];
  }

  /** @returns {Omit<import('uplot').Options, 'width' | 'height'>} */
  function options() {
    const axis = { font: '11px system-ui', stroke: () => color('muted'), ticks: { show: false } };
    return {
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 9, fill: () => color('line') },
        dataIdx: ownLine,
      },
      scales: { x: { time: false, range: () => [-0.5, data.points.length - 0.5] }, y: { range } },
      axes: [
        { ...axis, grid: { show: false }, size: 24, splits: weeks, values: (_, splits) => splits.map(dayLabel) },
        {
          ...axis,
          grid: { stroke: () => color('grid'), width: 1 },
          size: 52,
          gap: 4,
          space: 22,
          values: (_, splits) => splits.map((value) => (isPossible(data.unit, value) ? amount(data.unit, value) : '')),
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
        { stroke: () => color('target'), width: 1.5, dash: [6, 5], points: { show: false } },
      ],
      hooks: { drawClear: [shadeBreach], draw: [crossMissed], setCursor: [tell] },
    };
  }

  /** Room for the values and the target. @type {() => [number, number]} */
  function range() {
    const values = [data.target, ...data.points.flatMap(({ value }) => (value === null ? [] : [value]))];
    const top = Math.max(...values);
    const bottom = data.unit === 'score' || data.target > top / 2 ? Math.min(...values) : 0;
    const room = (top - bottom || top || 1) * 0.15;
    return [Math.max(0, bottom - room) - room / 4, top + room];
  }

  /** The pointer marks the measured line, not the target. @param {uPlot} _plot @param {number} series @param {number} index */
  function ownLine(_plot, series, index) {
    return series === 2 ? null : index;
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
  function shadeBreach({ ctx, bbox, valToPos }) {
    const target = valToPos(data.target, 'y', true);
    const [from, to] = data.breach === 'above' ? [bbox.top, target] : [target, bbox.top + bbox.height];
    ctx.save();
    ctx.fillStyle = color('breach');
    ctx.fillRect(bbox.left, from, bbox.width, to - from);
    ctx.restore();
  }

  /** @param {uPlot} drawn */
  function crossMissed({ ctx, valToPos }) {
    const arm = 4 * devicePixelRatio;
    ctx.save();
    ctx.lineCap = 'round';
    ctx.setLineDash([]);
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
    // A rim in the colour of the ground keeps the cross apart from the line.
    for (const [name, width] of /** @type {const} */ ([
      ['panel', 5],
      ['missed', 2.25],
    ])) {
      ctx.strokeStyle = color(name);
      ctx.lineWidth = width * devicePixelRatio;
      ctx.stroke();
    }
    ctx.restore();
  }

  /** @param {uPlot} pointed */
  function tell({ cursor }) {
    told.textContent = cursor.idx == null ? '' : (data.points[cursor.idx]?.text ?? '');
  }

  /** @param {'line' | 'target' | 'missed' | 'grid' | 'muted' | 'breach' | 'panel'} name */
  function color(name) {
    return getComputedStyle(place).getPropertyValue(`--${name}`);
  }
}

/** The scale reaches a little beyond what a measure can be. @param {ChartData['unit']} unit @param {number} value */
function isPossible(unit, value) {
  return value >= 0 && (unit === 'seconds' || unit === 'jpy' || value <= 1);
}

/** @param {ChartData['unit']} unit @param {number} value */
function amount(unit, value) {
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang, { maximumSignificantDigits: 3 }).format(
    unit === 'ratio' ? value * 100 : value,
  );
  return { ratio: `${number}%`, seconds: `${number} s`, jpy: `¥${number}`, score: number }[unit];
}
