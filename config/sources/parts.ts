import { compile } from '@jmespath-community/jmespath';
import { is } from 'css-select';
import { z } from 'zod';
import { messages } from '../messages.ts';

export const address = z.url({ protocol: /^https?$/, error: messages.notHttp });

export const selector = z.string().refine(isSelector, messages.badSelector);

export const expression = z.string().refine((text) => compiles(() => compile(text)), messages.badExpression);

/** A whole-number option in days, pages, seconds …, with its bounds. */
export const count = (min: number, max: number) => z.number().int().min(min).max(max);

/** What every source says of itself, whatever its kind. */
export const common = {
  /** Names the source in jobs, logs and addresses; never reused for another source. */
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, messages.badKey),
  name: z.string().min(1).max(80),
  /** The institution whose items these are, when the page does not say. */
  outlet: z.string().min(1).max(80).optional(),
  /** Code of the office that listens here; absent: the hub's own. */
  office: z.string().optional(),
  enabled: z.boolean().default(true),
  /** Why the office may collect here, what collecting costs the site, and who approved it. A source does not run without. */
  legalBasis: z.string().min(4).max(500),
  impactNote: z.string().min(4).max(500),
  approvedBy: z.string().min(2).max(80),
};

/** A source that the hub visits by itself. */
export const visited = {
  ...common,
  /** The least time between two visits; a source that changes seldom is visited less often. */
  intervalSeconds: count(5, 604_800).default(900),
  /** The most time between two visits; absent: eight times the least, and no more than a week. */
  longestIntervalSeconds: count(5, 604_800).optional(),
};

function compiles(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** Whether css-select, which the crawler uses, understands the selector. */
function isSelector(text: string): boolean {
  return text.trim() !== '' && compiles(() => is(PROBE, text));
}

const PROBE = {
  type: 'tag',
  name: 'p',
  attribs: {},
  children: [],
  parent: null,
  prev: null,
  next: null,
} as never;
