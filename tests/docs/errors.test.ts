import { expect, test } from 'vitest';
import { NotGot, type ReasonCode } from '../../crawler/errors.ts';
import { reasons } from '../../crawler/messages.ts';
import { errorCodes, read } from './tree.ts';

const page = read('docs/errors.md');

/** The rows of a section's table: code → the Chinese sentence shown. */
function rowsOf(section: string): Map<string, string> {
  const text = page.split(/^## /mu).find((each) => each.startsWith(section)) ?? '';
  return new Map(
    [...text.matchAll(/^\| `([a-z0-9-]+)` +\| ([^|]+) \|/gmu)].map((found) => [
      String(found[1]),
      String(found[2]).trim(),
    ]),
  );
}

/** Whether the sentence is made of the messages' own words; what stands in ⟨ ⟩ is filled in at run time. */
function isWorded(sentence: string, messages: string): boolean {
  return sentence.split(/⟨[^⟩]*⟩/u).every((part) => messages.includes(part.trim()));
}

test('every reason of a visit is explained, with the sentence that people see', () => {
  expect(Object.fromEntries(rowsOf('Visits'))).toEqual(reasons);
});

test('whether a reason may pass is told as the crawler has it', () => {
  const told = [...page.matchAll(/^\| `([a-z0-9-]+)` .*\| (yes|no) +\|$/gmu)].map((found) => [
    found[1],
    found[2],
  ]);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(
      (Object.keys(reasons) as ReasonCode[]).map((code) => [code, new NotGot(code).passing ? 'yes' : 'no']),
    ),
  );
});

test('every code of a refused start is explained, and no other', () => {
  const codes = errorCodes(['StartRefused'], ['config', 'store', 'hub']);
  expect(codes).toContain('port-taken');
  expect([...rowsOf('Start').keys()].sort()).toEqual(codes);
});

test('every code with which the running hub refuses or waits is explained, and no other', () => {
  const codes = errorCodes(
    ['Refused', 'RetryLater', 'OldKeyNeeded', 'SealBroken'],
    ['config', 'store', 'crawler', 'indexer', 'publisher', 'hub', 'web'],
  );
  expect([...rowsOf('While it runs').keys()].sort()).toEqual(codes);
});

test('the sentences shown are those of the messages', () => {
  const messages = ['config', 'store', 'crawler', 'indexer', 'publisher', 'hub']
    .map((room) => read(`${room}/messages.ts`))
    .join('\n');
  for (const section of ['Start', 'While it runs']) {
    for (const [code, sentence] of rowsOf(section)) {
      expect(isWorded(sentence, messages), `${code}: ${sentence}`).toBe(true);
    }
  }
});
