import type { Finding } from '../../../config/release-checks.ts';
import { runChecks } from '../../../publisher/releases/checks/index.ts';
import { DUPLICATE_DAYS, type CheckTools } from '../../../publisher/releases/checks/types.ts';
import { openLinkProbe } from '../../../publisher/releases/link-probe.ts';
import { plainText } from '../../../publisher/releases/plain.ts';
import { keepCheckRun, namesAsLong, recentReleases } from '../../../store/check-runs.ts';
import { mediaByIds } from '../../../store/media.ts';
import type { Queryable } from '../../../store/pool.ts';
import type { ReleaseRow } from '../../../store/releases.ts';
import { secrecyReview } from '../../../store/secrecy-reviews.ts';
import { shared, type Sketch } from '../../../store/sketches.ts';
import { hub } from './hub.ts';

const DAY = 86_400_000;

/**
 * Runs every check on a release as it stands, asks for its links anew, and keeps what was found for its version. Takes as long
 * as the slowest link, at most some seconds.
 */
export async function findingsOf(db: Queryable, release: ReleaseRow): Promise<Finding[]> {
  const { log } = hub();
  const tools = await checkTools(db, release);
  const findings = await runChecks(release, tools, (check, error) =>
    log.error({ check, release: release.id, err: error }, 'a check could not run'),
  );
  await keepCheckRun(db, release, findings);
  return findings;
}

/** What the checks need of the other rooms. What reads names and sketches is loaded when the first release is checked. */
async function checkTools(
  db: Queryable,
  { id, officeId, officeName, version }: ReleaseRow,
): Promise<CheckTools> {
  const { runtime } = hub();
  const [{ personalData }, { isAboutMinor }, { sketchOf }, { fold }] = await Promise.all([
    import('../../../indexer/redaction/find.ts'),
    import('../../../indexer/redaction/minors.ts'),
    import('../../../indexer/dedupe/sketch.ts'),
    import('../../../indexer/text/fold.ts'),
  ]);
  const sketch = (text: string) => sketchOf(fold(text).slice(0, LONGEST));
  const [others, review] = await Promise.all([namesAsLong(db, officeName), secrecyReview(db, id, version)]);
  const now = Date.now();
  return {
    office: { name: officeName, others },
    personalData,
    aboutMinor: (text) => isAboutMinor(text, now),
    likeness: (one, other) => likeness(sketch(one), sketch(other)),
    recent: async () => {
      const since = new Date(now - DUPLICATE_DAYS * DAY);
      const found = await recentReleases(db, officeId, { except: id, since });
      return found.map(({ id, content, at }) => ({
        ...{ id, at, title: content.title },
        text: plainText(content.document),
      }));
    },
    media: (ids) => mediaByIds(db, ids),
    // The site's own pages may be on a private address while the hub is tried.
    probe: openLinkProbe([...runtime.hub.publisher.allowPrivateHosts, new URL(runtime.address).host]),
    secrecy: review?.items ?? null,
  };
}

/** As the indexer cuts what it makes sketches of; in UTF-16 units. */
const LONGEST = 20_000;

/** How much of the shorter one stands in the other; texts that are too short to tell are never alike. */
function likeness(one: Sketch | null, other: Sketch | null): number {
  if (!one || !other) return 0;
  const [short, long] = one.readUInt32BE(0) <= other.readUInt32BE(0) ? [one, other] : [other, one];
  const { common, sampled } = shared(short, long);
  return sampled === 0 ? 0 : common / sampled;
}
