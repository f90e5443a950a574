import { SHANGHAI_OFFSET } from '../../crawler/extract/calendar.ts';
import { messages } from '../messages.ts';
import type { Trial } from './try-extract.ts';

const words = messages.extract;

/** More of one kind is for programs. */
const MOST_SHOWN = 20;

/** A trial as a person reads it in a terminal: every field by its name, also those that the page does not tell. */
export function extractReport({ probe, encoding, robots, publishedFrom }: Trial): string {
  const { charset, replaced } = encoding;
  const head = [
    line(words.address, probe.url),
    line(words.is, words.kinds[probe.is]),
    line(words.encoding, replaced === 0 ? charset : `${charset}，${words.replaced(replaced)}`),
    ...(robots ? [line(words.robots, words.robotsStates[robots.state])] : []),
  ];
  if (probe.is === 'json') return [...head, JSON.stringify(probe.shape, null, 2)].join('\n');
  if (probe.is === 'feed') {
    const entries = probe.entries.map(({ title, date, link }) =>
      [date, title, link].filter(Boolean).join('  '),
    );
    return [...head, line(words.title, probe.title), ...list(words.entries(entries.length), entries)].join(
      '\n',
    );
  }
  const { article, links, next } = probe;
  const paragraphs = article.text?.split('\n') ?? [];
  const told = article.publishedAt && `${clock(article.publishedAt)}（${words.toldBy(publishedFrom ?? '')}）`;
  const comments = article.comments.map(({ text, publishedAt, likes }) =>
    [publishedAt === null ? null : clock(publishedAt), likes === null ? null : words.likes(likes), text]
      .filter((part) => part !== null)
      .join('  '),
  );
  return [
    ...head,
    line(words.canonical, article.canonicalUrl),
    line(words.title, article.title),
    line(words.publishedAt, told),
    line(words.outlet, article.outlet),
    `\n${words.text(paragraphs.length, article.text?.length ?? 0)}`,
    ...(paragraphs.length === 0 ? [`  ${words.nothing}`] : paragraphs.map((paragraph) => `  ${paragraph}`)),
    ...list(words.comments(comments.length), comments),
    ...list(
      words.links(links.length),
      links.map(({ title, url }) => `${title}  ${url}`),
    ),
    '',
    line(words.next, next),
  ].join('\n');
}

const line = (name: string, value: string | null) => `${name}：${value ?? words.nothing}`;

/** As a clock in Shanghai shows it. */
const clock = (at: string | number) =>
  new Date(new Date(at).getTime() + SHANGHAI_OFFSET).toISOString().slice(0, 16).replace('T', ' ');

function list(name: string, items: readonly string[]): string[] {
  const rest = items.length - MOST_SHOWN;
  return [
    `\n${name}`,
    ...items.slice(0, MOST_SHOWN).map((item) => `  ${item.replaceAll('\n', '\n    ')}`),
    ...(rest > 0 ? [`  ${words.more(rest)}`] : []),
  ];
}
