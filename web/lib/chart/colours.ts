/** Colours of app.css as the canvas needs them: resolved for the theme that is shown now. */
export function colour(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Diagonal hatching, the look of "not known" on paper too. */
export function hatch(context: CanvasRenderingContext2D, stroke: string): CanvasPattern | string {
  const size = 8;
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const draw = tile.getContext('2d');
  if (!draw) return stroke;
  draw.strokeStyle = stroke;
  draw.lineWidth = 1.2;
  draw.beginPath();
  // The two short strokes close the corners, so that the tiles join without a seam.
  for (const shift of [-size, 0, size]) {
    draw.moveTo(shift, size);
    draw.lineTo(shift + size, 0);
  }
  draw.stroke();
  return context.createPattern(tile, 'repeat') ?? stroke;
}
