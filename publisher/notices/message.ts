import { levelGrades, levelNames } from '../../config/levels.ts';
import type { NoticeLevel } from '../../config/notices.ts';
import { shanghaiTime } from '../../config/shanghai.ts';
import type { DeliveryPurpose } from '../../store/notice-deliveries.ts';
import type { NoticeFacts } from '../../store/notices.ts';
import { fitBytes } from './fit.ts';
import { noticeWords } from './messages.ts';

/** A notice for any channel: what differs is how much of `text` has room. */
export type Message = {
  level: NoticeLevel;
  purpose: DeliveryPurpose;
  /** With the hub's name, so that robots that ask for a keyword can be given that. */
  heading: string;
  text: string;
  /** Where and when. */
  facts: string[];
  link: string;
  linkLabel: string;
};

/** Longer than this no title tells more. */
const LONGEST_HEADING = 300;

/**
 * @param facts as they stand when it is sent
 * @param address of the hub's pages, without a trailing slash
 */
export function composeNotice(facts: NoticeFacts, purpose: DeliveryPurpose, address: string): Message {
  const { kind, level, title, text, path, times, lastAt, office } = facts;
  const words = noticeWords;
  const heading = `${words.brand(`${levelNames[level]} ${levelGrades[level]}`)}${words.kinds[kind]}：${title}`;
  return {
    ...{ level, purpose, text },
    heading: fitBytes(purpose === 'reminder' ? words.reminder(heading) : heading, LONGEST_HEADING),
    facts: [...(times > 1 ? [words.times(times)] : []), words.office(office), words.at(shanghaiTime(lastAt))],
    link: address + path,
    linkLabel: words.open,
  };
}

/** What a test of a channel sends. */
export function composeTest(office: string, address: string, now: Date): Message {
  const words = noticeWords;
  return {
    ...{ level: 'green', purpose: 'first', text: words.testText },
    heading: `${words.brand(words.test)}${office}`,
    facts: [words.at(shanghaiTime(now))],
    link: `${address}/notices`,
    linkLabel: words.open,
  };
}
