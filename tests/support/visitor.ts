/** A browser as far as the gate sees one: a cookie jar, a User-Agent and an address. */
export class Visitor {
  readonly #site: string;
  readonly cookies = new Map<string, string>();
  device: string;
  place: string;

  constructor(site: string, { device = CHROME, place = '10.0.0.1' } = {}) {
    this.#site = site;
    this.device = device;
    this.place = place;
  }

  /** Another browser that holds the same cookies: copied, or put there beforehand. */
  copy(change: { device?: string; place?: string } = {}): Visitor {
    const other = new Visitor(this.#site, { device: this.device, place: this.place, ...change });
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  get(path: string): Promise<Answer> {
    return this.#ask(path, {});
  }

  /** Sends a form as a page without JavaScript does. */
  post(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  signIn(email: string, password: string): Promise<Answer> {
    return this.post('/sign-in', { email, password });
  }

  /** The session's cookie as the browser holds it. */
  get session(): string | undefined {
    return this.cookies.get(SESSION);
  }
  set session(value: string) {
    this.cookies.set(SESSION, value);
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const answer = await fetch(this.#site + path, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        origin: this.#site,
        'user-agent': this.device,
        'x-forwarded-for': this.place,
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
      if (/max-age=0/iu.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { status, headers } = answer;
    return { status, headers, location: headers.get('location'), text: await answer.text() };
  }
}

export type Answer = { status: number; location: string | null; text: string; headers: Headers };

const SESSION = 'jiansheng.session_token';
export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36';
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
