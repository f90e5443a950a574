import { ruleSchema, ruleSubjects, type Rule } from '../../../config/warning-rules.ts';
import { levelGrades, levelNames, suggestedLevels } from '../../../config/warning-levels.ts';
import type { RuleDetails } from '../../../store/warning-rules.ts';
import { ruleMessages } from '../messages/rules.ts';
import {
  conditionFields,
  conditionKinds,
  freshCondition,
  MOST_CONDITIONS,
  type ConditionDraft,
  type RuleDraft,
} from '../rule-draft.ts';
import { field } from './form.ts';
import { personalIn } from './watch-trial.ts';

const words = ruleMessages.form;
const LONGEST_NAME = 40;

/** What is wrong with a rule's form, by the names of its fields. */
export type RuleWrong = Record<string, string>;

/** Reads the form of a rule. @returns `details` as null when something is wrong with it */
export async function readRule(
  sent: FormData,
): Promise<{ typed: RuleDraft; details: RuleDetails | null; wrong: RuleWrong }> {
  const typed = draftIn(sent);
  const wrong: RuleWrong = {};
  if (typed.name === '') wrong['name'] = words.noName;
  else if ([...typed.name].length > LONGEST_NAME) wrong['name'] = words.longName;
  else {
    const personal = await personalIn(typed.name);
    if (personal !== null) wrong['name'] = personal;
  }
  const level = suggestedLevels.find((each) => each === typed.level);
  if (!level) wrong['level'] = words.noLevel;
  if (typed.subjects.length === 0) wrong['subjects'] = words.noSubject;
  if (typed.conditions.length === 0) wrong['conditions'] = words.noCondition;
  const read = ruleSchema.safeParse(ruleIn(typed));
  for (const { path } of read.error?.issues ?? []) {
    const name = nameOf(typed, path);
    wrong[name] ??= words.wrongNumber[name.replace(/^c\d+-/u, '')] ?? words.wrongField;
  }
  const fine = read.success && level && Object.keys(wrong).length === 0;
  return { typed, details: fine ? { name: typed.name, level, rule: read.data } : null, wrong };
}

/** The rule alone, for its sentence while its name is still missing; null while something is wrong with it. */
export function ruleAlone(typed: RuleDraft): Rule | null {
  return ruleSchema.safeParse(ruleIn(typed)).data ?? null;
}

function draftIn(sent: FormData): RuleDraft {
  const conditions: ConditionDraft[] = [];
  for (let at = 0; at < MOST_CONDITIONS; at += 1) {
    const kind = conditionKinds.find((each) => each === field(sent, `c${at}-kind`));
    if (!kind) continue;
    const draft: ConditionDraft = { ...freshCondition(kind), slow: field(sent, `c${at}-slow`) === 'on' };
    for (const { name } of conditionFields[kind]) draft[name] = field(sent, `c${at}-${name}`).trim() as never;
    draft.of = field(sent, `c${at}-of`) === 'negative' ? 'negative' : 'volume';
    conditions.push(draft);
  }
  const subjects = sent.getAll('subject');
  const plain = (name: string) => field(sent, name).trim();
  return {
    name: field(sent, 'name').toWellFormed().replaceAll('\0', '').replace(/\s+/gu, ' ').trim(),
    level: plain('level'),
    subjects: ruleSubjects.filter((each) => subjects.includes(each)),
    conditions,
    holdMinutes: plain('holdMinutes'),
    quiet: field(sent, 'quiet') === 'on',
    quietFrom: plain('quietFrom'),
    quietTo: plain('quietTo'),
    coolHours: plain('coolHours'),
    calmHours: plain('calmHours'),
    calmRatio: plain('calmRatio'),
    calmAtMost: plain('calmAtMost'),
  };
}

/** What cannot be a number is NaN, which the schema refuses at its place; an optional one that is empty is left out. */
function ruleIn(typed: RuleDraft): unknown {
  return {
    subjects: typed.subjects,
    all: typed.conditions.map(conditionIn),
    holdMinutes: number(typed.holdMinutes),
    quiet: typed.quiet ? { from: number(typed.quietFrom), to: number(typed.quietTo) } : null,
    coolHours: number(typed.coolHours),
    calm: {
      hours: number(typed.calmHours),
      ratio: number(typed.calmRatio),
      atMost: number(typed.calmAtMost),
    },
  };
}

function conditionIn(draft: ConditionDraft): unknown {
  const { kind } = draft;
  const values: Record<string, unknown> = { kind };
  for (const { name, optional } of conditionFields[kind]) {
    const typed = draft[name] as string;
    if (optional && typed === '') continue;
    const value = number(typed);
    values[OUT[name] ?? name] = name === 'share' || name === 'above' ? value / 100 : value;
  }
  if (kind === 'change') {
    values['of'] = draft.of;
    if (draft.slow) values['slow'] = true;
  }
  return values;
}

/** Fields of the form that are called otherwise in the rule. */
const OUT: Record<string, string> = { heat: 'atLeast' };

function number(typed: string): number {
  return /^\d{1,9}(\.\d{1,4})?$/u.test(typed) ? Number(typed) : Number.NaN;
}

/** The name of the field that a part of the rule was read from. */
function nameOf(typed: RuleDraft, path: readonly PropertyKey[]): string {
  const [first, second, third] = path;
  if (first === 'all' && typeof second === 'number') {
    const kind = typed.conditions[second]?.kind;
    if (third === undefined) return `c${second}-${kind === 'heat' ? 'heat' : 'kind'}`;
    return `c${second}-${kind === 'heat' && third === 'atLeast' ? 'heat' : String(third)}`;
  }
  if (first === 'quiet') return second === 'to' ? 'quietTo' : 'quietFrom';
  if (first === 'calm') return { hours: 'calmHours', ratio: 'calmRatio' }[String(second)] ?? 'calmAtMost';
  return first === 'all' ? 'conditions' : String(first);
}

/** The levels that a rule can suggest, the gravest first. */
export function levelChoices(): { level: string; name: string }[] {
  return suggestedLevels
    .toReversed()
    .map((level) => ({ level, name: `${levelNames[level]} ${levelGrades[level]}` }));
}
