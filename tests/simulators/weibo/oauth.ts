import { randomBytes } from 'node:crypto';
import { escaped, htmlPage } from '../page.ts';
import type { Answered, Area, Asked } from '../platform.ts';
import { paramsOf } from './params.ts';
import type { WeiboState } from './state.ts';

const CODE_MS = 600_000;

/** Authorisation: a page with a button, a code for it, a token for the code; there is nothing that renews a token. */
export function oauth(state: WeiboState): Area {
  const refuse = (asked: Asked, code: number, error: string, description = ''): Answered => ({
    status: 400,
    body: {
      error,
      error_code: state.codesAsStrings ? String(code) : code,
      request: asked.path,
      error_uri: asked.path,
      error_description: description,
    },
  });

  /** What is wrong with a question for leave; null: nothing. */
  function wrongQuestion(asked: Asked, params: URLSearchParams): Answered | null {
    if (params.get('client_id') !== state.app.key) return refuse(asked, 21324, 'invalid_client', 'client_id');
    const redirect = params.get('redirect_uri') ?? '';
    const { redirectUris } = state.app;
    if (!URL.canParse(redirect) || (redirectUris.length > 0 && !redirectUris.includes(redirect))) {
      return refuse(asked, 21322, 'redirect_uri_mismatch');
    }
    if ((params.get('response_type') ?? 'code') !== 'code') {
      return refuse(asked, 21329, 'unsupported_response_type');
    }
    return null;
  }

  function back(params: URLSearchParams, more: Record<string, string>): Answered {
    const target = new URL(params.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries(more)) target.searchParams.set(name, value);
    const given = params.get('state');
    if (given !== null) target.searchParams.set('state', given);
    return { status: 302, headers: { location: target.href }, body: '' };
  }

  return {
    'GET /oauth2/authorize': (asked) => {
      const no = wrongQuestion(asked, asked.query);
      return no ?? askLeave(state, asked.query);
    },
    // The button on the page; no part of the interface.
    'POST /oauth2/authorize': (asked) => {
      const params = paramsOf(asked);
      const no = wrongQuestion(asked, params);
      if (no) return no;
      if (params.get('act') === 'refuse') {
        return back(params, { error_uri: asked.path, error: 'access_denied', error_code: '21330' });
      }
      const code = randomBytes(16).toString('hex');
      const redirectUri = params.get('redirect_uri') ?? '';
      state.codes.set(code, { uid: params.get('uid') ?? '', redirectUri, endsAt: state.now + CODE_MS });
      return back(params, { code });
    },
    'POST /oauth2/access_token': (asked) => {
      const params = paramsOf(asked);
      if (params.get('client_id') !== state.app.key || params.get('client_secret') !== state.app.secret) {
        return refuse(asked, 21324, 'invalid_client', 'client_id or client_secret');
      }
      const type = params.get('grant_type');
      if (type === null) return refuse(asked, 21323, 'invalid_request', 'grant_type');
      if (type !== 'authorization_code') return refuse(asked, 21328, 'unsupported_grant_type');
      const code = params.get('code') ?? '';
      const known = state.codes.get(code);
      // A code is good for once, whatever comes of it.
      state.codes.delete(code);
      if (!known || known.endsAt <= state.now) return refuse(asked, 21325, 'invalid_grant', `code: ${code}`);
      if (params.get('redirect_uri') !== known.redirectUri)
        return refuse(asked, 21322, 'redirect_uri_mismatch');
      const seconds = Math.floor(state.tokenMs / 1000);
      return {
        body: {
          access_token: state.grant(known.uid),
          remind_in: String(seconds),
          expires_in: state.expiresInAsString ? String(seconds) : seconds,
          uid: known.uid,
          isRealName: 'true',
        },
      };
    },
    'POST /oauth2/get_token_info': (asked) => {
      const known = state.tokens.get(state.tokenOf(asked) ?? '');
      if (!known) return state.refuse(asked, 21332, 'invalid_access_token');
      return {
        body: {
          uid: BigInt(known.uid),
          appkey: state.app.key,
          scope: null,
          create_at: Math.floor((known.madeAt ?? state.now - 86_400_000) / 1000),
          expire_in: Math.floor((known.endsAt - state.now) / 1000),
        },
      };
    },
    'POST /oauth2/revokeoauth2': (asked) => revoke(asked),
    'GET /oauth2/revokeoauth2': (asked) => revoke(asked),
  };

  function revoke(asked: Asked): Answered {
    const token = state.tokenOf(asked) ?? '';
    if (!state.tokens.delete(token)) return state.refuse(asked, 21332, 'invalid_access_token');
    return { body: { result: 'true' } };
  }
}

/** The page on which the owner of an account gives an app leave. */
function askLeave({ app, users }: WeiboState, params: URLSearchParams): Answered {
  const hidden = [...params]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  const choices = users
    .map(({ id, screen_name }) => `<option value="${id}">${escaped(screen_name)}</option>`)
    .join('');
  return htmlPage(
    '微博授权（模拟）',
    `<h1>授权“${escaped(app.name)}”使用你的微博账号</h1>
<p>授权后，该应用可以代表你发微博、读取评论。</p>
<form method="post" action="/oauth2/authorize">${hidden}
<p><label>账号 <select name="uid">${choices}</select></label></p>
<p><button name="act" value="allow">授权</button> <button name="act" value="refuse">取消</button></p></form>`,
  );
}
