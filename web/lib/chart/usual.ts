import type { Plugin } from 'chart.js';
import { colour } from './colours.ts';

/** What is usual at a bar, in posts; null where nothing was learnt. */
export type Usual = { expected: number; low: number; high: number } | null;

/** Behind the bars: the usual range as a soft band, with a line at what is expected. */
export function usualBand(usual: () => readonly Usual[]): Plugin<'bar'> {
  return {
    id: 'usual',
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart;
      const [x, y] = [scales['x'], scales['y']];
      const all = usual();
      if (!x || !y || !all.some((each) => each !== null)) return;
      const half = x.width / Math.max(1, chart.data.labels?.length ?? 1) / 2;
      ctx.save();
      ctx.strokeStyle = colour('line-strong');
      ctx.lineWidth = 1;
      all.forEach((each, at) => {
        if (!each) return;
        const middle = x.getPixelForValue(at);
        const [top, bottom] = [y.getPixelForValue(each.high), y.getPixelForValue(Math.max(0, each.low))];
        ctx.fillStyle = colour('sunken');
        ctx.fillRect(middle - half, top, 2 * half, bottom - top);
        const line = y.getPixelForValue(each.expected);
        ctx.beginPath();
        ctx.moveTo(middle - half, line);
        ctx.lineTo(middle + half, line);
        ctx.stroke();
      });
      ctx.restore();
    },
  };
}
