/** Spearman's rank correlation × 100, equal values at the mean of their ranks. */
export function spearman(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [ranks(one), ranks(other)];
  const mean = (a.length - 1) / 2;
  const sum = (f: (n: number) => number) => a.reduce((total, _, n) => total + f(n), 0);
  const [x, y] = [(n: number) => (a[n] as number) - mean, (n: number) => (b[n] as number) - mean];
  return (100 * sum((n) => x(n) * y(n))) / Math.sqrt(sum((n) => x(n) ** 2) * sum((n) => y(n) ** 2));
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((value, n) => ({ value, n })).sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (let at = from; at < to; at += 1) result[order[at]?.n as number] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}
