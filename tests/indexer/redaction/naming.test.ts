import { expect, test } from 'vitest';
import { personalData } from '../../../indexer/redaction/find.ts';
import { Candidates } from '../../../indexer/redaction/naming/candidates.ts';
import { Lattice } from '../../../indexer/redaction/naming/lattice.ts';
import { MODEL_BYTES, NameTables } from '../../../indexer/redaction/naming/tables.ts';

const found = (text: string) => personalData(text).map(({ start, end }) => text.slice(start, end));

function candidatesAt(places: readonly (readonly [start: number, end: number])[]): Candidates {
  const candidates = new Candidates();
  places.forEach(([start, end], at) => {
    candidates.starts[at] = start;
    candidates.ends[at] = end;
  });
  candidates.count = places.length;
  return candidates;
}

test('of candidates that overlap those are taken that weigh most together', () => {
  const candidates = candidatesAt([
    [0, 2],
    [0, 3],
    [2, 4],
    [5, 7],
  ]);
  expect(new Lattice().best(candidates, [2, 3, 2, -1], 7)).toEqual([0, 2]);
  expect(new Lattice().best(candidates, [2, 5, 2, 1], 7)).toEqual([1, 3]);
});

test('the share of a candidate is its part of all ways to choose', () => {
  const candidates = candidatesAt([
    [0, 2],
    [1, 3],
  ]);
  // Neither, the first or the second: three ways of the same weight.
  for (const share of new Lattice().shares(candidates, [0, 0], 3)) expect(share).toBeCloseTo(1 / 3);
});

test('bytes that are no model of this version are refused', () => {
  expect(() => new NameTables(new Uint8Array(MODEL_BYTES))).toThrow('not a model of names');
  expect(() => new NameTables(new Uint8Array(3))).toThrow('not a model of names');
});

test.each([
  ['山口健一报案称钱包被偷', ['山口健一']],
  ['被告人高峰伙同温暖盗窃电缆', ['高峰', '温暖']],
  ['他说庹小川欠他三万元一直不还', ['庹小川']],
  ['证人热依汗·买买提出庭作证', ['热依汗·买买提']],
  ['报案人阿不都·热合曼在集市卖馕', ['阿不都·热合曼']],
  ['被害人刘玉华拉着书记员的手', ['刘玉华']],
  ['云州一名老人报警', []],
])('a name is told by how it looks and where it stands: %s', (text, names) => {
  expect(found(text)).toEqual(names);
});

test('a name far into a long text is told like one at its beginning', () => {
  const text = '今天天气很好，大家都出门了。'.repeat(400) + '被告人张建国认罪。';
  expect(found(text)).toEqual(['张建国']);
});
