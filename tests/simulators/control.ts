import { eventFaults, faultKinds, type Fault, type FaultPlan } from './faults.ts';
import type { Answered, Asked, Platform } from './platform.ts';

/** `POST accounts` → what it does with the JSON that was sent, and what it answers. */
export type Controls = Record<string, (sent: Record<string, unknown>) => unknown>;

/**
 * The hands on a simulated platform from outside its process, under `/_/`: what it shows (`truth`), what was asked of it
 * (`counts`), what goes wrong (`faults`, `plan`), what time it is (`clock`), and what the platform itself adds.
 */
export function answerControl(asked: Asked, platform: Platform, own: Controls): Answered {
  const call = `${asked.method} ${asked.path.slice('/_/'.length)}`;
  const control = { ...shared(platform), ...own }[call];
  if (!control) return { status: 404, body: { error: `no ${call}` } };
  const isJson = (asked.headers['content-type'] ?? '').startsWith('application/json');
  // A page of somebody else can send forms to loopback, and no JSON.
  if (asked.method !== 'GET' && !isJson) return { status: 415, body: { error: 'send application/json' } };
  try {
    const sent =
      asked.method === 'GET' ? Object.fromEntries(asked.query) : (JSON.parse(asked.body) as unknown);
    return { body: control(sent as Record<string, unknown>) ?? { ok: true } };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

function shared(platform: Platform): Controls {
  return {
    'GET truth': () => platform.truth(),
    'GET counts': () => platform.counts(),
    'GET faults': () => ({ ordered: platform.faults, happened: platform.happened, plan: platform.plan }),
    /** One fault, to be added. */
    'POST faults': (sent) => {
      if ('kind' in sent) requireKinds([String(sent['kind'])], faultKinds);
      platform.faults.push(sent as Fault);
    },
    /** A plan; without rates: none. */
    'POST plan': (sent) => {
      const plan = 'rates' in sent ? (sent as FaultPlan) : null;
      requireKinds(Object.keys(plan?.rates ?? {}), faultKinds);
      requireKinds(Object.keys(plan?.events ?? {}), eventFaults);
      platform.plan = plan;
    },
    'POST refuse': ({ ms }) => {
      void platform.refuse(Number(ms ?? 1_000));
    },
    'GET clock': () => ({ now: platform.clock.now, stands: platform.clock.stands }),
    /** `now` puts it, `advance` moves it by so many ms, `stands` stops it or lets it run. */
    'POST clock': ({ now, advance, stands }) => {
      if (typeof stands === 'boolean') platform.clock.stands = stands;
      if (typeof now === 'number') platform.clock.now = now;
      if (typeof advance === 'number') platform.clock.now += advance;
      return { now: platform.clock.now, stands: platform.clock.stands };
    },
  };
}

function requireKinds(given: readonly string[], known: readonly string[]): void {
  const wrong = given.filter((kind) => !known.includes(kind));
  if (wrong.length > 0) throw new RangeError(`no such fault: ${wrong.join(', ')}`);
}
