import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { HEAD_BROKEN } from '../../store/audit.ts';
import { auditParams, auditTimes, readAuditView } from '../../web/lib/audit.ts';
import { difference, fieldName } from '../../web/lib/difference.ts';
import { fromShanghaiInput } from '../../web/lib/format.ts';
import { auditActions } from '../../web/lib/messages/audit.ts';
import { filesOf, read, walk } from '../docs/tree.ts';

const viewOf = (query: string) => readAuditView(new URLSearchParams(query));

describe('the address of the page', () => {
  test('says nothing for the last thirty days', () => {
    expect(viewOf('')).toMatchObject({ preset: '30d', from: null, to: null, action: null, beside: null });
    expect(auditParams(viewOf(''))).toBe('');
  });

  test.each([
    'range=all&actor=%E5%BC%A0&subject=release%3A17&reads=1',
    'from=2026-11-01T08%3A00&to=2026-11-02T08%3A00&action=sign-in',
    'text=%22quotes%22&office=3&only=1&before=42',
    'after=42',
  ])('comes back as it was: %s', (query) => {
    expect([...new URLSearchParams(auditParams(viewOf(query)))].sort()).toEqual(
      [...new URLSearchParams(query)].sort(),
    );
  });

  test('leaves out what it cannot read', () => {
    const odd = viewOf(
      `range=8d&from=yesterday&to=&action=toString&before=-1&after=1e9&text=${'x'.repeat(999)}`,
    );
    expect(odd).toMatchObject({ preset: '30d', from: null, to: null, action: null, beside: null });
    expect(odd.text).toHaveLength(100);
  });

  test('a stated time goes before a range', () => {
    const view = viewOf('range=7d&from=2026-11-01T08:00');
    expect(view.preset).toBeNull();
    expect(auditTimes(view, new Date())).toEqual({ from: fromShanghaiInput('2026-11-01T08:00'), to: null });
  });

  test('ranges are counted back from now', () => {
    const now = new Date('2026-11-22T08:00:00Z');
    expect(auditTimes(viewOf('range=24h'), now).from).toEqual(new Date('2026-11-21T08:00:00Z'));
    expect(auditTimes(viewOf('range=all'), now)).toEqual({ from: null, to: null });
  });
});

describe('the difference that an act made', () => {
  test('is told field by field, inner ones by their path', () => {
    const before = { title: '旧', body: '同', inner: { a: 1 } };
    const after = { title: '新', body: '同', inner: { a: 2, b: true } };
    expect(difference(before, after)).toEqual([
      { field: 'title', before: '旧', after: '新', changed: true },
      { field: 'body', before: '同', after: '同', changed: false },
      { field: 'inner.a', before: '1', after: '2', changed: true },
      { field: 'inner.b', before: null, after: '是', changed: true },
    ]);
    expect(fieldName('title')).toBe('标题');
    expect(fieldName('inner.title')).toBe('inner · 标题');
  });

  test('is put into words: times, lists, roles, nothing', () => {
    const after = {
      at: '2026-11-22T01:05:00.000Z',
      roles: ['leader'],
      none: null,
      list: [],
      deep: [{ a: 1 }],
    };
    expect(difference(null, after).map((change) => change.after)).toEqual([
      '2026-11-22 09:05',
      '领导',
      '（空）',
      '（空）',
      '[{"a":1}]',
    ]);
    expect(difference(null, null)).toEqual([]);
    expect(difference('a', 'b')).toEqual([{ field: '', before: 'a', after: 'b', changed: true }]);
  });
});

/** Every action that the program enters into the log: string literals, and what a template can come to. */
function actionsInSource(): { literal: Set<string>; patterns: RegExp[]; unread: string[] } {
  const found = { literal: new Set<string>([HEAD_BROKEN]), patterns: [] as RegExp[], unread: [] as string[] };
  const take = (node: ts.Expression, where: string): void => {
    if (ts.isStringLiteral(node)) found.literal.add(node.text);
    else if (ts.isConditionalExpression(node)) {
      take(node.whenTrue, where);
      take(node.whenFalse, where);
    } else if (ts.isTemplateExpression(node)) {
      found.patterns.push(new RegExp(`^${node.head.text}[a-z-]+${node.templateSpans.at(-1)?.literal.text}$`));
    } else if (ts.isIdentifier(node) && node.text !== 'HEAD_BROKEN') found.unread.push(where);
  };
  for (const path of filesOf(['store', 'publisher', 'indexer', 'hub', 'web'], ['.ts'])) {
    if (!/\b(?:appendAudit|auditCommand|listFile)\b/.test(read(path))) continue;
    walk(path, (node) => {
      // A list that is taken away is entered by the one function that makes such files.
      if (ts.isCallExpression(node) && node.expression.getText() === 'listFile' && node.arguments[1])
        take(node.arguments[1], `${path}: listFile`);
      if (!ts.isObjectLiteralExpression(node)) return;
      const property = (name: string) =>
        node.properties.find((each) => each.name && ts.isIdentifier(each.name) && each.name.text === name);
      const action = property('action');
      const isAct = property('subject') !== undefined || node.properties.some(ts.isSpreadAssignment);
      if (!action || !isAct || !ts.isPropertyAssignment(action)) return;
      take(action.initializer, `${path}: ${action.getText()}`);
    });
  }
  return found;
}

test('every action of the program has its word, and every word its action', () => {
  const { literal, patterns, unread } = actionsInSource();
  expect(unread).toEqual([]);
  expect(literal.size).toBeGreaterThan(25);
  const worded = Object.keys(auditActions);
  expect([...literal].filter((action) => !worded.includes(action))).toEqual([]);
  for (const pattern of patterns) expect(worded.some((action) => pattern.test(action))).toBe(true);
  const unused = worded.filter(
    (action) => !literal.has(action) && !patterns.some((pattern) => pattern.test(action)),
  );
  expect(unused).toEqual([]);
});
