export type WechatComment = {
  id: number;
  openid: string;
  at: number;
  text: string;
  elected: boolean;
  reply: { content: string; create_time: number } | null;
};

/** An article as it lies in the draft box, under the names of the interface. */
export type NewsItem = {
  article_type: 'news' | 'newspic';
  title: string;
  author: string;
  digest: string;
  content: string;
  content_source_url: string;
  thumb_media_id: string;
  need_open_comment: 0 | 1;
  only_fans_can_comment: 0 | 1;
  image_info?: { image_list: { image_media_id: string }[] };
};

export type WechatArticle = {
  /** The platform's `msg_data_id`. */
  message: number;
  /** From 1 on. */
  place: number;
  title: string;
  at: number;
  /** Sent to followers, which the list of published articles leaves out. */
  sent: boolean;
  deleted: boolean;
  commentable: boolean;
  comments: WechatComment[];
  /** Null: put there by a test with no more than a title. */
  item: NewsItem | null;
  /** Taken down by the platform. */
  blocked: boolean;
  reads: number;
  shares: number;
  likes: number;
};

export type WechatDraft = { mediaId: string; items: NewsItem[]; createdAt: number; updatedAt: number };

/** What becomes of a publication: success, originality, ordinary failure, refused by review. */
export type Outcome = 0 | 2 | 3 | 4;

export type WechatJob = {
  publishId: number;
  message: number;
  mediaId: string;
  items: NewsItem[];
  at: number;
  endsAt: number;
  outcome: Outcome;
  /** 1 until it has ended; 5 and 6 come after 0. */
  status: 0 | 1 | 2 | 3 | 4 | 5 | 6;
};

export type WechatSending = {
  id: number;
  message: number | null;
  clientId: string | null;
  items: NewsItem[];
  text: string | null;
  at: number;
  endsAt: number;
  /** `send success`, `send fail`, `err(10001)` … */
  outcome: string;
  status: 'SENDING' | 'SEND_SUCCESS' | 'SEND_FAIL' | 'DELETE';
};

export type MaterialKind = 'image' | 'voice' | 'video' | 'thumb';
export type Material = {
  mediaId: string;
  kind: MaterialKind;
  name: string;
  at: number;
  /** Null: of a picture that was uploaded for a text, or of a kind that has no address. */
  url: string | null;
  permanent: boolean;
  video: { title: string; description: string } | null;
};

/** Where the platform tells what happened, and how. */
export type Callback = { url: string; token: string; aesKey?: string; mode: 'plain' | 'compat' | 'aes' };

/** How long parts of an article may be. Observers disagree: hence settable, in characters or in bytes of UTF-8. */
export type WechatLimits = {
  unit: 'characters' | 'bytes';
  title: number;
  author: number;
  digest: number;
  /** Of the content, in characters whatever the unit. */
  content: number;
  contentBytes: number;
  sourceUrlBytes: number;
  articles: number;
  newspicText: number;
  newspicImages: number;
};
