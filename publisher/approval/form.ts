import { shanghaiTime } from '../../config/shanghai.ts';
import { chosenChannels, type ReleaseContent } from '../../config/release-content.ts';
import { stagesOf, type ReviewStage } from '../../config/review-rules.ts';
import type { ReviewRound, ReviewStep } from '../../store/review-rounds.ts';
import { escapeHtml } from '../releases/html.ts';
import { plainText } from '../releases/plain.ts';
import { approvalWords as words } from './messages.ts';

/** Everything that the approval form of one round says. */
export type ApprovalForm = {
  officeName: string;
  round: ReviewRound;
  /** What was reviewed. */
  content: ReleaseContent;
  /** Who looked it through for secrets; null: no record of this version. */
  secrecy: { by: string | null; at: Date } | null;
  reasons: readonly { quote: string; reason: string; by: string | null }[];
  printedAt: Date;
};

const LINE = 'border:1px solid #000;padding:2.2mm 2.5mm;vertical-align:top;text-align:left';
const HEAD = `${LINE};white-space:nowrap;font-weight:normal`;

/**
 * The approval form as HTML for the inside of a page. Every rule stands at its element: the form looks the same on a page,
 * whose policy allows no other styles, and on paper (sober, black on white, in the manner of GB/T 9704).
 */
export function approvalFormHtml(form: ApprovalForm): string {
  const { officeName, round, content, printedAt } = form;
  const { fields } = words;
  const channels = chosenChannels(content).map((channel) => words.channels[channel]);
  const rows: [string, string][] = [
    [fields.title, content.title],
    [fields.type, words.types[content.type]],
    [fields.channels, channels.join('、') || words.none],
    [fields.submitted, `${words.people(round.submittedBy)}，${shanghaiTime(round.submittedAt)}`],
    [fields.flow, words.flows[round.flow]],
    [fields.version, words.version(round.version)],
    [fields.hash, round.hash.match(/.{1,8}/g)?.join(' ') ?? round.hash],
    [fields.note, round.note || words.none],
    [
      fields.secrecy,
      form.secrecy ? `${words.people(form.secrecy.by)}，${shanghaiTime(form.secrecy.at)}` : words.none,
    ],
    [
      fields.reasons,
      words.reasons(form.reasons.length) +
        form.reasons
          .map(({ quote, reason, by }) => `\n“${quote}”：${reason}（${words.people(by)}）`)
          .join(''),
    ],
  ];
  const facts = rows
    .map(
      ([name, value]) =>
        `<tr><th scope="row" style="${HEAD}">${name}</th><td style="${LINE}">${lines(value)}</td></tr>`,
    )
    .join('');
  const steps = stepsOf(round)
    .map(([stage, after, step]) => stepRow(stage, after, step))
    .join('');
  const { head } = words;
  const columns = [head.stage, head.points, head.note, head.who, head.at]
    .map((name) => `<th scope="col" style="${HEAD};text-align:center">${name}</th>`)
    .join('');
  const table = 'width:100%;border-collapse:collapse;margin:0 0 -1px';
  return `<article style="color:#000;background:#fff;font:11.5pt/1.55 FangSong,STFangsong,'Noto Serif CJK SC','Songti SC',SimSun,serif">
<p style="margin:0 0 2mm;text-align:center;font-size:14pt">${escapeHtml(officeName)}</p>
<h1 style="margin:0 0 6mm;text-align:center;font-size:20pt;font-weight:bold;line-height:1.3">${words.title}</h1>
<table style="${table}"><tbody>${facts}</tbody></table>
<table style="${table}"><thead><tr>${columns}</tr></thead><tbody>${steps}</tbody></table>
<table style="${table}"><tbody><tr><th scope="row" style="${HEAD}">${fields.result}</th><td style="${LINE};width:100%;font-weight:bold">${resultOf(round)}</td></tr></tbody></table>
<p style="margin:4mm 0 0;font-size:9pt">${words.printed(shanghaiTime(printedAt))}</p>
<section style="break-before:page">
<p style="margin:6mm 0 3mm">${words.annex}</p>
<h2 style="margin:0 0 4mm;text-align:center;font-size:16pt;font-weight:bold">${escapeHtml(content.title)}</h2>
${content.summary === '' ? '' : paragraph(words.summary + content.summary)}
${plainText(content.document).split('\n').map(paragraph).join('\n')}
</section>
</article>`;
}

/** Each stage with its last decision, in the order of the flow; what is owed after the fact comes last. */
function stepsOf(round: ReviewRound): [ReviewStage, boolean, ReviewStep | null][] {
  const { before, after } = stagesOf(round.flow, round.superiorOfficeId !== null);
  const row = (stage: ReviewStage, later: boolean): [ReviewStage, boolean, ReviewStep | null] => [
    ...([stage, later] as const),
    round.steps.findLast((step) => step.stage === stage) ?? null,
  ];
  return [...before.map((stage) => row(stage, false)), ...after.map((stage) => row(stage, true))];
}

function stepRow(stage: ReviewStage, after: boolean, step: ReviewStep | null): string {
  const name = words.stages[stage] + (after ? `\n${words.after}` : '');
  const cell = (text: string, more = '') => `<td style="${LINE};${more}">${lines(text)}</td>`;
  if (!step)
    return `<tr>${cell(name, 'white-space:nowrap')}${cell('')}${cell('')}${cell(words.waiting)}${cell('')}</tr>`;
  const points = step.points.map((point) => `✓ ${words.points[point]}`).join('\n');
  const role = [words.roles[step.role] ?? step.role, words.held[step.heldAs]].filter(Boolean).join('，');
  const verdict = step.decision === 'passed' ? words.passed : words.returned;
  return `<tr style="break-inside:avoid">${cell(name, 'white-space:nowrap')}${cell(points)}${cell(
    [verdict, step.note].filter(Boolean).join('\n'),
  )}${cell(`${step.personName}\n${role}\n${step.roleOfficeName}`)}${cell(shanghaiTime(step.at).replace(' ', '\n'), 'white-space:nowrap')}</tr>`;
}

function resultOf({ state, afterDueAt }: ReviewRound): string {
  return state === 'passed' && afterDueAt !== null ? words.results.owed : words.results[state];
}

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
const paragraph = (text: string): string =>
  `<p style="margin:0 0 2mm;text-indent:2em;overflow-wrap:anywhere">${escapeHtml(text)}</p>`;

/** A document of its own around the form, for printing. */
export function approvalDocument(form: ApprovalForm): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(words.title)}</title></head><body style="margin:0">${approvalFormHtml(form)}</body></html>`;
}
