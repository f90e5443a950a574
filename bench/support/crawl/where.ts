import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Frame = { functionName: string; url: string };
type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
};

/** What a moment is put down to: the innermost of these that a function on the stack belongs to. */
const PARTS: [name: string, test: (frame: Frame) => boolean][] = [
  ['waiting', ({ functionName }) => functionName === '(idle)'],
  ['collecting garbage', ({ functionName }) => functionName === '(garbage collector)'],
  ['parsing HTML', ({ url }) => /htmlparser2|domhandler|entities/.test(url)],
  ['reading pages', ({ url }) => /crawler\/extract/.test(url)],
  ['encodings', ({ url }) => /fetch\/(?:encoding|mojibake)/.test(url)],
  ['manners: robots.txt, pace, guard, limits', ({ url }) => /crawler\/fetch/.test(url)],
  ['the list of the visit (Crawlee)', ({ url }) => /crawlee|apify/.test(url)],
  ['HTTP (undici)', ({ url }) => url.includes('undici')],
  ['database', ({ url }) => /node_modules\/pg|\/store\/|\/hub\//.test(url)],
  ['the visit', ({ url }) => /crawler\/(?:sources|run-requests|visit)/.test(url)],
  ['starting', ({ url }) => /loader|modules\/|translators|bootstrap/.test(url)],
  ['sockets and streams', ({ url }) => url.startsWith('node:')],
];

/** Profiles are named `CPU.<day>.<time>.<process>.<thread>.<number>`; 0 is the main thread. */
const MAIN = /\.0\.\d+\.cpuprofile$/;

/** Shares of the time of a process's main thread, from the profile that it left in the folder. */
export function whereTimeGoes(folder: string): Record<string, number> {
  const file = readdirSync(folder).find((name) => MAIN.test(name)) ?? '';
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const parts = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit: { id: number; around: string }[] = [{ id: nodes[0]?.id ?? 0, around: 'other' }];
  for (let place = visit.pop(); place; place = visit.pop()) {
    const node = byId.get(place.id);
    if (!node) continue;
    const part = PARTS.find(([, test]) => test(node.callFrame))?.[0] ?? place.around;
    parts.set(node.id, part);
    for (const id of node.children ?? []) visit.push({ id, around: part });
  }
  const spent = new Map<string, number>();
  samples.forEach((id, at) => {
    const part = parts.get(id) ?? 'other';
    spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[at] ?? 0));
  });
  spent.delete('starting');
  const all = [...spent.values()].reduce((sum, each) => sum + each, 0);
  return Object.fromEntries(
    [...spent]
      .sort((a, b) => b[1] - a[1])
      .map(([part, time]) => [part, Math.round((time / all) * 1000) / 10]),
  );
}
