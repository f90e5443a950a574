import { describe, expect, test } from 'vitest';
import { adapt, isAdaptationOf, withAdaptation } from '../../../indexer/sentiment/adapt.ts';
import { chosen } from '../../../indexer/sentiment/chosen.ts';
import { LinearModel } from '../../../indexer/sentiment/model.ts';
import { shippedModel } from '../../../indexer/sentiment/shipped.ts';
import { train } from '../../../indexer/sentiment/train.ts';
import type { Example } from '../../../indexer/sentiment/types.ts';

/** As written; the words are the characters, which is enough to learn from. */
const example = (text: string, label: Example['label']): Example => ({
  ...{ analysed: text, words: [...text], label },
});

const said = (model: { judge: LinearModel['judge'] }, text: string) => chosen(model.judge(text, [...text]));

const places = ['城东', '城西', '河口', '山前', '湖畔', '古镇', '新区', '港口'];
/** A usage of this place: what the shipped model takes for a report, people here take for a complaint. */
const local = places.flatMap((place) => [
  example(`${place}的窗口又挂牌了`, 'negative'),
  example(`${place}那边又挂牌了,等吧`, 'negative'),
  example(`${place}今天又挂牌了`, 'negative'),
  example(`${place}召开工作会议`, 'neutral'),
  example(`${place}发布通告`, 'neutral'),
]);

describe('corrections', () => {
  const { model, bytes, before, after, n } = adapt(shippedModel(), local);

  test('are learnt, also for posts nobody corrected', () => {
    expect(said(model, '码头又挂牌了')).toBe('negative');
    expect(said(model, '码头召开工作会议')).toBe('neutral');
  });
  test('are measured on examples that were not learnt from', () => {
    expect(n).toBe(local.length);
    expect(after).toBeGreaterThan(before);
    expect(before).toBeCloseTo(
      local.filter(({ analysed, label }) => said(shippedModel(), analysed) === label).length / n,
    );
  });
  test('leave alone what they do not speak about', () => {
    for (const text of ['感谢检察官,办事认真负责', '太让人失望了,推诿拖延', '法院将于下月开庭审理此案']) {
      expect(said(model, text)).toBe(said(shippedModel(), text));
    }
  });
  test('give the same bytes each time, and the same model from them', () => {
    expect(Buffer.compare(adapt(shippedModel(), local).bytes, bytes)).toBe(0);
    const again = withAdaptation(shippedModel(), Buffer.from(bytes));
    expect(again.judge('码头又挂牌了', ['码', '头'])).toEqual(model.judge('码头又挂牌了', ['码', '头']));
  });
  test('are no larger than a picture', () => {
    expect(bytes.length).toBeLessThan(128 * 1024);
  });
});

test('labels by chance promise nothing', () => {
  const labels = ['negative', 'neutral', 'positive'] as const;
  const noise = Array.from({ length: 90 }, (_, at) =>
    example(`第${at}号文件已收到`, labels[(at * 7 + (at % 5)) % 3] as Example['label']),
  );
  const { before, after } = adapt(shippedModel(), noise);
  expect(after - before).toBeLessThan(0.15);
});

test('without examples nothing changes', () => {
  const { model, before, after, n } = adapt(shippedModel(), []);
  expect([before, after, n]).toEqual([0, 0, 0]);
  expect(model.judge('感谢', ['感谢'])).toEqual(shippedModel().judge('感谢', ['感谢']));
});

describe('an adaptation of another model', () => {
  const lessons = ['好', '坏'].flatMap((word, at) =>
    Array.from({ length: 5 }, () => ({
      ...{ analysed: word, words: [word], weight: 1 },
      target: at === 0 ? ([0, 0, 1] as const) : ([1, 0, 0] as const),
    })),
  );
  const { bytes } = adapt(new LinearModel(train(lessons)), local.slice(0, 10));
  test('is refused', () => {
    expect(isAdaptationOf(shippedModel(), bytes)).toBe(false);
    expect(() => withAdaptation(shippedModel(), bytes)).toThrow();
  });
  test('is refused when it was cut or is something else', () => {
    expect(() => withAdaptation(shippedModel(), bytes.subarray(0, 100))).toThrow();
    expect(() => withAdaptation(shippedModel(), new Uint8Array(bytes.length))).toThrow();
  });
});
