import { describe, expect, test } from 'vitest';
import { shippedRules } from '../../config/warning-rules.ts';
import { ruleMessages } from '../../web/lib/messages/rules.ts';
import { draftOf, fieldsOf, freshDraft, type RuleDraft } from '../../web/lib/rule-draft.ts';
import { readRule } from '../../web/lib/server/rule-form.ts';

const words = ruleMessages.form;

function read(draft: RuleDraft) {
  const sent = new FormData();
  for (const [name, value] of fieldsOf(draft)) sent.append(name, value);
  return readRule(sent);
}

describe('the form of a rule', () => {
  test.each(shippedRules)(
    'says $name as it ships, and nothing is lost on the way',
    async ({ name, level, rule }) => {
      const { details, wrong } = await read(draftOf({ name, level, rule }));
      expect(wrong).toEqual({});
      expect(details).toEqual({ name, level, rule });
    },
  );

  test('of a new rule asks for no more than its name', async () => {
    expect((await read(freshDraft())).wrong).toEqual({ name: words.noName });
    expect((await read({ ...freshDraft(), name: '食堂' })).details?.level).toBe('yellow');
  });

  test.each([
    ['hours', '0', words.wrongNumber['hours']],
    ['hours', '169', words.wrongNumber['hours']],
    ['atLeast', '3.5', words.wrongNumber['atLeast']],
    ['ratio', 'many', words.wrongNumber['ratio']],
    ['beyond', '-1', words.wrongNumber['beyond']],
  ])('marks %s = %s at its field', async (field, value, says) => {
    const draft = { ...freshDraft(), name: '食堂' };
    const [condition] = draft.conditions;
    const typed = await read({ ...draft, conditions: [{ ...condition!, [field]: value }] });
    expect(typed.wrong).toEqual({ [`c0-${field}`]: says });
    expect(typed.details).toBeNull();
    // What was typed stays, also where it is wrong.
    expect(typed.typed.conditions[0]).toMatchObject({ [field]: value });
  });

  test('asks for heat or its trend, one of them at least', async () => {
    const [condition] = freshDraft().conditions;
    const heat = { ...condition!, kind: 'heat' as const, heat: '', trend: '' };
    const { wrong } = await read({ ...freshDraft(), name: '食堂', conditions: [heat] });
    expect(wrong).toEqual({ 'c0-heat': words.wrongNumber['heat'] });
    const { details } = await read({
      ...freshDraft(),
      name: '食堂',
      conditions: [{ ...heat, trend: '2.5' }],
    });
    expect(details?.rule.all).toEqual([{ kind: 'heat', trend: 2.5 }]);
  });

  test('takes no name of a person, no rule without a subject, none without a condition', async () => {
    const none = { ...freshDraft(), name: '13800138000', subjects: [], conditions: [] };
    expect(Object.keys((await read(none)).wrong).toSorted()).toEqual(['conditions', 'name', 'subjects']);
  });

  test('has a share in percent, which the rule has as a part of one', async () => {
    const [condition] = freshDraft().conditions;
    const negative = { ...condition!, kind: 'negative' as const, share: '55', above: '12.5' };
    const { details } = await read({ ...freshDraft(), name: '食堂', conditions: [negative] });
    expect(details?.rule.all[0]).toMatchObject({ share: 0.55, above: 0.125 });
  });
});
