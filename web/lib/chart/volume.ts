import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { clock, count, day, shortDay } from '../format.ts';
import { messages } from '../messages.ts';
import type { Bar } from '../overview.ts';
import type { PulseStep } from '../../../store/pulse.ts';
import { colour } from './colours.ts';
import { shading } from './shading.ts';
import { usualBand, type Usual } from './usual.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

/** Negative stands on the axis, where its height is read best. */
const ORDER = ['negative', 'neutral', 'positive'] as const;
/** Below this many pixels the dates of a week do not fit side by side when written out. */
const NARROW = 640;

export type Drawn = {
  update(bars: readonly Bar[], step: PulseStep, usual?: readonly Usual[]): void;
  destroy(): void;
};

/**
 * Draws volume by sentiment, one stacked bar for each hour or day; `onpick` gets the bar and the part clicked on. `usual`: what
 * is usual at each bar, drawn behind them as a band.
 */
export function drawVolume(
  canvas: HTMLCanvasElement,
  initial: { bars: readonly Bar[]; step: PulseStep; usual?: readonly Usual[] | undefined },
  onpick: (bar: Bar, sentiment: (typeof ORDER)[number] | null) => void,
): Drawn {
  let { bars, step, usual = [] } = initial;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels: [] as string[], datasets: [] },
    plugins: [shading(() => bars), usualBand(() => usual)],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: still ? false : { duration: 180 },
      interaction: { mode: 'index', intersect: false },
      scales: { x: { stacked: true }, y: { stacked: true, beginAtZero: true } },
      onHover: (event, active) => {
        const target = event.native?.target;
        if (target instanceof HTMLElement) target.style.cursor = active.length > 0 ? 'pointer' : 'default';
      },
      onClick: (event, active) => {
        const bar = bars[active[0]?.index ?? -1];
        if (!bar) return;
        const hit = chart.getElementsAtEventForMode(
          event as unknown as Event,
          'nearest',
          { intersect: true },
          false,
        );
        onpick(bar, ORDER[hit[0]?.datasetIndex ?? -1] ?? null);
      },
      plugins: {
        tooltip: {
          displayColors: true,
          boxWidth: 8,
          boxHeight: 8,
          padding: 10,
          callbacks: {
            title: (items) => {
              const bar = bars[items[0]?.dataIndex ?? -1];
              return bar ? barTitle(bar, step) : '';
            },
            label: (item) => ` ${item.dataset.label} ${count(Number(item.raw))}`,
            footer: (items) => remark(bars[items[0]?.dataIndex ?? -1]),
          },
        },
      },
    },
  });

  function paint(): void {
    chart.data.labels = bars.map((bar) => barLabel(bar, step));
    chart.data.datasets = ORDER.map((sentiment) => ({
      label: messages.sentiments[sentiment],
      data: bars.map((bar) => bar[sentiment]),
      backgroundColor: colour(`${sentiment}-mark`),
      // A hair of the ground between the parts: they are told apart without colour too.
      borderColor: colour('surface'),
      borderWidth: { top: 1, bottom: 0, left: 0, right: 0 },
      borderSkipped: false,
      categoryPercentage: 0.86,
      barPercentage: 1,
      maxBarThickness: 36,
    }));
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
    const ticks = { color: colour('muted'), font };
    const { options } = chart;
    options.scales = {
      x: {
        stacked: true,
        grid: { display: false },
        border: { color: colour('line-strong') },
        ticks: {
          ...ticks,
          ...dayTicks(bars, step, canvas.clientWidth < NARROW),
          maxRotation: 0,
          autoSkipPadding: 18,
        },
      },
      y: {
        stacked: true,
        beginAtZero: true,
        // Room for whole posts only, also when there are few.
        suggestedMax: Math.max(4, ...usual.map((each) => each?.high ?? 0)),
        grid: { color: colour('line'), drawTicks: false },
        border: { display: false },
        ticks: {
          ...ticks,
          precision: 0,
          maxTicksLimit: 6,
          padding: 8,
          callback: (value) => count(Number(value)),
        },
      },
    };
    const tooltip = options.plugins?.tooltip;
    if (tooltip) {
      Object.assign(tooltip, {
        backgroundColor: colour('surface'),
        borderColor: colour('line-strong'),
        borderWidth: 1,
        titleColor: colour('ink'),
        bodyColor: colour('ink'),
        footerColor: colour('muted'),
        titleFont: { ...font, weight: 'bold' },
        bodyFont: font,
        footerFont: { ...font, weight: 'normal' },
      });
    }
    // What is printed is what is drawn at that moment, not what moves towards it.
    chart.update(matchMedia('print').matches ? 'none' : undefined);
  }

  paint();
  // Paper is white, whatever the screen was.
  const changes = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('print')];
  for (const change of changes) change.addEventListener('change', paint);
  document.addEventListener('jiansheng:theme', paint);

  return {
    update(next, nextStep, nextUsual = []) {
      bars = next;
      step = nextStep;
      usual = nextUsual;
      paint();
    },
    destroy() {
      for (const change of changes) change.removeEventListener('change', paint);
      document.removeEventListener('jiansheng:theme', paint);
      chart.destroy();
    },
  };
}

/** Over several days of hours the days are what is read: one label at each midnight. */
function dayTicks(bars: readonly Bar[], step: PulseStep, narrow: boolean) {
  if (step === 'day' || bars.length <= 24) return {};
  return {
    autoSkip: false,
    callback: (_value: number | string, index: number) => {
      const bar = bars[index];
      if (!bar || clock(bar.at) !== '00:00') return null;
      return narrow ? shortDay(bar.at) : day(bar.at);
    },
  };
}

function barLabel(bar: Bar, step: PulseStep): string {
  if (step === 'day') return day(bar.at);
  const time = clock(bar.at);
  return time === '00:00' ? day(bar.at) : time;
}

function barTitle(bar: Bar, step: PulseStep): string {
  return step === 'day' ? day(bar.at) : `${day(bar.at)} ${clock(bar.at)}–${clock(bar.until)}`;
}

function remark(bar: Bar | undefined): string {
  if (!bar) return '';
  if (bar.known === 'before') return messages.overview.noDataYet;
  return bar.gaps.length > 0 ? messages.overview.gapOf(bar.gaps.join('、')) : '';
}
