/** Draws the chart of one objective with uPlot: a line for the values, dashes for the target, crosses for breached days. */

/** @typedef {import('../../html/metrics/chart-data.ts').ChartData} ChartData */
/** @typedef {import('uplot')} uPlot */

/** Set by the script uplot.js, which runs before the modules. @type {typeof import('uplot')} */
const UPlot = /** @type {any} */ (globalThis).uPlot;

const height = 132;

/**
 * @param {HTMLElement} container
 * @param {ChartData} first
 * @returns {{ update: (data: ChartData) => void, repaint: () => void }}
 */
export function drawChart(container, first) {
  let data = first;
  const tooltip = document.createElement('p');
  tooltip.className = 'chart-tooltip';
  const plot = new UPlot({ ...options(), width: container.clientWidth, height }, columns(), container);
  container.append(tooltip);
  new ResizeObserver(() => plot.setSize({ width: container.clientWidth, height })).observe(container);
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
        dataIdx: skipTarget,
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
      hooks: { drawClear: [shadeMissed], draw: [crossMissed], setCursor: [showTooltip] },
    };
  }

  /** Fits the values and the target. @type {() => [number, number]} */
  function range() {
    const values = [data.target, ...data.points.flatMap(({ value }) => (value === null ? [] : [value]))];
    const top = Math.max(...values);
    const bottom = data.unit === 'score' || data.target > top / 2 ? Math.min(...values) : 0;
    const room = (top - bottom || top || 1) * 0.15;
    return [Math.max(0, bottom - room) - room / 4, top + room];
  }

  /** The cursor marks the line of values, not the target. @param {uPlot} _plot @param {number} series @param {number} index */
  function skipTarget(_plot, series, index) {
    return series === 2 ? null : index;
  }

  /** One label per week, counted back from today. */
  function weeks() {
    return data.points.map((_, index) => index).filter((index) => (data.points.length - 1 - index) % 7 === 0);
  }

  /** @param {number} index */
  function dayLabel(index) {
    const [, month, day] = (data.points[index]?.day ?? '').split('-').map(Number);
    return month === undefined ? '' : `${month}/${day}`;
  }

  /** @param {uPlot} drawn */
  function shadeMissed({ ctx, bbox, valToPos }) {
    const target = valToPos(data.target, 'y', true);
    const [from, to] = data.breach === 'above' ? [bbox.top, target] : [target, bbox.top + bbox.height];
    ctx.save();
    ctx.fillStyle = color('breached-area');
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
      if (value === null || met !== 'breached') return;
      const x = valToPos(index, 'x', true);
      const y = valToPos(value, 'y', true);
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
    });
    // An outline in the background colour separates the cross from the line.
    for (const [name, width] of /** @type {const} */ ([
      ['panel', 5],
      ['breached', 2.25],
    ])) {
      ctx.strokeStyle = color(name);
      ctx.lineWidth = width * devicePixelRatio;
      ctx.stroke();
    }
    ctx.restore();
  }

  /** @param {uPlot} pointed */
  function showTooltip({ cursor }) {
    tooltip.textContent = cursor.idx == null ? '' : (data.points[cursor.idx]?.text ?? '');
  }

  /** @param {'line' | 'target' | 'breached' | 'grid' | 'muted' | 'breached-area' | 'panel'} name */
  function color(name) {
    return getComputedStyle(container).getPropertyValue(`--${name}`);
  }
}

/** The scale extends slightly beyond the possible values. @param {ChartData['unit']} unit @param {number} value */
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
