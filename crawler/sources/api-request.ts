import type { ApiSettings } from '../../config/sources/api.ts';
import { NotGot } from '../errors.ts';
import type { Conditional } from '../fetch/fetcher.ts';
import type { VisitTools } from './contract.ts';

type Secrets = Readonly<Record<string, string>>;

/** One page of a list, as it is asked for: nothing in it is secret. */
export type ListRequest = { address: string; body: Record<string, unknown> | null };

/** The JSON of an answer; null when it has not changed. */
export type ListAnswer = { body: unknown; conditional: Conditional };

const NEVER: Conditional = { etag: null, lastModified: null };

/** Whether anything of the request is not told by its address alone. */
const isPlainGet = ({ method, headers, query }: ApiSettings): boolean =>
  (method ?? 'GET') === 'GET' && headers === undefined && query === undefined;

/**
 * Asks for one page of the list. Secrets join the request here, on its way out. Where one is used, the platform has given
 * it to the office: its terms hold, and robots.txt, which speaks to visitors without one, does not.
 * @throws NotGot `token-rejected` where the platform does not take the secret, `not-json`, or why there is no answer
 */
export async function askList(
  request: ListRequest,
  settings: ApiSettings,
  tools: Pick<VisitTools, 'fetcher' | 'readers' | 'secrets'>,
  conditional?: Conditional,
): Promise<ListAnswer | null> {
  if (isPlainGet(settings)) {
    const page = await tools.readers.list.getText(request.address, conditional);
    if (page === null) return null;
    return { body: parseJson(page.text), conditional: { etag: page.etag, lastModified: page.lastModified } };
  }
  const { secrets } = tools;
  const secret = Object.keys(secrets).length > 0;
  const filled = (all: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, withSecrets(value, secrets)]));
  const method = settings.method ?? 'GET';
  const sent =
    method === 'POST'
      ? {
          body: JSON.stringify(request.body ?? {}, (_, value: unknown) =>
            typeof value === 'string' ? withSecrets(value, secrets) : value,
          ),
        }
      : {};
  const reply = await tools.fetcher.ask(request.address, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...filled(settings.headers),
    },
    ...sent,
    robots: secret ? 'agreed' : 'obey',
    secretParams: filled(settings.query),
  });
  if (secret && (reply.status === 401 || reply.status === 403))
    throw new NotGot('token-rejected', { status: reply.status });
  if (reply.status >= 300) throw new NotGot('status-4xx', { status: reply.status });
  return { body: parseJson(reply.text), conditional: NEVER };
}

/** The text with the secrets in their places; braces around anything else stay. */
function withSecrets(text: string, secrets: Secrets): string {
  return text.replace(/\{([a-z][a-z0-9-]{0,39})\}/gu, (whole, name: string) =>
    Object.hasOwn(secrets, name) ? (secrets[name] ?? whole) : whole,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the page: it goes no further.
    throw new NotGot('not-json');
  }
}

/**
 * The address without anything secret in it: platforms give addresses back that carry the caller's token.
 * @returns null when the secret cannot be taken out
 */
export function withoutSecrets(address: string, secrets: Secrets): string | null {
  const values = Object.values(secrets).filter((value) => value.length >= 4);
  const holds = (text: string) => values.some((value) => text.includes(value));
  const url = new URL(address);
  for (const [name, value] of [...url.searchParams]) if (holds(value)) url.searchParams.delete(name);
  return holds(url.href) || holds(decoded(url.href)) ? null : url.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
