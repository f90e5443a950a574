import type { Condition, Rule, RuleSubject } from '../../config/warning-rules.ts';

/** A condition as its form holds it: every field as text, whichever kind is chosen. Shares are percentages. */
export type ConditionDraft = {
  kind: Condition['kind'];
  hours: string;
  atLeast: string;
  ratio: string;
  beyond: string;
  share: string;
  above: string;
  of: 'volume' | 'negative';
  slow: boolean;
  heat: string;
  trend: string;
};

export type RuleDraft = {
  name: string;
  level: string;
  subjects: RuleSubject[];
  conditions: ConditionDraft[];
  holdMinutes: string;
  quiet: boolean;
  quietFrom: string;
  quietTo: string;
  coolHours: string;
  calmHours: string;
  calmRatio: string;
  calmAtMost: string;
};

export const conditionKinds = ['volume', 'negative', 'sources', 'pace', 'change', 'heat'] as const;
export const MOST_CONDITIONS = 8;

/** The fields of a condition that are filled in as text, by kind; the optional ones may be left empty. */
export const conditionFields: Record<
  Condition['kind'],
  readonly { name: keyof ConditionDraft & string; optional?: true }[]
> = {
  volume: [
    { name: 'hours' },
    { name: 'atLeast' },
    { name: 'ratio', optional: true },
    { name: 'beyond', optional: true },
  ],
  negative: [{ name: 'hours' }, { name: 'atLeast' }, { name: 'share' }, { name: 'above', optional: true }],
  sources: [{ name: 'hours' }, { name: 'atLeast' }],
  pace: [],
  change: [],
  heat: [
    { name: 'heat', optional: true },
    { name: 'trend', optional: true },
  ],
};

/** What a new condition says at first. */
export function freshCondition(kind: Condition['kind'] = 'volume'): ConditionDraft {
  return {
    kind,
    hours: '6',
    atLeast: '20',
    ratio: kind === 'volume' ? '3' : '',
    beyond: '',
    share: '50',
    above: '',
    of: 'volume',
    slow: false,
    heat: '',
    trend: kind === 'heat' ? '2' : '',
  };
}

/** What a new rule says at first: something that makes sense, to be changed. */
export function freshDraft(): RuleDraft {
  return {
    name: '',
    level: 'yellow',
    subjects: ['concern'],
    conditions: [freshCondition()],
    holdMinutes: '0',
    quiet: false,
    quietFrom: '22',
    quietTo: '7',
    coolHours: '24',
    calmHours: '24',
    calmRatio: '2',
    calmAtMost: '5',
  };
}

const text = (value: number | undefined) => (value === undefined ? '' : String(value));
/** Without the digits that binary fractions bring along. */
const percent = (value: number | undefined) =>
  value === undefined ? '' : String(Math.round(value * 10_000) / 100);

function conditionDraft(condition: Condition): ConditionDraft {
  const blank = {
    ...{ hours: '', atLeast: '', ratio: '', beyond: '', share: '', above: '', heat: '', trend: '' },
    of: 'volume' as const,
    slow: false,
  };
  switch (condition.kind) {
    case 'volume': {
      const { kind, hours, atLeast, ratio, beyond } = condition;
      return {
        ...blank,
        kind,
        hours: text(hours),
        atLeast: text(atLeast),
        ratio: text(ratio),
        beyond: text(beyond),
      };
    }
    case 'negative': {
      const { kind, hours, atLeast, share, above } = condition;
      return {
        ...blank,
        kind,
        hours: text(hours),
        atLeast: text(atLeast),
        share: percent(share),
        above: percent(above),
      };
    }
    case 'sources':
      return { ...blank, kind: 'sources', hours: text(condition.hours), atLeast: text(condition.atLeast) };
    case 'pace':
      return { ...blank, kind: 'pace' };
    case 'change':
      return { ...blank, kind: 'change', of: condition.of, slow: condition.slow ?? false };
    case 'heat':
      return { ...blank, kind: 'heat', heat: text(condition.atLeast), trend: text(condition.trend) };
  }
}

/** A rule as its form shows it. */
export function draftOf({ name, level, rule }: { name: string; level: string; rule: Rule }): RuleDraft {
  return {
    name,
    level,
    subjects: [...rule.subjects],
    conditions: rule.all.map(conditionDraft),
    holdMinutes: text(rule.holdMinutes),
    quiet: rule.quiet !== null,
    quietFrom: text(rule.quiet?.from ?? 22),
    quietTo: text(rule.quiet?.to ?? 7),
    coolHours: text(rule.coolHours),
    calmHours: text(rule.calm.hours),
    calmRatio: text(rule.calm.ratio),
    calmAtMost: text(rule.calm.atMost),
  };
}

/** The draft as the form's fields: what is sent when it is tried before it is saved. */
export function fieldsOf(draft: RuleDraft): [name: string, value: string][] {
  const { subjects, conditions, quiet, ...plain } = draft;
  return [
    ...Object.entries(plain),
    ...(quiet ? [['quiet', 'on'] as [string, string]] : []),
    ...subjects.map((subject): [string, string] => ['subject', subject]),
    ...conditions.flatMap(({ slow, ...condition }, at) => [
      ...Object.entries(condition).map(([name, value]): [string, string] => [`c${at}-${name}`, value]),
      ...(slow ? [[`c${at}-slow`, 'on'] as [string, string]] : []),
    ]),
  ];
}
