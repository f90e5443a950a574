import { secrecyItems, type CheckKey, type Finding } from '../../config/release-checks.ts';
import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import { sketchOf } from '../../indexer/dedupe/sketch.ts';
import { personalData } from '../../indexer/redaction/find.ts';
import { isAboutMinor } from '../../indexer/redaction/minors.ts';
import { runChecks } from '../../publisher/releases/checks/index.ts';
import type { CheckTools } from '../../publisher/releases/checks/types.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { shared } from '../../store/sketches.ts';

export const NOW = Date.UTC(2026, 10, 22);

/** The redactor and the sketches are those of the hub; what is stored elsewhere is nothing unless told. */
export const checkTools: CheckTools = {
  office: { name: '云州市人民检察院', others: new Set() },
  personalData,
  aboutMinor: (text) => isAboutMinor(text, NOW),
  likeness: (one, other) => {
    const [a, b] = [sketchOf(one), sketchOf(other)];
    if (!a || !b) return 0;
    const { common, sampled } = shared(
      ...((a.readUInt32BE(0) <= b.readUInt32BE(0) ? [a, b] : [b, a]) as [never, never]),
    );
    return common / sampled;
  },
  recent: () => Promise.resolve([]),
  media: () => Promise.resolve(new Map()),
  probe: () => Promise.resolve({ kind: 'fine' }),
  secrecy: secrecyItems,
};

/** What one check finds in a release that is otherwise without fault; a check that throws fails the test. */
export async function found(
  key: CheckKey,
  given: string | Partial<Omit<ReleaseContent, 'details'> & { details: unknown }>,
  tools: Partial<CheckTools> = {},
): Promise<Finding[]> {
  const all = await everything(given, tools);
  return all.filter(({ check }) => check === key);
}

export async function everything(
  given: string | Partial<Omit<ReleaseContent, 'details'> & { details: unknown }>,
  tools: Partial<CheckTools> = {},
): Promise<Finding[]> {
  const content =
    typeof given === 'string'
      ? contentOf({ title: '工作动态', document: documentOfText(given) })
      : contentOf({ title: '工作动态', document: documentOfText('本院近日开展工作。'), ...given });
  return runChecks(content, { ...checkTools, ...tools }, (key, thrown) => {
    throw new Error(`${key} could not run`, { cause: thrown });
  });
}

/** `severity quote` of each. */
export const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, quote }) => `${severity} ${quote}`);
