import type { JSONValue } from '@jmespath-community/jmespath';
import type { ApiSettings } from '../../config/sources/api.ts';
import { withoutSecrets, type ListRequest } from './api-request.ts';

/** What the page that was just read gave. */
export type PageSeen = { items: number; next: JSONValue };

type Pagination = NonNullable<ApiSettings['pagination']>;

/** How the list's pages follow each other, the short form of a cursor included; null: there is only one. */
export function paginationOf({ pagination, next, nextParam }: ApiSettings): Pagination | null {
  return pagination ?? (next === undefined ? null : { kind: 'cursor', param: nextParam, next });
}

/** The first page of the list. */
export function firstRequest(url: string, settings: ApiSettings): ListRequest {
  const plain: ListRequest = { address: url, body: settings.method === 'POST' ? { ...settings.body } : null };
  const pagination = paginationOf(settings);
  if (pagination === null || pagination.kind === 'cursor') return plain;
  const sized =
    pagination.sizeParam !== undefined && pagination.size !== undefined
      ? withParam(plain, pagination.sizeParam, pagination.size)
      : plain;
  return withParam(sized, pagination.param, pagination.start);
}

/**
 * The page after the `number`th (from nought).
 * @param had items that the pages so far gave, the last one's included
 * @returns null when the last one was the end
 */
export function nextRequest(
  first: ListRequest,
  settings: ApiSettings,
  seen: PageSeen,
  number: number,
  had: number,
  secrets: Readonly<Record<string, string>>,
): ListRequest | null {
  const pagination = paginationOf(settings);
  if (pagination === null || seen.items === 0) return null;
  if (pagination.kind === 'cursor') return byCursor(first, pagination.param, seen.next, secrets);
  if (pagination.size !== undefined && seen.items < pagination.size) return null;
  const at = pagination.kind === 'page' ? number + 1 : had;
  return withParam(first, pagination.param, pagination.start + at);
}

function byCursor(
  first: ListRequest,
  param: string,
  next: JSONValue,
  secrets: Readonly<Record<string, string>>,
): ListRequest | null {
  // No list goes on at nought: it stands for "no more".
  if ((typeof next !== 'string' && typeof next !== 'number') || ['', '0'].includes(String(next))) return null;
  const whole = /^https?:\/\//iu.test(String(next)) ? URL.parse(String(next)) : null;
  if (whole === null) return withParam(first, param, next);
  // What is asked with the office's secrets stays on the host that they are for.
  if (whole.origin !== new URL(first.address).origin) return null;
  const address = withoutSecrets(whole.href, secrets);
  return address === null ? null : { ...first, address };
}

function withParam(request: ListRequest, name: string, value: string | number): ListRequest {
  if (request.body !== null) return { ...request, body: { ...request.body, [name]: value } };
  const url = new URL(request.address);
  url.searchParams.set(name, String(value));
  return { ...request, address: url.href };
}
