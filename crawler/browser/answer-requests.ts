import type { Page as Tab } from 'playwright';
import { asNotGot, NotGot } from '../errors.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { PageReader } from '../sources/contract.ts';
import { mayAsk, PAGE_HEADERS } from './page-rules.ts';

type Document = NonNullable<Awaited<ReturnType<PageReader['getText']>>>;

/** Whom to ask before a host is asked for anything: its pace, and whether it is stopped. */
export type Manners = Pick<Fetcher, 'awaitTurn' | 'checkStops'>;

/** By what a tab gets what it asks for. */
export type Ways = {
  /** Of the proxy. */
  credential: { username: string; password: string };
  manners: Manners;
  /** Gets documents, with robots, pace, guard, encoding and limits of the fetcher. */
  documents: PageReader;
};

/** The documents of one tab, by address, and whom to tell why one that its scripts went on to could not be had. */
export type Loaded = {
  documents: Map<string, Document>;
  /** Documents that are being fetched. */
  pending: number;
  refused: (reason: NotGot) => void;
};

/** A page may lead on by script, as portals do; one that does so again and again leads nowhere. */
const MOST_DOCUMENTS = 4;

/** Other pages to be loaded in case somebody goes there: nobody does. */
const AHEAD = /\brel\s*=\s*(["']?)(?:prefetch|prerender)\b/gi;

type Paused = {
  requestId: string;
  resourceType: string;
  frameId: string;
  request: { url: string; method: string };
};

/**
 * Answers everything that a tab asks for. Its documents come from `documents`; frames are left out; scripts and what these ask for go out through the proxy. Directly by the
 * DevTools protocol: Playwright's own routing switches the browser's cache off, and every article of a visit would load
 * the site's scripts anew.
 */
export async function answerRequests(
  tab: Tab,
  { credential, manners, documents }: Ways,
  loaded: Loaded,
): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
  const refuse = (requestId: string) =>
    session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  const show = (requestId: string, html: string) =>
    session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: Object.entries(PAGE_HEADERS).map(([name, value]) => ({ name, value })),
      body: Buffer.from(html.replace(AHEAD, 'rel=$1none')).toString('base64'),
    });

  /** The document itself, or where it has moved to as a page that leads there: the browser asks again, and is known. */
  async function answerDocument({ requestId, request }: Paused): Promise<unknown> {
    const known = loaded.documents.get(request.url);
    if (known) return show(requestId, known.text);
    if (request.method !== 'GET' || loaded.documents.size >= MOST_DOCUMENTS) return refuse(requestId);
    loaded.pending += 1;
    try {
      const document = await documents.getText(request.url);
      if (document === null) return await refuse(requestId);
      const url = bare(document.url);
      loaded.documents.set(url, document);
      if (url === request.url) return await show(requestId, document.text);
      return await show(requestId, `<script>location.replace(${scriptString(url)})</script>`);
    } catch (error) {
      loaded.refused(asNotGot(error));
      return refuse(requestId);
    } finally {
      loaded.pending -= 1;
    }
  }

  async function answer(paused: Paused): Promise<unknown> {
    if (paused.resourceType === 'Document') {
      return paused.frameId === frameTree.frame.id ? answerDocument(paused) : refuse(paused.requestId);
    }
    const { requestId, request, resourceType } = paused;
    const url = URL.parse(request.url);
    const open =
      url !== null &&
      mayAsk(resourceType, url) &&
      (await manners.checkStops(url.href).then(
        () => true,
        () => false,
      ));
    return open ? session.send('Fetch.continueRequest', { requestId }) : refuse(requestId);
  }

  // A tab that is closed meanwhile answers with an error, which concerns nobody any more.
  session.on('Fetch.requestPaused', (paused) => void answer(paused).catch(() => {}));
  session.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
    const response = authChallenge.source === 'Proxy' ? 'ProvideCredentials' : 'CancelAuth';
    const given = response === 'ProvideCredentials' ? { response, ...credential } : { response };
    void session
      .send('Fetch.continueWithAuth', { requestId, authChallengeResponse: given as never })
      .catch(() => {});
  });
  await session.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*' }] });
}

/** As the browser names a document: without the part after `#`. */
export const bare = (url: string): string => url.split('#')[0] ?? url;

/** An address as a string within a script element. */
const scriptString = (url: string) => JSON.stringify(url).replaceAll('<', '\\u003c');
