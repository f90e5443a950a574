import { fromShanghaiInput, toShanghaiInput } from './format.ts';
import { auditActions, type AuditAction } from './messages/audit.ts';

export const auditPresets = ['24h', '7d', '30d', 'all'] as const;
export type AuditPreset = (typeof auditPresets)[number];

/** The audit page as its address states it. */
export type AuditView = {
  /** Null where a time is stated instead. */
  preset: AuditPreset | null;
  from: Date | null;
  to: Date | null;
  actor: string;
  action: AuditAction | null;
  subject: string;
  text: string;
  /** Whether the reading of the log itself is shown as well. */
  reads: boolean;
  office: string | null;
  only: boolean;
  beside: { before: number } | { after: number } | null;
};

const HOURS: Record<Exclude<AuditPreset, 'all'>, number> = { '24h': 24, '7d': 168, '30d': 720 };
const HOUR = 3_600_000;

/** Reads any address: what cannot be read is left out, never an error. */
export function readAuditView(params: URLSearchParams): AuditView {
  const word = (name: string) => (params.get(name) ?? '').trim().slice(0, 100);
  const number = (name: string) => (/^[1-9]\d{0,14}$/.test(word(name)) ? Number(word(name)) : null);
  const from = fromShanghaiInput(word('from'));
  const to = fromShanghaiInput(word('to'));
  // A time that is stated goes before a range: the form holds both.
  const stated = from !== null || to !== null;
  const preset = auditPresets.find((each) => each === params.get('range')) ?? '30d';
  const before = number('before');
  const after = number('after');
  return {
    preset: stated ? null : preset,
    from,
    to,
    actor: word('actor'),
    action: Object.hasOwn(auditActions, word('action')) ? (word('action') as AuditAction) : null,
    subject: word('subject'),
    text: word('text'),
    reads: params.get('reads') === '1',
    office: params.get('office'),
    only: params.get('only') === '1',
    beside: before ? { before } : after ? { after } : null,
  };
}

/** The address of a view; what goes without saying is left out of it. */
export function auditParams(view: Partial<AuditView>): string {
  const params = new URLSearchParams();
  if (view.preset && view.preset !== '30d') params.set('range', view.preset);
  if (view.from && !view.preset) params.set('from', toShanghaiInput(view.from));
  if (view.to && !view.preset) params.set('to', toShanghaiInput(view.to));
  for (const name of ['actor', 'action', 'subject', 'text', 'office'] as const) {
    const value = view[name];
    if (value) params.set(name, value);
  }
  if (view.reads) params.set('reads', '1');
  if (view.only) params.set('only', '1');
  for (const [name, seq] of Object.entries(view.beside ?? {})) params.set(name, String(seq));
  return params.toString();
}

/** From when to when. */
export function auditTimes(
  { preset, from, to }: Pick<AuditView, 'preset' | 'from' | 'to'>,
  now: Date,
): { from: Date | null; to: Date | null } {
  if (preset === null) return { from, to };
  if (preset === 'all') return { from: null, to: null };
  return { from: new Date(now.getTime() - HOURS[preset] * HOUR), to: null };
}
