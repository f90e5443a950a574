import type { ReleaseContent, ReleaseDetails } from '../../../config/release-content.ts';
import type { ReleaseDocument } from '../../../config/release-document.ts';
import type { ReleaseType } from '../../../config/release-types.ts';
import type { Draft } from './autosave.svelte.ts';

/** A release while it is written. Documents are replaced as a whole: the page need not watch each of their words. */
export class ReleaseDraft {
  type: ReleaseType = $state('notice');
  title = $state('');
  summary = $state('');
  document = $state.raw<ReleaseDocument>({ type: 'doc', content: [] });
  wechatDocument = $state.raw<ReleaseDocument | null>(null);
  details = $state() as ReleaseDetails;
  urgent = $state(false);
  /** ISO, UTC. */
  embargoUntil = $state<string | null>(null);

  constructor(content: ReleaseContent, urgent: boolean, embargoUntil: Date | null) {
    this.take(content);
    this.urgent = urgent;
    this.embargoUntil = embargoUntil?.toISOString() ?? null;
  }

  take(content: ReleaseContent): void {
    [this.type, this.title, this.summary] = [content.type, content.title, content.summary];
    this.document = content.document;
    this.wechatDocument = content.details.wechat.document;
    this.details = copyOf(content.details);
  }

  get content(): ReleaseContent {
    const { type, title, summary, document } = this;
    const details = $state.snapshot(this.details) as ReleaseDetails;
    return {
      ...{ type, title, summary, document },
      details: { ...details, wechat: { ...details.wechat, document: this.wechatDocument } },
    };
  }

  get whole(): Draft {
    return { content: this.content, urgent: this.urgent, embargoUntil: this.embargoUntil };
  }
}

/** Without WeChat's own text, which is kept beside it. */
function copyOf(details: ReleaseDetails): ReleaseDetails {
  return structuredClone({ ...details, wechat: { ...details.wechat, document: null } });
}
