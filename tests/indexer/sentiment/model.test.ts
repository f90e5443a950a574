import { describe, expect, test } from 'vitest';
import { featuresOf, PIECE } from '../../../indexer/sentiment/features.ts';
import { LinearModel, MODEL_BYTES } from '../../../indexer/sentiment/model.ts';
import { piecesOf } from '../../../indexer/sentiment/pieces.ts';
import { shippedModel } from '../../../indexer/sentiment/shipped.ts';
import { train, type Lesson } from '../../../indexer/sentiment/train.ts';

const lesson = (text: string, target: Lesson['target']): Lesson => ({
  ...{ analysed: text, words: [...text], target, weight: 1 },
});
const lessons = Array.from({ length: 12 }, (_, at) => [
  lesson(`${at}好好`, [0, 0, 1]),
  lesson(`${at}坏坏`, [1, 0, 0]),
  lesson(`${at}通报`, [0, 1, 0]),
]).flat();

describe('training', () => {
  test('gives the same file from the same lessons', () => {
    expect(Buffer.compare(train(lessons), train(lessons))).toBe(0);
  });
  test('gives a model that has learnt them', () => {
    const model = new LinearModel(train(lessons));
    expect(model.judge('好好', ['好', '好']).positive).toBeGreaterThan(0.6);
    expect(model.judge('坏坏', ['坏', '坏']).negative).toBeGreaterThan(0.6);
    expect(model.judge('通报', ['通', '报']).neutral).toBeGreaterThan(0.6);
  });
});

describe('probabilities', () => {
  test.each(['', '好', '令人失望', '感谢', 'x'.repeat(3_000), '😀'.repeat(700), '\ud800'])(
    'sum to one: %#',
    (text) => {
      const { negative, neutral, positive } = shippedModel().judge(text, [text]);
      expect(negative + neutral + positive).toBeCloseTo(1, 10);
      expect(Math.min(negative, neutral, positive)).toBeGreaterThanOrEqual(0);
    },
  );
  test('are even where there is nothing to judge by', () => {
    expect(shippedModel().judge('\n ', [])).toEqual({
      negative: 1 / 3,
      neutral: 1 - 1 / 3 - 1 / 3,
      positive: 1 / 3,
    });
  });
});

describe('features', () => {
  const of = (text: string, words: string[] = []) => [...featuresOf(text, words)];
  test('are each there once', () => {
    expect(new Set(of('哈哈哈哈哈哈')).size).toBe(of('哈哈哈哈哈哈').length);
  });
  test('do not tell who is addressed, nor what was masked', () => {
    expect(of('@云州路人甲 你好')).toEqual(of('@another-reader 你好'));
    expect(of('电话[手机号]没人接')).toEqual(of('电话[银行卡号]没人接'));
    expect(of('电话[怒]没人接')).not.toEqual(of('电话[泪]没人接'));
  });
  test('do not depend on white space', () => {
    expect(of('  好  的\n吧 ')).not.toEqual(of('好的吧'));
    expect(of('好 的')).toEqual(of('好\n  的'));
  });
  test('tell the last clause from those before it', () => {
    const praiseLast = of('', ['拖', '', '好', '']);
    expect(praiseLast).not.toEqual(of('', ['好', '', '拖', '']));
    expect(new Set(praiseLast)).not.toEqual(new Set(of('', ['好', '', '拖', ''])));
  });
  test('tell what follows a negator, within its clause', () => {
    const negated = of('', ['没有', '人', '支持']).length - of('', ['所有', '人', '支持']).length;
    expect(negated).toBe(2);
    expect(of('', ['没有', '', '支持']).length).toBe(of('', ['所有', '', '支持']).length);
  });
  test('of what is longer than a piece are those of the piece', () => {
    expect(of('好'.repeat(PIECE))).toEqual(of('好'.repeat(PIECE * 3)));
  });
});

describe('long texts', () => {
  const sentence = '检察机关依法履行职责。';
  const words = ['检察机关', '依法', '履行', '职责', ''];
  const count = 300;
  const pieces = piecesOf(sentence.repeat(count), Array.from({ length: count }, () => words).flat());
  test('are cut after sentences, at most five times, with the words that lie there', () => {
    expect(pieces).toHaveLength(5);
    let from = 0;
    for (const piece of pieces) {
      expect(piece.text.length).toBeLessThanOrEqual(PIECE);
      expect(piece.text.endsWith('。')).toBe(true);
      expect(piece.from).toBe(from);
      expect(piece.to - piece.from).toBe((piece.text.length / sentence.length) * words.length);
      from = piece.to;
    }
  });
  test('without an end of a sentence are cut all the same', () => {
    expect(piecesOf('字'.repeat(1_000), []).map(({ text }) => text.length)).toEqual([400, 400, 200]);
  });
});

test('what is no model is refused', () => {
  expect(() => new LinearModel(new Uint8Array(MODEL_BYTES))).toThrow();
  expect(() => new LinearModel(new Uint8Array(10))).toThrow();
});
