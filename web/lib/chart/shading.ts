import type { Chart, Plugin } from 'chart.js';
import { messages } from '../messages.ts';
import type { Bar } from '../overview.ts';
import { colour, hatch } from './colours.ts';

type Run = { from: number; to: number; known: Bar['known'] };

/** Neighbouring bars of the same kind are shaded, and labelled, as one. */
export function runs(bars: readonly Pick<Bar, 'known'>[]): Run[] {
  const found: Run[] = [];
  bars.forEach((bar, index) => {
    const last = found.at(-1);
    if (last?.known === bar.known) last.to = index;
    else found.push({ from: index, to: index, known: bar.known });
  });
  return found.filter((run) => run.known !== 'full');
}

const LABELS = {
  none: messages.overview.gap,
  partial: messages.overview.partialGap,
  before: messages.overview.noDataYet,
};

/** Behind the bars: hatching where sources were down, a plain ground where nothing was collected yet. */
export function shading(bars: () => readonly Bar[]): Plugin<'bar'> {
  return {
    id: 'shading',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      const ground = colour('sunken');
      const lines = hatch(ctx, colour('hatch'));
      ctx.save();
      ctx.font = `12px ${getComputedStyle(document.body).fontFamily}`;
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'center';
      for (const run of runs(bars())) {
        if (run.known === 'full') continue;
        const [left, right] = edges(chart, run);
        const height = chartArea.bottom - chartArea.top;
        ctx.globalAlpha = run.known === 'partial' ? 0.45 : 1;
        ctx.fillStyle = run.known === 'before' ? ground : lines;
        ctx.fillRect(left, chartArea.top, right - left, height);
        ctx.globalAlpha = 1;
        label(ctx, LABELS[run.known], left, right, chartArea.top + 14);
      }
      ctx.restore();
    },
  };
}

function edges(chart: Chart<'bar'>, run: Run): [number, number] {
  const x = chart.scales['x'];
  if (!x) return [0, 0];
  const half = x.width / Math.max(1, chart.data.labels?.length ?? 1) / 2;
  return [x.getPixelForValue(run.from) - half, x.getPixelForValue(run.to) + half];
}

/** Only where it fits; on a ground of its own, since it stands on hatching. */
function label(
  ctx: CanvasRenderingContext2D,
  text: string,
  left: number,
  right: number,
  middle: number,
): void {
  const width = ctx.measureText(text).width + 12;
  if (right - left < width) return;
  const centre = (left + right) / 2;
  ctx.fillStyle = colour('surface');
  ctx.fillRect(centre - width / 2, middle - 10, width, 20);
  ctx.fillStyle = colour('muted');
  ctx.fillText(text, centre, middle);
}
