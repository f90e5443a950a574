/**
 * What a rendered page may do, as the response headers of its document: the browser itself holds it, in every frame and
 * script. Scripts, styles and questions over HTTP are what a list needs to appear; images, fonts, media, frames, workers,
 * WebSockets, plug-ins, popups, dialogs, downloads and forms are not.
 */
export const PAGE_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src http: https: data: blob: 'unsafe-inline' 'unsafe-eval'",
    "style-src http: https: data: 'unsafe-inline'",
    'connect-src http: https: data: blob:',
    "worker-src 'none'",
    "form-action 'none'",
    'sandbox allow-scripts allow-same-origin',
  ].join('; '),
  'permissions-policy': 'geolocation=(), camera=(), microphone=(), usb=(), serial=(), payment=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Of what a page asks for, the kinds (as Chromium's Fetch domain names them) that it gets. */
const KINDS = new Set(['Script', 'Stylesheet', 'XHR', 'Fetch', 'Preflight']);

/** Hosts that count visitors: nothing of what they send is shown, and their counts should not include us. */
const COUNTERS =
  /(?:^|\.)(?:hm\.baidu\.com|cnzz\.com|51\.la|51yes\.com|umeng\.com|growingio\.com|sensorsdata\.cn|google-analytics\.com|googletagmanager\.com|doubleclick\.net|scorecardresearch\.com|clarity\.ms|irs01\.com|miaozhen\.com|admaster\.com\.cn)$/;

/** Whether a page gets what it asks for beyond its own document. */
export function mayAsk(kind: string, url: URL): boolean {
  return KINDS.has(kind) && /^(?:https?|data|blob):$/.test(url.protocol) && !COUNTERS.test(url.hostname);
}

/**
 * Runs before the page's own scripts and takes away what headers cannot: other ways of talking to the network than HTTP,
 * and windows. A page that finds them missing goes on as in a browser that lacks them.
 */
export const BEFORE_SCRIPTS = `(() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport', 'SharedWorker', 'Notification'])
    try { Object.defineProperty(window, name, { value: undefined }); } catch {}
  try { Object.defineProperty(window, 'open', { value: () => null }); } catch {}
  try { Object.defineProperty(Navigator.prototype, 'sendBeacon', { value: () => true }); } catch {}
  addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a[target], area[target]');
    if (link) link.removeAttribute('target');
  }, true);
})()`;
