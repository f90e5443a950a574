import { parse as parseYaml, stringify } from 'yaml';
import {
  approvalSchema,
  checklistOf,
  checkPoints,
  type CheckPoint,
} from '../../../config/sources/approval.ts';
import { sourceSchema, type SourceKind, type SourceSettings } from '../../../config/sources.ts';
import type { SourceApproval, SourceDetails } from '../../../store/source-edits.ts';
import { sourceMessages } from '../messages/sources.ts';
import {
  addressedKinds,
  deskKinds,
  putIn,
  settingsFields,
  visitedKinds,
  type Typed,
} from '../source-fields.ts';
import { field } from './form.ts';

const words = sourceMessages.form;

/** What is wrong, by the name of the line below which it is said. */
export type Wrong = Readonly<Record<string, string>>;
export type ReadSource = { typed: Typed } & (
  { details: SourceDetails; wrong: null } | { details: null; wrong: Wrong }
);

export function readKind(text: string): SourceKind | null {
  return deskKinds.includes(text) ? (text as SourceKind) : null;
}

/** The settings that have no line of their own, as people write them. */
export function restAsYaml(rest: Record<string, unknown>): string {
  return Object.keys(rest).length === 0 ? '' : stringify(rest);
}

/** Reads the form of a source and checks it as hub.yaml would be checked. */
export function readSource(sent: FormData, kind: SourceKind): ReadSource {
  const typed: Record<string, string> = {};
  const plain = ['name', 'url', 'outlet', 'key', 'intervalSeconds', 'longestIntervalSeconds', 'rest'];
  for (const name of plain) typed[name] = field(sent, name).trim();
  for (const { name, as } of settingsFields[kind] ?? []) {
    typed[name] = as === 'words' ? sent.getAll(name).filter(isText).join(' ') : field(sent, name).trim();
  }
  return { typed, ...checkTyped(kind, typed) };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Checks what was typed, or read from a file, for a kind. */
export function checkTyped(
  kind: SourceKind,
  typed: Typed,
): { details: SourceDetails; wrong: null } | { details: null; wrong: Wrong } {
  const wrong: Record<string, string> = {};
  const settings = readRest(typed['rest'] ?? '', wrong);
  for (const { name, as } of settingsFields[kind] ?? []) {
    const text = typed[name] ?? '';
    const path = name.split('.').slice(1);
    if (as === 'tick') {
      if (text === 'on') putIn(settings, path, true);
    } else if (text !== '') putIn(settings, path, valueOf(text, as));
  }
  const numbers = visitedKinds.includes(kind) ? ['intervalSeconds', 'longestIntervalSeconds'] : [];
  const source: Record<string, unknown> = {
    kind,
    key: (typed['key'] ?? '') || keyFor(kind, typed['url'] ?? '', typed['name'] ?? ''),
    name: typed['name'] ?? '',
    settings,
    ...NOT_YET,
  };
  if (typed['outlet']) source['outlet'] = typed['outlet'];
  if (addressedKinds.includes(kind)) source['url'] = typed['url'] ?? '';
  for (const name of numbers) if (typed[name]) source[name] = valueOf(typed[name], 'number');
  const result = sourceSchema.safeParse(source);
  for (const issue of result.error?.issues ?? []) {
    const name = lineOf(kind, issue.path.map(String));
    wrong[name] ??= isMissing(issue, typed[name]) ? words.required : issue.message;
  }
  if (!result.success || Object.keys(wrong).length > 0) return { details: null, wrong };
  const details = detailsOf(result.data);
  const { intervalSeconds, longestIntervalSeconds } = details;
  if (longestIntervalSeconds !== null && longestIntervalSeconds < intervalSeconds) {
    return { details: null, wrong: { longestIntervalSeconds: words.longestShorter } };
  }
  return { details, wrong: null };
}

/** What the approval says is asked for by itself, and nothing of it is stored from here. */
const NOT_YET = { legalBasis: 'not yet', impactNote: 'not yet', approvedBy: 'not yet' };

export function detailsOf(source: SourceSettings): SourceDetails {
  const { kind, key, name, settings } = source;
  const visited = 'intervalSeconds' in source ? source : null;
  return {
    ...{ kind, key, name, settings },
    url: 'url' in source ? new URL(source.url).href : null,
    outlet: source.outlet ?? null,
    intervalSeconds: visited?.intervalSeconds ?? 3_600,
    longestIntervalSeconds: visited?.longestIntervalSeconds ?? null,
  };
}

/** Required, and left empty: zod would speak of lengths and formats. */
function isMissing(issue: { code: string; path: PropertyKey[] }, typed = ''): boolean {
  // What a kind asks for besides has words of its own.
  return typed === '' && issue.path.length > 0 && issue.code !== 'custom';
}

/** The line below which a fault is said: its own, that of a part of it, or the YAML of all the others. */
function lineOf(kind: SourceKind, path: readonly string[]): string {
  const lines = (settingsFields[kind] ?? []).map(({ name }) => name);
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.');
    if (lines.includes(name)) return name;
  }
  // A part of several lines is missing: said at the first of them.
  const whole = path.join('.');
  const first = lines.find((name) => path.length > 1 && name.startsWith(`${whole}.`));
  return first ?? (path[0] === 'settings' ? 'rest' : (path[0] ?? 'name'));
}

function readRest(text: string, wrong: Record<string, string>): Record<string, unknown> {
  if (text === '') return {};
  try {
    const value: unknown = parseYaml(text, { maxAliasCount: 10 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    wrong['rest'] = words.notMapping;
  } catch {
    wrong['rest'] = words.badYaml;
  }
  return {};
}

function valueOf(text: string, as: string): unknown {
  if (as === 'words') return text.split(' ').filter(Boolean);
  if (as === 'lines')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  return as === 'number' && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** A key from the address, or from the kind where there is none. */
export function keyFor(kind: string, url: string, name: string): string {
  const host = URL.parse(url)?.host ?? '';
  const from = host || name || kind;
  const key = from
    .toLowerCase()
    .replace(/^www\./, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const bare = key.replaceAll(/^-+|-+$/g, '');
  return bare.length >= 2 ? bare : kind;
}

/** The same key with a number behind it, the first that is not taken. */
export function freeKey(key: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const next = n === 1 ? key : `${key}-${n}`;
    if (!taken.has(next)) return next;
  }
}

export type ReadApproval = { typed: Typed; approval: SourceApproval; wrong: Wrong };

/** Reads the checklist. `wrong` says what keeps the source from running; saved it can be all the same. */
export function readApproval(sent: FormData, kind: SourceKind): ReadApproval {
  const points = checklistOf(kind);
  const sentPoints = sent.getAll('checked');
  const checked = checkPoints.filter((point) => points.includes(point) && sentPoints.includes(point));
  const lines = ['legalBasis', 'impactNote', 'approvedBy'] as const;
  const typed: Record<string, string> = { checked: checked.join(' ') };
  for (const name of lines) typed[name] = field(sent, name).trim();
  const wrong: Record<string, string> = {};
  if (checked.length < points.length) wrong['checked'] = sourceMessages.approval.unticked;
  const result = approvalSchema.safeParse(Object.fromEntries(lines.map((name) => [name, typed[name]])));
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]);
    wrong[name] ??= typed[name] === '' ? words.required : issue.message;
  }
  const kept = (name: (typeof lines)[number]) => (wrong[name] === undefined ? (typed[name] ?? null) : null);
  return {
    typed,
    wrong,
    approval: {
      checked: checked as CheckPoint[],
      legalBasis: kept('legalBasis'),
      impactNote: kept('impactNote'),
      approvedBy: kept('approvedBy'),
    },
  };
}
