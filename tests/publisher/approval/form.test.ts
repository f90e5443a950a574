import { expect, test } from 'vitest';
import { contentOf } from '../../../config/release-content.ts';
import { approvalDocument, approvalFormHtml, type ApprovalForm } from '../../../publisher/approval/form.ts';
import { approvalWords as words } from '../../../publisher/approval/messages.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import type { ReviewRound, ReviewStep } from '../../../store/review-rounds.ts';

const AT = new Date('2026-11-23T02:00:00Z');

function step(stage: ReviewStep['stage'], more: Partial<ReviewStep> = {}): ReviewStep {
  return {
    ...{ id: 1, stage, decision: 'passed', points: ['words'], note: '', personId: 'p', personName: '初审岗' },
    ...{
      role: 'first-reviewer',
      roleOfficeId: 1,
      roleOfficeName: '青石县人民检察院',
      heldAs: 'holder',
      at: AT,
    },
    ...more,
  };
}

function form(round: Partial<ReviewRound> = {}, more: Partial<ApprovalForm> = {}): ApprovalForm {
  return {
    officeName: '青石县人民检察院',
    round: {
      ...{ id: 1, releaseId: 7, officeId: 1, version: 3, hash: 'ab'.repeat(32), flow: 'three' },
      ...{ superiorOfficeId: null, superiorOfficeName: null, submittedById: 'w', submittedBy: '宣传岗' },
      ...{ submittedAt: AT, note: '', authors: ['w'], state: 'open', waitingSince: AT, endedAt: null },
      ...{ afterDueAt: null, steps: [] },
      ...round,
    },
    content: contentOf({ title: '检察开放日', document: documentOfText('欢迎参加。\n时间另行通知。') }),
    ...{ secrecy: { by: '宣传岗', at: AT }, reasons: [], printedAt: AT },
    ...more,
  };
}

/** The rows of the form as a reader has them: cells parted by |. */
function rows(html: string): string[] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replaceAll(/<\/t[hd]>/g, '|')
      .replaceAll('<br>', ' ')
      .replaceAll(/<[^>]*>/g, ''),
  );
}

test('the form says who did what as what and when, in Beijing time, and what is still to be done', () => {
  const steps = [step('first', { heldAs: 'deputy', note: '日期已核对。' })];
  const all = rows(approvalFormHtml(form({ steps })));
  expect(all).toContain(
    `初审|✓ ${words.points.words}|通过 日期已核对。|初审岗 初审，副职代行 青石县人民检察院|2026-11-23 10:00|`,
  );
  expect(all).toContain('复审|||未审||');
  expect(all).toContain('终审签发|||未审||');
  expect(all.at(-1)).toBe(`审批结论|${words.results.open}|`);
});

test('the form carries the hash of the version and the text that was reviewed', () => {
  const html = approvalFormHtml(form());
  expect(rows(html).join('\n')).toContain('abababab abababab');
  expect(html).toContain('时间另行通知。');
});

test('what an urgent release still owes is told, and the other reviews as following after', () => {
  const owed = form({ flow: 'urgent', state: 'passed', afterDueAt: AT, steps: [step('final')] });
  const all = rows(approvalFormHtml(owed));
  expect(all.at(-1)).toBe(`审批结论|${words.results.owed}|`);
  expect(all.findIndex((row) => row.startsWith('终审签发'))).toBeLessThan(
    all.findIndex((row) => row.startsWith(`初审 ${words.after}`)),
  );
});

test('of a returned and passed stage the last decision counts', () => {
  const steps = [step('first', { decision: 'returned', note: '有误' }), step('first', { note: '已改正' })];
  const all = rows(approvalFormHtml(form({ flow: 'urgent', state: 'passed', afterDueAt: AT, steps })));
  expect(all.find((row) => row.startsWith('初审'))).toContain('通过 已改正');
});

test('words of people never become markup, and no secrecy review is told as none', () => {
  const nasty = '<script>alert(1)</script>';
  const round = { note: nasty, steps: [step('first', { note: nasty, personName: nasty })] };
  const html = approvalDocument(
    form(round, {
      content: contentOf({ title: nasty, summary: nasty, document: documentOfText(nasty) }),
      ...{ secrecy: null, reasons: [{ quote: nasty, reason: nasty, by: null }], officeName: nasty },
    }),
  );
  expect(html).not.toContain('<script');
  expect(rows(html)).toContain(`保密审查|${words.none}|`);
});
